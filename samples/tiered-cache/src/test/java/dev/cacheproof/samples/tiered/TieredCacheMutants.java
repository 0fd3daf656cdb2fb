package dev.cacheproof.samples.tiered;

import dev.cacheproof.TestClock;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A tiered cache that is healthy, and the operations of which mutants break one. */
final class TieredCacheMutants {

    private TieredCacheMutants() {}

    /** Nothing is broken here. */
    static class Healthy extends TieredCacheContract {
        @Override
        RemoteCache backend() {
            return new LocalRemoteCache(TestClock.create());
        }

        TieredCache<String> cache(TierPolicy policy) {
            return new TieredCache<>("outlines", remote, Serializer.ofText(), policy);
        }
    }

    /** A broken look-up. */
    abstract static class BrokenGet extends Healthy {
        abstract CachedResponse<String> brokenGet(String key, TieredCache<String> cache);

        @Override
        Tiers tiers(TierPolicy policy) {
            TieredCache<String> cache = cache(policy);
            return new Tiers(cache) {
                @Override
                CachedResponse<String> get(String key) {
                    return brokenGet(key, cache);
                }
            };
        }
    }

    /** A broken set. */
    abstract static class BrokenSet extends Healthy {
        abstract void brokenSet(String key, @Nullable String value, Duration ttl, TieredCache<String> cache);

        @Override
        Tiers tiers(TierPolicy policy) {
            TieredCache<String> cache = cache(policy);
            return new Tiers(cache) {
                @Override
                void setAllTiers(String key, @Nullable String value, Duration ttl) {
                    brokenSet(key, value, ttl, cache);
                }
            };
        }
    }

    /** A broken delete. */
    abstract static class BrokenDelete extends Healthy {
        abstract void brokenDelete(TieredCache<String> cache, String... keys);

        @Override
        Tiers tiers(TierPolicy policy) {
            TieredCache<String> cache = cache(policy);
            return new Tiers(cache) {
                @Override
                void deleteAllTiers(String... keys) {
                    brokenDelete(cache, keys);
                }
            };
        }
    }

    /** A broken read-through. */
    abstract static class BrokenLoad extends Healthy {
        abstract @Nullable String brokenLoad(String key, Supplier<@Nullable String> load, TieredCache<String> cache);

        @Override
        Tiers tiers(TierPolicy policy) {
            TieredCache<String> cache = cache(policy);
            return new Tiers(cache) {
                @Override
                @Nullable
                String getOrLoad(String key, Duration ttl, Supplier<@Nullable String> load) {
                    return brokenLoad(key, load, cache);
                }
            };
        }
    }

    /** A broken write-through. */
    abstract static class BrokenWriteThrough extends Healthy {
        abstract void brokenWrite(String key, @Nullable String value, Runnable store, TieredCache<String> cache);

        @Override
        Tiers tiers(TierPolicy policy) {
            TieredCache<String> cache = cache(policy);
            return new Tiers(cache) {
                @Override
                void writeThrough(String key, @Nullable String value, Duration ttl, Runnable store) {
                    brokenWrite(key, value, store, cache);
                }
            };
        }
    }
}
