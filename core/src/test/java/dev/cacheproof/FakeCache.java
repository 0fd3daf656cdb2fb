package dev.cacheproof;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A cache whose reset the test writes. */
class FakeCache implements CacheHandle {

    final AtomicInteger resets = new AtomicInteger();
    private final Work work;

    /** What a reset does. */
    interface Work {
        void run() throws Exception;
    }

    FakeCache() {
        this(() -> {});
    }

    FakeCache(Work work) {
        this.work = work;
    }

    @Override
    public String kind() {
        return "fake";
    }

    @Override
    public String strategy() {
        return "count";
    }

    @Override
    public void reset() throws Exception {
        resets.incrementAndGet();
        work.run();
    }

    @Override
    public CacheView view() {
        return new CacheView(3, List.of("a", "b", "c"), -1);
    }
}
