package dev.cacheproof.samples.tiered;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the contract asks of a tiered cache. A mutant overrides a part of it. */
class Tiers {

    private final TieredCache<String> cache;

    Tiers(TieredCache<String> cache) {
        this.cache = cache;
    }

    CachedResponse<String> get(String key) {
        return cache.get(key);
    }

    Map<String, CachedResponse<String>> getAll(Collection<String> keys) {
        return cache.getAll(keys);
    }

    void setAllTiers(String key, @Nullable String value, Duration ttl) {
        cache.setAllTiers(key, value, ttl);
    }

    void setAllTiers(Map<String, String> values, Duration ttl) {
        cache.setAllTiers(values, ttl);
    }

    void deleteAllTiers(String... keys) {
        cache.deleteAllTiers(keys);
    }

    @Nullable
    String getOrLoad(String key, Duration ttl, Supplier<@Nullable String> load) {
        return cache.getOrLoad(key, ttl, load);
    }

    void writeThrough(String key, @Nullable String value, Duration ttl, Runnable store) {
        cache.writeThrough(key, value, ttl, store);
    }

    long remoteFailures() {
        return cache.remoteFailures();
    }
}
