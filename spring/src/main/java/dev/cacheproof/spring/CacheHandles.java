package dev.cacheproof.spring;

import dev.cacheproof.CacheAdapter;
import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.support.NoOpCache;

/** Decides how a cache of Spring is made cold and looked at: as what is behind it, where that is known. Thread-safe. */
final class CacheHandles {

    private static final CacheView UNKNOWN = CacheView.of(0, List.of(), -1);

    private final List<CacheAdapter> adapters = ServiceLoader.load(CacheAdapter.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();

    private final RedisContext redis;

    CacheHandles(RedisContext redis) {
        this.redis = redis;
    }

    /** Returns the cache behind those that only defer writes: what is deferred is not isolated. */
    static Cache target(Cache cache) {
        return Libraries.TRANSACTIONAL_CACHES ? TransactionalCaches.target(cache) : cache;
    }

    CacheHandle of(String id, Cache cache) {
        if (cache instanceof NoOpCache) {
            return new Nothing("NoOpCache", true);
        }
        Object library = cache.getNativeCache();
        if (library == null) {
            return new Plain(cache); // a mock, of whatever class
        }
        if (Libraries.REDIS && RedisCaches.isOne(cache)) {
            return RedisCaches.handle(cache, redis);
        }
        if (Libraries.JCACHE && library instanceof javax.cache.Cache<?, ?> jcache) {
            return new JCacheHandle(jcache);
        }
        Object asynchronous = Libraries.CAFFEINE ? CaffeineCaches.asynchronous(cache) : null;
        CacheHandle behind = ofLibrary(id, asynchronous == null ? library : asynchronous);
        return behind == null ? new Plain(cache) : new Backed(cache, behind);
    }

    /** Says whether a cache lies in this process, in a library that keeps nothing for all of it, or under a prefix of its own. */
    static boolean isOfItsContext(CacheHandle handle) {
        return handle instanceof Backed || handle instanceof Nothing || (Libraries.REDIS && RedisCaches.isOwn(handle));
    }

    /** Returns how a cache of a library is handled; null if it is of none that is known. */
    @Nullable
    CacheHandle ofLibrary(String id, Object cache) {
        if (Libraries.JCACHE && cache instanceof javax.cache.Cache<?, ?> jcache) {
            return new JCacheHandle(jcache);
        }
        for (CacheAdapter adapter : adapters) {
            try {
                CacheHandle handle = adapter.adapt(id, cache);
                if (handle != null) {
                    return handle;
                }
            } catch (IllegalStateException aClientAndNoCache) {
                return null;
            }
        }
        return null;
    }

    /** Returns the handle of a cache that is gone before it was met. */
    CacheHandle ofNothing() {
        return new Nothing("cache that was removed", false);
    }

    /** A cache that keeps nothing. */
    private record Nothing(String kind, boolean storesNothing) implements CacheHandle {

        @Override
        public String strategy() {
            return "is always cold";
        }

        @Override
        public void reset() {}

        @Override
        public CacheView view() {
            return UNKNOWN;
        }
    }

    /** A cache that is known as Spring's interface alone. */
    private record Plain(Cache cache) implements CacheHandle {

        @Override
        public String kind() {
            return cache.getClass().getSimpleName();
        }

        @Override
        public String strategy() {
            return "invalidate";
        }

        /** Never {@code clear}: it may be deferred to the end of a transaction, which a test does not commit. */
        @Override
        public void reset() {
            cache.invalidate();
        }

        @Override
        public CacheView view() {
            return UNKNOWN;
        }
    }

    /** A cache over one of a library that is known. */
    private record Backed(Cache cache, CacheHandle library) implements CacheHandle {

        @Override
        public String kind() {
            return cache.getClass().getSimpleName() + " over " + library.kind();
        }

        @Override
        public String strategy() {
            return "invalidate; " + library.strategy();
        }

        @Override
        public void reset() throws Exception {
            cache.invalidate();
            library.reset();
        }

        @Override
        public boolean isPerThread() {
            return library.isPerThread();
        }

        @Override
        public void resetThread() {
            library.resetThread();
        }

        @Override
        public boolean outlivesProcess() {
            return library.outlivesProcess();
        }

        @Override
        public boolean writesAfterReset() {
            return library.writesAfterReset();
        }

        @Override
        public boolean isLoading(StackTraceElement frame) {
            return library.isLoading(frame);
        }

        @Override
        public CacheView view() {
            return library.view();
        }
    }
}
