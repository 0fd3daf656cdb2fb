package dev.cacheproof.spring;

import com.github.benmanes.caffeine.cache.AsyncCache;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.caffeine.CaffeineCache;

/** Caffeine, as Spring wraps it. */
final class CaffeineCaches {

    private CaffeineCaches() {}

    /** Returns the asynchronous cache that this one is a view of; null if it is none. */
    static @Nullable AsyncCache<?, ?> asynchronous(Cache cache) {
        if (!(cache instanceof CaffeineCache caffeine)) {
            return null;
        }
        try {
            return caffeine.getAsyncCache();
        } catch (IllegalStateException synchronous) {
            return null;
        }
    }

    @SuppressWarnings("ReferenceEquality") // two caches that are equal are still two
    static boolean isAsynchronous(Cache cache, Object async) {
        return async == asynchronous(cache);
    }
}
