package dev.cacheproof.samples.tiered;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tiered caches whose tiers are broken, each in one way, for the contract to reject. */
final class TierMutantTestCase {

    private TierMutantTestCase() {}

    @RejectedBy("aRequestFindsWhatItHasSetWithoutARoundTrip")
    static class AsksTheServerEachTime extends TieredCacheMutants.BrokenGet {
        @Override
        CachedResponse<String> brokenGet(String key, TieredCache<String> cache) {
            CachedResponse<String> response = cache.get(key);
            if (!RequestScope.isMissForced() && !remote.readsFail) {
                remote.get(key);
            }
            return response;
        }
    }

    @RejectedBy({
        "aCopyOutlivesItsEntryAndNoDelete",
        "aLostDeleteIsTold",
        "aMissIsNotRemembered",
        "anEmptyTextIsFoundByTheNextRequest",
        "everyFailureIsCounted",
        "nullIsFoundByTheNextRequest",
        "severalKeysCostOneRoundTrip",
        "theNextRequestFindsWhatWasSet",
        "ttlsAreSpreadAndNeverLonger",
        "whatIsWrittenDuringALoadIsNotOverwritten",
        "whatTheServerGaveIsKeptUntilTheRequestEnds",
        "whileOneRecomputesAnotherIsGivenTheCopy",
        "withoutARequestNothingIsKeptButRemotely"
    })
    static class ForgetsTheServer extends TieredCacheMutants.BrokenSet {
        @Override
        void brokenSet(String key, @Nullable String value, Duration ttl, TieredCache<String> cache) {
            requestTier().set(key, value);
        }
    }

    @RejectedBy("theNextRequestFindsAllThatWasSetTogether")
    static class SetsOneByOne extends TieredCacheMutants.Healthy {
        @Override
        Tiers tiers(TierPolicy policy) {
            return new Tiers(cache(policy)) {
                @Override
                void setAllTiers(Map<String, String> values, Duration ttl) {
                    values.forEach((key, value) -> setAllTiers(key, value, ttl));
                }
            };
        }
    }

    @RejectedBy({"nullIsFoundByTheSameRequest", "nullIsFoundByTheNextRequest"})
    static class TakesNullForAMiss extends TieredCacheMutants.BrokenGet {
        @Override
        CachedResponse<String> brokenGet(String key, TieredCache<String> cache) {
            CachedResponse<String> response = cache.get(key);
            return response.orElse(null) == null ? CachedResponse.miss(key) : response;
        }
    }

    @RejectedBy("anEmptyTextIsFoundByTheNextRequest")
    static class TakesEmptyForAMiss extends TieredCacheMutants.BrokenGet {
        @Override
        CachedResponse<String> brokenGet(String key, TieredCache<String> cache) {
            CachedResponse<String> response = cache.get(key);
            return "".equals(response.orElse(null)) ? CachedResponse.miss(key) : response;
        }
    }

    @RejectedBy("aTtlOfZeroKeepsTheValueForTheRequest")
    static class TakesZeroForADelete extends TieredCacheMutants.BrokenSet {
        @Override
        void brokenSet(String key, @Nullable String value, Duration ttl, TieredCache<String> cache) {
            cache.setAllTiers(key, value, ttl);
            if (ttl.isZero() && key.equals(KEY)) {
                cache.deleteAllTiers(key);
            }
        }
    }

    @RejectedBy({"aTtlOfZeroRemovesWhatTheServerHas", "aLostDeleteIsTold"})
    static class LeavesTheServerAloneAtZero extends TieredCacheMutants.BrokenSet {
        @Override
        void brokenSet(String key, @Nullable String value, Duration ttl, TieredCache<String> cache) {
            if (ttl.isZero()) {
                requestTier().set(key, value);
            } else {
                cache.setAllTiers(key, value, ttl);
            }
        }
    }

    @RejectedBy("whatTheServerGaveIsKeptUntilTheRequestEnds")
    static class KeepsNothingFromTheServer extends TieredCacheMutants.BrokenGet {
        @Override
        CachedResponse<String> brokenGet(String key, TieredCache<String> cache) {
            CachedResponse<String> known = requestTier().get(key);
            CachedResponse<String> response = cache.get(key);
            if (!known.isFound()) {
                requestTier().delete(key);
            }
            return response;
        }
    }

    @RejectedBy("whatARequestKeptEndsWithIt")
    static class LeaksIntoTheNextRequest extends TieredCacheMutants.BrokenGet {
        private final Map<String, CachedResponse<String>> leaked = new HashMap<>();

