package dev.cacheproof.junit;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A cache of the application's own kind, which counts how many times it was made cold. */
final class CountedCache implements CacheHandle {

    private final AtomicInteger resets = new AtomicInteger();

    /** Returns the number of resets since the last call. */
    int takeResets() {
        return resets.getAndSet(0);
    }

    @Override
    public String kind() {
        return "counted";
    }

    @Override
    public String strategy() {
        return "count";
    }

    @Override
    public void reset() {
        resets.incrementAndGet();
    }

    @Override
    public CacheView view() {
        return new CacheView(0, List.of(), -1);
    }
}
