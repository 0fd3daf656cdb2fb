package dev.cacheproof.samples.tiered;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cacheproof.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Remote caches that are broken, each in one way, for the contract to reject. */
final class RemoteCacheMutantTestCase {

    private RemoteCacheMutantTestCase() {}

    /** Nothing is broken here. */
    static class Healthy extends RemoteCacheContract {
        @Override
        RemoteCache open(String name) {
            return new Delegate();
        }
    }

    /** A healthy cache, of which a mutant overrides a part. */
    static class Delegate implements RemoteCache {
        final RemoteCache healthy = new LocalRemoteCache(TestClock.create());

        @Override
        public byte @Nullable [] get(String key) {
            return healthy.get(key);
        }

        @Override
        public Map<String, byte[]> getAll(Collection<String> keys) {
            return healthy.getAll(keys);
        }

        @Override
        public void set(String key, byte[] value, Duration ttl) {
            healthy.set(key, value, ttl);
        }

        @Override
        public void setAll(Map<String, byte[]> values, Supplier<Duration> ttl) {
            healthy.setAll(values, ttl);
        }

        @Override
        public void delete(String key) {
            healthy.delete(key);
        }

        @Override
        public void deleteAll(Collection<String> keys) {
            healthy.deleteAll(keys);
        }

        @Override
        public void clear() {
            healthy.clear();
        }
    }

    @RejectedBy({"findsNothingBeforeItIsSet", "sharesNoKeyWithAnotherCache", "refusesATtlThatIsNotPositive"})
    static class AnswersAMissWithEmpty extends Healthy {
        @Override
        RemoteCache open(String name) {
            return new Delegate() {
                @Override
                public byte[] get(String key) {
                    byte[] value = super.get(key);
                    return value == null ? new byte[0] : value;
                }
            };
        }
    }

    @RejectedBy({
        "findsWhatWasSet",
        "findsTheNewestOfWhatWasSet",
        "keepsAnyByteAndAnyKey",
        "keepsValuesThatNobodyElseCanChange",
        "findsThoseOfSeveralKeysThatAreThere",
        "clearsAllOfItsKeysAndNoOther",
        "refusesATtlThatIsNotPositive"
    })
    static class StoresNothing extends Healthy {
        @Override
        RemoteCache open(String name) {
            return new Delegate() {
                @Override
                public void set(String key, byte[] value, Duration ttl) {
                    // nothing
                }
            };
        }
    }

    @RejectedBy("findsTheNewestOfWhatWasSet")
    static class KeepsTheOldest extends Healthy {
        @Override
        RemoteCache open(String name) {
            return new Delegate() {
                @Override
                public void set(String key, byte[] value, Duration ttl) {
                    if (get(key) == null) {
                        super.set(key, value, ttl);
                    }
                }
            };
        }
    }

    @RejectedBy("keepsAnyByteAndAnyKey")
    static class TakesBytesForText extends Healthy {
        @Override
        RemoteCache open(String name) {
            return new Delegate() {
                @Override
                public void set(String key, byte[] value, Duration ttl) {
                    super.set(key, new String(value, UTF_8).getBytes(UTF_8), ttl);
                }
            };
        }
    }

    @RejectedBy("keepsValuesThatNobodyElseCanChange")
    static class SharesItsArrays extends Healthy {
        @Override
        RemoteCache open(String name) {
            return new Delegate() {
                private final Map<String, byte[]> shared = new HashMap<>();

                @Override
                public void set(String key, byte[] value, Duration ttl) {
                    super.set(key, value, ttl);
                    shared.put(key, value);
                }

                @Override
                public byte @Nullable [] get(String key) {
                    byte[] value = super.get(key);
                    return value == null ? null : shared.getOrDefault(key, value);
                }
            };
        }
    }

    @RejectedBy("findsThoseOfSeveralKeysThatAreThere")
    static class GivesAllKeysOneValue extends Healthy {
        @Override
        RemoteCache open(String name) {
            return new Delegate() {
                @Override
                public Map<String, byte[]> getAll(Collection<String> keys) {
                    Map<String, byte[]> found = super.getAll(keys);
                    found.replaceAll((key, value) -> found.values().iterator().next());
                    return found;
                }
            };
        }
    }

    @RejectedBy({"findsAllThatWasSetTogether", "deletesOneKey", "deletesSeveralKeys"})
    static class SetsNothingTogether extends Healthy {
        @Override
        RemoteCache open(String name) {
            return new Delegate() {
                @Override
                public void setAll(Map<String, byte[]> values, Supplier<Duration> ttl) {
                    // nothing
                }
            };
        }
    }

    @RejectedBy("deletesOneKey")
    static class DeletesNothing extends Healthy {
        @Override
        RemoteCache open(String name) {
            return new Delegate() {
                @Override
                public void delete(String key) {
                    // nothing
                }
            };
        }
    }

    @RejectedBy("deletesSeveralKeys")
    static class DeletesTheFirstKeyAlone extends Healthy {
        @Override
        RemoteCache open(String name) {
            return new Delegate() {
                @Override
                public void deleteAll(Collection<String> keys) {
                    keys.stream().limit(1).forEach(super::delete);
                }
            };
        }
    }

    @RejectedBy({"sharesNoKeyWithAnotherCache", "clearsAllOfItsKeysAndNoOther"})
    static class IgnoresItsName extends Healthy {
        private final RemoteCache only = new Delegate();

        @Override
        RemoteCache open(String name) {
            return only;
        }
    }

    @RejectedBy("clearsAllOfItsKeysAndNoOther")
    static class ClearsNothing extends Healthy {
        @Override
        RemoteCache open(String name) {
            return new Delegate() {
                @Override
                public void clear() {
                    // nothing
                }
            };
        }
    }

    @RejectedBy("clearsAllOfItsKeysAndNoOther")
    static class ClearsTheWholeServer extends Healthy {
        private final List<RemoteCache> server = new ArrayList<>();

        @Override
        RemoteCache open(String name) {
            return new Delegate() {
                {
                    server.add(healthy);
                }

                @Override
                public void clear() {
                    server.forEach(RemoteCache::clear);
                }
            };
        }
    }

    @RejectedBy("refusesATtlThatIsNotPositive")
    static class AcceptsAnyTtl extends Healthy {
        @Override
        RemoteCache open(String name) {
            return new Delegate() {
                @Override
                public void set(String key, byte[] value, Duration ttl) {
                    if (!ttl.isNegative() && !ttl.isZero()) {
                        super.set(key, value, ttl);
                    }
                }
            };
        }
    }

    @RejectedBy("refusesAnEmptyKey")
    static class AcceptsAnyKey extends Healthy {
        @Override
        RemoteCache open(String name) {
            return new Delegate() {
                @Override
                public byte @Nullable [] get(String key) {
                    return key.isEmpty() ? null : super.get(key);
                }
            };
        }
    }
}