        @Override
        CachedResponse<String> brokenGet(String key, TieredCache<String> cache) {
            CachedResponse<String> response = cache.get(key);
            if (response.isFound() && RequestScope.current() != null) {
                leaked.put(key, response);
            }
            return response.isFound() || RequestScope.isMissForced() ? response : leaked.getOrDefault(key, response);
        }
    }

    @RejectedBy("aMissIsNotRemembered")
    static class RemembersAMiss extends TieredCacheMutants.BrokenGet {
        private final Map<RequestScope, CachedResponse<String>> missed = new HashMap<>();

        @Override
        CachedResponse<String> brokenGet(String key, TieredCache<String> cache) {
            RequestScope request = RequestScope.current();
            CachedResponse<String> response = missed.containsKey(request) ? missed.get(request) : cache.get(key);
            if (request != null && !response.isFound() && !RequestScope.isMissForced()) {
                missed.put(request, response);
            }
            return response;
        }
    }

    @RejectedBy("withoutARequestNothingIsKeptButRemotely")
    static class LeaksIntoTheThread extends TieredCacheMutants.BrokenGet {
        private final ThreadLocal<Map<String, CachedResponse<String>>> leaked = ThreadLocal.withInitial(HashMap::new);

        @Override
        CachedResponse<String> brokenGet(String key, TieredCache<String> cache) {
            CachedResponse<String> response = cache.get(key);
            if (RequestScope.current() == null && response.isFound()) {
                leaked.get().put(key, response);
            }
            return RequestScope.current() == null ? leaked.get().getOrDefault(key, response) : response;
        }
    }

    @RejectedBy({"severalKeysCostOneRoundTrip"})
    static class GetsOneByOne extends TieredCacheMutants.Healthy {
        @Override
        Tiers tiers(TierPolicy policy) {
            return new Tiers(cache(policy)) {
                @Override
                Map<String, CachedResponse<String>> getAll(Collection<String> keys) {
                    Map<String, CachedResponse<String>> responses = new LinkedHashMap<>();
                    keys.forEach(key -> responses.put(key, get(key)));
                    return responses;
                }
            };
        }
    }

    @RejectedBy("whatIsDeletedIsGoneFromBothTiers")
    static class DeletesFromTheServerAlone extends TieredCacheMutants.BrokenDelete {
        @Override
        void brokenDelete(TieredCache<String> cache, String... keys) {
            Map<String, @Nullable String> kept = new HashMap<>();
            for (String key : keys) {
                CachedResponse<String> known = requestTier().get(key);
                if (known.isFound()) {
                    kept.put(key, known.value());
                }
            }
            cache.deleteAllTiers(keys);
            kept.forEach(requestTier()::set);
        }
    }

    @RejectedBy("whatIsDeletedIsGoneFromBothTiers")
    static class DeletesTheFirstKeyAlone extends TieredCacheMutants.BrokenDelete {
        @Override
        void brokenDelete(TieredCache<String> cache, String... keys) {
            cache.deleteAllTiers(keys[0]);
        }
    }

    @RejectedBy({
        "aCopyOutlivesItsEntryAndNoDelete",
        "aLostDeleteIsTold",
        "aLostDeleteMayBeBoundedByTheTtl",
        "whatIsDeletedDuringALoadIsNotCached",
        "whatIsDeletedIsGoneFromBothTiers",
        "whatIsDeletedWhileALoadedValueIsStoredIsNotCached"
    })
    static class DeletesFromTheRequestAlone extends TieredCacheMutants.BrokenDelete {
        @Override
        void brokenDelete(TieredCache<String> cache, String... keys) {
            for (String key : keys) {
                requestTier().delete(key);
            }
        }
    }

    @RejectedBy("aLostDeleteIsTold")
    static class SwallowsALostDelete extends TieredCacheMutants.BrokenDelete {
        @Override
        void brokenDelete(TieredCache<String> cache, String... keys) {
            try {
                cache.deleteAllTiers(keys);
            } catch (RemoteCacheException swallowed) {
                requestTier().delete(keys[0]);
            }
        }
    }

    @RejectedBy("aLostDeleteMayBeBoundedByTheTtl")
    static class TellsALostDeleteThatIsBounded extends TieredCacheMutants.Healthy {
        @Override
        Tiers tiers(TierPolicy policy) {
            return super.tiers(new TierPolicy(
                    policy.clock(), policy.jitter(), policy.random(), null, policy.staleWhileRecomputing()));
        }
    }

    @RejectedBy("aLostDeleteMayBeBoundedByTheTtl")
    static class BoundsNoTtl extends TieredCacheMutants.Healthy {
        @Override
        Tiers tiers(TierPolicy policy) {
            return super.tiers(policy.longestStale() == null ? policy : policy.boundingLostDeletes(TTL));
        }
    }

