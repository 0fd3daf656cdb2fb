package dev.cacheproof.spring;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/** A cache of Spring, by its name: what is behind that may be replaced. Thread-safe. */
final class SpringCache implements CacheHandle {

    private final String id;
    private final Supplier<@Nullable Cache> now;
    private final CacheHandles handles;

    /** The cache that was met last, and how it is handled. */
    private volatile @Nullable Handled last;

    private record Handled(Cache cache, CacheHandle handle) {}

    SpringCache(String id, Supplier<@Nullable Cache> now, CacheHandles handles) {
        this.id = id;
        this.now = now;
        this.handles = handles;
    }

    @SuppressWarnings("ReferenceEquality") // two caches that are equal are still two
    private CacheHandle handle() {
        Cache found = now.get();
        Handled known = last;
        if (found == null) {
            return known == null ? handles.ofNothing() : known.handle;
        }
        Cache cache = CacheHandles.target(found);
        if (known == null || known.cache != cache) {
            known = new Handled(cache, handles.of(id, cache));
            last = known;
        }
        return known.handle;
    }

    /** Says whether no other context can meet its entries, as it can those of a provider that the whole process has. */
    boolean liesInItsContext() {
        try {
            return CacheHandles.isOfItsContext(handle());
        } catch (RuntimeException | LinkageError broken) {
            // Told when it is to be made cold.
            return false;
        }
    }

    @Override
    public String kind() {
        return handle().kind();
    }

    @Override
    public String strategy() {
        return handle().strategy();
    }

    @Override
    public void reset() throws Exception {
        handle().reset();
    }

    @Override
    public boolean isPerThread() {
        return handle().isPerThread();
    }

    @Override
    public void resetThread() {
        handle().resetThread();
    }

    @Override
    public boolean storesNothing() {
        return handle().storesNothing();
    }

    @Override
    public boolean outlivesProcess() {
        return handle().outlivesProcess();
    }

    @Override
    public boolean writesAfterReset() {
        return !handle().storesNothing();
    }

    /** Asked for each frame of each thread. Spring's own interceptor puts what the method around that frame will return. */
    @Override
    public boolean isLoading(StackTraceElement frame) {
        Handled known = last;
        return frame.getClassName().equals("org.springframework.cache.interceptor.CacheInterceptor")
                || (known != null && known.handle.writesAfterReset() && known.handle.isLoading(frame));
    }

    @Override
    public CacheView view() {
        return handle().view();
    }
}
