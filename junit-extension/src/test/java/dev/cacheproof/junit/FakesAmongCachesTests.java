package dev.cacheproof.junit;

import static dev.cacheproof.query.CachingContract.loads;
import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheRegistrar;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.Loads;
import dev.cacheproof.fake.redis.FakeRedis;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Fakes beside the caches that a registrar, or a field, has registered. */
@SuppressWarnings("NullAway.Init")
class FakesAmongCachesTests {

    /** Runs a class in a process whose registrar has a cache of that name, and says how its tests ended. */
    abstract static class Suite implements Callable<List<String>> {
        private final Class<?> testCase;

        Suite(Class<?> testCase) {
            this.testCase = testCase;
        }

        @Override
        public List<String> call() {
            return InnerSuite.of(testCase).launch().tests().stream()
                    .map(Outcome.Ended::toString)
                    .sorted()
                    .toList();
        }
    }

    /** Else {@code assertCaching} would compare a run on warm caches with another one. */
    @Test
    void aTestThatHasAFakeKnowsTheCachesOfTheProcessToo() {
        assertThat(FreshProcess.call(NotIsolatedSuite.class, PricesCache.class))
                .containsExactly("knowsThemAll() SUCCESSFUL", "makesThemCold() SUCCESSFUL");
    }

    public static final class NotIsolatedSuite extends Suite {
        public NotIsolatedSuite() {
            super(NotIsolatedTestCase.class);
        }

        @Override
        public List<String> call() {
            NotIsolatedTestCase.PRICES.put("tea", "left by another");
            List<String> ended = super.call();
            assertThat(NotIsolatedTestCase.PRICES)
                    .as("the cache after the tests, which are not isolated from each other")
                    .containsKey("tea");
            return ended;
        }
    }

    public static final class PricesCache implements CacheRegistrar {
        @Override
        public void register(CacheRegistry caches) {
            caches.add("prices", () -> NotIsolatedTestCase.PRICES);
        }
    }

    static class NotIsolatedTestCase {
        static final Map<String, String> PRICES = new ConcurrentHashMap<>();

        @Fake
        FakeRedis redis;

        @Test
        void knowsThemAll() {
            assertThat(CacheIsolationEngine.current().ids()).containsExactly("prices", "redis");
            assertThat(PRICES).as("what a test that is not isolated finds").containsKey("tea");
        }

        @Test
        void makesThemCold() {
            assertCaching(
                    loads("prices").cold(1).warm(0),
                    () -> PRICES.computeIfAbsent("tea", tea -> Loads.counted("prices", () -> "12")));
        }
    }

    @Test
    void aFakeWhoseNameIsTakenByARegistrarIsNamedAfterItsClassToo() {
        assertThat(FreshProcess.call(ClashingSuite.class, RedisCache.class))
                .containsExactly("isIsolated() SUCCESSFUL", "isNot() SUCCESSFUL");
    }

    public static final class RedisCache implements CacheRegistrar {
        @Override
        public void register(CacheRegistry caches) {
            caches.add("redis", ConcurrentHashMap::new);
        }
    }

    public static final class ClashingSuite extends Suite {
        public ClashingSuite() {
            super(ClashingTestCase.class);
        }
    }

    static class ClashingTestCase {
        @Fake
        FakeRedis redis;

        @RegisterCache
        final Map<String, String> memo = new ConcurrentHashMap<>();

        @Test
        @CacheIsolation
        void isIsolated() {
            assertThat(CacheIsolationEngine.current().ids())
                    .containsExactly("redis", "ClashingTestCase.memo", "ClashingTestCase.redis");
        }

        @Test
        void isNot() {
            assertThat(CacheIsolationEngine.current().ids()).containsExactly("redis", "ClashingTestCase.redis");
        }
    }

    @Test
    void fakesOfOneNameInAClassAndInOneWithinItAreNamedAfterTheirClassesToo() {
        InnerSuite.of(OuterTestCase.class).launch().allPass(3);
    }

    abstract static class BaseTestCase {
        @Fake
        FakeRedis inherited;

        @RegisterCache
        final Map<String, String> memo = new ConcurrentHashMap<>();
    }

    @CacheIsolation
    static class OuterTestCase extends BaseTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void hasItsOwn() {
            assertThat(CacheIsolationEngine.current().ids()).containsExactly("BaseTestCase.memo", "inherited", "redis");
        }

        @Nested
        class InnerTestCase {
            @Fake
            FakeRedis redis;

            @Test
            void hasBoth() {
                assertThat(CacheIsolationEngine.current().ids())
                        .containsExactly(
                                "BaseTestCase.memo", "InnerTestCase.redis", "inherited", "OuterTestCase.redis");
            }
        }

        /** Gets the fields of the superclass a second time. */
        @Nested
        class InheritingTestCase extends BaseTestCase {
            @Test
            void hasAll() {
                assertThat(CacheIsolationEngine.current().ids())
                        .containsExactly(
                                "InheritingTestCase.memo",
                                "BaseTestCase.memo",
                                "InheritingTestCase.inherited",
                                "BaseTestCase.inherited",
                                "redis");
            }
        }
    }

    /** It is among the caches of its test in any case. */
    @Test
    void aFakeMayBeNamedWhereATestNamesItsCaches() {
        InnerSuite.of(NamingTestCase.class).launch().allPass(2);
    }

    static class NamingTestCase {
        @Fake
        FakeRedis redis;

        @RegisterCache("memo")
        final Map<String, String> memo = new ConcurrentHashMap<>();

        @RegisterCache("other")
        final Map<String, String> other = new ConcurrentHashMap<>();

        @Test
        @CacheIsolation(only = "redis")
        void alone() {
            assertThat(CacheIsolationEngine.current().ids()).containsExactly("redis");
        }

        @Test
        @CacheIsolation(only = {"memo", "redis"})
        void besideAnother() {
            assertThat(CacheIsolationEngine.current().ids()).containsExactly("memo", "redis");
        }
    }
}