    @RejectedBy("aForcedMissSkipsTheServer")
    static class IgnoresAForcedMiss extends TieredCacheMutants.BrokenGet {
        @Override
        CachedResponse<String> brokenGet(String key, TieredCache<String> cache) {
            CachedResponse<String> response = cache.get(key);
            if (response.isFound() || !RequestScope.isMissForced()) {
                return response;
            }
            try (RequestScope unforced = RequestScope.open()) {
                return cache.get(key);
            }
        }
    }

    @RejectedBy("aFailedReadIsAMiss")
    static class ThrowsAFailedRead extends TieredCacheMutants.BrokenGet {
        @Override
        CachedResponse<String> brokenGet(String key, TieredCache<String> cache) {
            CachedResponse<String> response = cache.get(key);
            if (remote.readsFail && !remote.writesFail) {
                throw new RemoteCacheException("the server is down", null);
            }
            return response;
        }
    }

    @RejectedBy({"aFailedWriteKeepsTheValueForTheRequest", "everyFailureIsCounted"})
    static class ThrowsAFailedWrite extends TieredCacheMutants.BrokenSet {
        @Override
        void brokenSet(String key, @Nullable String value, Duration ttl, TieredCache<String> cache) {
            cache.setAllTiers(key, value, ttl);
            if (remote.writesFail) {
                throw new RemoteCacheException("the server is down", null);
            }
        }
    }

    @RejectedBy("aFailedWriteKeepsTheValueForTheRequest")
    static class KeepsNothingIfTheWriteFails extends TieredCacheMutants.BrokenSet {
        @Override
        void brokenSet(String key, @Nullable String value, Duration ttl, TieredCache<String> cache) {
            cache.setAllTiers(key, value, ttl);
            if (remote.writesFail) {
                requestTier().delete(key);
            }
        }
    }

    @RejectedBy({"everyFailureIsCounted", "aLostDeleteMayBeBoundedByTheTtl"})
    static class CountsNoFailure extends TieredCacheMutants.Healthy {
        @Override
        Tiers tiers(TierPolicy policy) {
            return new Tiers(cache(policy)) {
                @Override
                long remoteFailures() {
                    return 0;
                }
            };
        }
    }

    @RejectedBy("whatCannotBeReadIsAMissAndIsReplaced")
    static class ThrowsWhatCannotBeRead extends TieredCacheMutants.BrokenGet {
        @Override
        CachedResponse<String> brokenGet(String key, TieredCache<String> cache) {
            long failures = cache.remoteFailures();
            CachedResponse<String> response = cache.get(key);
            if (cache.remoteFailures() > failures && !remote.readsFail) {
                throw new IllegalStateException("unreadable");
            }
            return response;
        }
    }

    @RejectedBy("ttlsAreSpreadAndNeverLonger")
    static class ExpiresAllAtOnce extends TieredCacheMutants.Healthy {
        @Override
        Tiers tiers(TierPolicy policy) {
            return super.tiers(policy.withJitter(0));
        }
    }

    @RejectedBy({"aCopyOutlivesItsEntryAndNoDelete", "ttlsAreSpreadAndNeverLonger"})
    static class KeepsLongerThanAsked extends TieredCacheMutants.BrokenSet {
        @Override
        void brokenSet(String key, @Nullable String value, Duration ttl, TieredCache<String> cache) {
            cache.setAllTiers(key, value, ttl.multipliedBy(11).dividedBy(10));
        }
    }

    @RejectedBy({"aCopyOutlivesItsEntryAndNoDelete", "whileOneRecomputesAnotherIsGivenTheCopy"})
    static class KeepsNoCopy extends TieredCacheMutants.Healthy {
        @Override
        Tiers tiers(TierPolicy policy) {
            return super.tiers(
                    new TierPolicy(policy.clock(), policy.jitter(), policy.random(), policy.longestStale(), null));
        }
    }

    @RejectedBy("aCopyOutlivesItsEntryAndNoDelete")
    static class DeletesNoCopy extends TieredCacheMutants.BrokenDelete {
        @Override
        void brokenDelete(TieredCache<String> cache, String... keys) {
            Map<String, byte[]> copies = remote.getAll(remote.keys());
            copies.keySet().removeIf(key -> !key.startsWith(keys[0]) || key.equals(keys[0]));
            cache.deleteAllTiers(keys);
            copies.forEach((key, copy) -> remote.set(key, copy, TTL));
        }
    }
}
