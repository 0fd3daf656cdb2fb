package dev.cacheproof.cache;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheRegistry;

/** Resets one cache as the JUnit extension does. */
final class Reset {

    private Reset() {}

    static void of(Object cache) {
        engine(cache).reset();
    }

    static CacheIsolationEngine engine(Object cache) {
        return CacheIsolationEngine.of(
                CacheRegistry.create().addField("cache", "field cache", false, () -> cache, null));
    }
}
