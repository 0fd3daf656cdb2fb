package dev.cacheproof.cache;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.cacheproof.CacheAdapter;
import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import org.jspecify.annotations.Nullable;

/**
 * Caffeine. Its documentation leaves open what {@code invalidateAll()} does about an entry that is being loaded; in fact a
 * bounded cache writes it afterwards, an unbounded one blocks until it is written, and an asynchronous one drops it.
 */
final class CaffeineAdapter implements CacheAdapter {

    @Override
    public @Nullable CacheHandle adapt(String id, Object cache) {
        if (cache instanceof WatchedCaffeine<?, ?> watched) {
            return watched.handle();
        }
        if (cache instanceof AsyncCache<?, ?> async) {
            return new AsyncHandle(async);
        }
        return cache instanceof Cache<?, ?> sync ? new SyncHandle(sync) : null;
    }

    @Override
    public @Nullable Object watch(String id, Object cache) {
        if (cache instanceof WatchedCaffeine) {
            return cache;
        }
        if (cache instanceof LoadingCache<?, ?> loading) {
            return new WatchedCaffeine.Loading<>(id, loading);
        }
        return cache instanceof Cache<?, ?> sync ? new WatchedCaffeine<>(id, sync) : null;
    }

    @Override
    public String supported() {
        return "Caffeine's Cache and AsyncCache";
    }

    /** Evicts first what is over the bound or has expired: Caffeine puts that off, and would count it. */
    static CacheView view(Cache<?, ?> cache, long ownReads) {
        cache.cleanUp();
        long reads = cache.policy().isRecordingStats() ? cache.stats().requestCount() : ownReads;
        return CacheView.of(cache.estimatedSize(), cache.asMap().keySet(), reads);
    }

    /**
     * A load of one entry runs inside a compute method of the cache, one of many inside a bulk load, one for a refresh
     * inside a method of the loader that is named for it.
     */
    static boolean isCaffeineLoad(StackTraceElement frame) {
        String method = frame.getMethodName();
        return frame.getClassName().startsWith("com.github.benmanes.caffeine.cache.")
                && (method.contains("ompute") || method.contains("oad"));
    }

    private record SyncHandle(Cache<?, ?> cache) implements CacheHandle {
        @Override
        public String kind() {
            return "Caffeine cache";
        }

        @Override
        public String strategy() {
            return "wait for loads, then clear";
        }

        @Override
        public boolean writesAfterReset() {
            return true;
        }

        @Override
        public boolean isLoading(StackTraceElement frame) {
            return isCaffeineLoad(frame);
        }

        @Override
        public void reset() {
            cache.invalidateAll();
            cache.cleanUp();
        }

        @Override
        public CacheView view() {
            return CaffeineAdapter.view(cache, -1);
        }
    }

    private record AsyncHandle(AsyncCache<?, ?> cache) implements CacheHandle {
        @Override
        public String kind() {
            return "asynchronous Caffeine cache";
        }

        @Override
        public String strategy() {
            return "clear";
        }

        @Override
        public void reset() {
            cache.synchronous().invalidateAll();
            cache.synchronous().cleanUp();
        }

        @Override
        public CacheView view() {
            return CaffeineAdapter.view(cache.synchronous(), -1);
        }
    }
}
