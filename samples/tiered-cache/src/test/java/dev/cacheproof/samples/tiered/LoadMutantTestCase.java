package dev.cacheproof.samples.tiered;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tiered caches whose read-through or write-through is broken, each in one way, for the contract to reject. */
final class LoadMutantTestCase {

    private LoadMutantTestCase() {}

    @RejectedBy({"aForcedMissSupersedesALoadThatBeganBefore", "whatAForcedMissComputesIsCachedForAll"})
    static class KeepsAForcedMissToItself extends TieredCacheMutants.BrokenLoad {
        @Override
        @Nullable
        String brokenLoad(String key, Supplier<@Nullable String> load, TieredCache<String> cache) {
            return RequestScope.isMissForced() ? requestTier().getOrLoad(key, load) : cache.getOrLoad(key, TTL, load);
        }
    }

    @RejectedBy({
        "aForcedMissSupersedesALoadThatBeganBefore",
        "aNullThatWasLoadedIsNotLoadedAgain",
        "manyCallersMakeOneLoad",
        "whatAForcedMissComputesIsCachedForAll",
        "whatCannotBeReadIsAMissAndIsReplaced",
        "whatWasLoadedIsNotLoadedAgain",
        "whileOneRecomputesAnotherIsGivenTheCopy"
    })
    static class LoadsEachTime extends TieredCacheMutants.BrokenLoad {
        @Override
        @Nullable
        String brokenLoad(String key, Supplier<@Nullable String> load, TieredCache<String> cache) {
            return load.get();
        }
    }

    @RejectedBy("aNullThatWasLoadedIsNotLoadedAgain")
    static class CachesNoNull extends TieredCacheMutants.BrokenLoad {
        @Override
        @Nullable
        String brokenLoad(String key, Supplier<@Nullable String> load, TieredCache<String> cache) {
            String value = cache.getOrLoad(key, TTL, load);
            if (value == null) {
                cache.deleteAllTiers(key);
            }
            return value;
        }
    }

    @RejectedBy("aForcedMissIsGivenNoCopy")
    static class GivesAForcedMissTheCopy extends TieredCacheMutants.BrokenLoad {
        @Override
        @Nullable
        String brokenLoad(String key, Supplier<@Nullable String> load, TieredCache<String> cache) {
            byte[] copy = RequestScope.isMissForced() ? remote.get(key + "~copy") : null;
            return copy == null ? cache.getOrLoad(key, TTL, load) : new String(copy, 1, copy.length - 1, UTF_8);
        }
    }

    @RejectedBy("aLoadThatFailsIsThrownOnAndCachesNothing")
    static class CachesNullIfTheLoadFails extends TieredCacheMutants.BrokenLoad {
        @Override
        @Nullable
        String brokenLoad(String key, Supplier<@Nullable String> load, TieredCache<String> cache) {
            try {
                return cache.getOrLoad(key, TTL, load);
            } catch (IllegalStateException failed) {
                cache.setAllTiers(key, null, TTL);
                throw failed;
            }
        }
    }

    @RejectedBy({
        "aForcedMissSupersedesALoadThatBeganBefore",
        "whatIsDeletedDuringALoadIsNotCached",
        "whatIsDeletedWhileALoadedValueIsStoredIsNotCached",
        "whatIsWrittenDuringALoadIsNotOverwritten",
        "whatIsWrittenThroughDuringALoadIsNotOverwritten"
    })
    static class OverwritesWhatCameAfterTheLoad extends TieredCacheMutants.BrokenLoad {
        private final Map<String, Boolean> loaded = new ConcurrentHashMap<>();

        @Override
        @Nullable
        String brokenLoad(String key, Supplier<@Nullable String> load, TieredCache<String> cache) {
            loaded.clear();
            String value = cache.getOrLoad(key, TTL, () -> {
                String fresh = load.get();
                loaded.put(key, true);
                return fresh;
            });
            if (loaded.containsKey(key)) {
                cache.setAllTiers(key, value, TTL);
            }
            return value;
        }
    }

    @RejectedBy({
        "aForcedMissSupersedesALoadThatBeganBefore",
        "manyCallersMakeOneLoad",
        "whatIsDeletedDuringALoadIsNotCached",
        "whatIsDeletedWhileALoadedValueIsStoredIsNotCached",
        "whatIsWrittenDuringALoadIsNotOverwritten",
        "whatIsWrittenThroughDuringALoadIsNotOverwritten",
        "whileOneRecomputesAnotherIsGivenTheCopy"
    })
    static class LetsEveryCallerLoad extends TieredCacheMutants.BrokenLoad {
        @Override
        @Nullable
        String brokenLoad(String key, Supplier<@Nullable String> load, TieredCache<String> cache) {
            CachedResponse<String> cached = cache.get(key);
            if (cached.isFound()) {
                return cached.value();
            }
            String value = load.get();
            cache.setAllTiers(key, value, TTL);
            return value;
        }
    }

    @RejectedBy({
        "aFailedWriteThroughRemovesWhatTheServerHad",
        "aFailedWriteThroughThatLeavesTheOldValueIsTold",
        "whatIsWrittenThroughDuringALoadIsNotOverwritten",
        "whatWasWrittenThroughIsFoundByAll"
    })
    static class StoresOnly extends TieredCacheMutants.BrokenWriteThrough {
        @Override
        void brokenWrite(String key, @Nullable String value, Runnable store, TieredCache<String> cache) {
            store.run();
        }
    }

    @RejectedBy("whatCouldNotBeStoredIsNotCached")
    static class CachesBeforeItStores extends TieredCacheMutants.BrokenWriteThrough {
        @Override
        void brokenWrite(String key, @Nullable String value, Runnable store, TieredCache<String> cache) {
            cache.writeThrough(key, value, TTL, () -> {});
            store.run();
        }
    }

    @RejectedBy({"aFailedWriteThroughRemovesWhatTheServerHad", "aFailedWriteThroughThatLeavesTheOldValueIsTold"})
    static class LeavesTheOldValue extends TieredCacheMutants.BrokenWriteThrough {
        @Override
        void brokenWrite(String key, @Nullable String value, Runnable store, TieredCache<String> cache) {
            store.run();
            cache.setAllTiers(key, value, TTL);
        }
    }

    @RejectedBy("aFailedWriteThroughThatLeavesTheOldValueIsTold")
    static class SwallowsAFailedWriteThrough extends TieredCacheMutants.BrokenWriteThrough {
        @Override
        void brokenWrite(String key, @Nullable String value, Runnable store, TieredCache<String> cache) {
            try {
                cache.writeThrough(key, value, TTL, store);
            } catch (RemoteCacheException swallowed) {
                requestTier().set(key, value);
            }
        }
    }
}
