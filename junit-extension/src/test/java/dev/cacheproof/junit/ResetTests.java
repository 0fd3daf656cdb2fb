package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Each suite fails without the extension, which leaves its caches warm, and passes with it straight afterwards. */
class ResetTests {

    /** Runs a suite without isolation, then with it, on the caches that the first run has left warm. */
    private static void isProven(Class<?> testCase, int tests, int failingWithoutIt) {
        InnerSuite.of(testCase).off().run().someFail(failingWithoutIt, tests);
        InnerSuite.of(testCase).run().allPass(tests);
        InnerSuite.of(testCase).off().launch();
        InnerSuite.of(testCase).launch().allPass(tests);
    }

    /** Fails where the cache has the entry already. */
    private static void load(Map<String, Integer> cache) {
        assertThat(cache.put("key", 1)).as("the entry of another test").isNull();
    }

    @Test
    void resetsBeforeEachTest() {
        isProven(StaticMapTestCase.class, 2, 1);
    }

    @Test
    void resetsAfterTheLastTest() {
        StaticMapTestCase.MEMO.put("key", 1);

        InnerSuite.of(StaticMapTestCase.class).run().allPass(2);

        assertThat(StaticMapTestCase.MEMO).isEmpty();
    }

    @CacheIsolation
    static class StaticMapTestCase {
        @RegisterCache
        static final Map<String, Integer> MEMO = new ConcurrentHashMap<>();

        @Test
        void one() {
            load(MEMO);
        }

        @Test
        void two() {
            load(MEMO);
        }
    }

    @Test
    void resetsAfterATestThatFails() {
        Throwable failure = InnerSuite.of(FailingTestCase.class).run().onlyFailure();

        assertThat(failure).hasMessage("on purpose").hasNoSuppressedExceptions();
        assertThat(FailingTestCase.MEMO).isEmpty();
    }

    @CacheIsolation
    static class FailingTestCase {
        @RegisterCache
        static final Map<String, Integer> MEMO = new ConcurrentHashMap<>();

        @Test
        void fails() {
            load(MEMO);
            throw new IllegalStateException("on purpose");
        }
    }

    @Test
    void resetsAfterABeforeEachThatFails() {
        InnerSuite suite = InnerSuite.of(FailingFixtureTestCase.class);
        suite.off().run().onlyFailure();
        assertThat(FailingFixtureTestCase.MEMO).isNotEmpty();

        Throwable failure = suite.run().onlyFailure();

        assertThat(failure).hasMessage("on purpose").hasNoSuppressedExceptions();
        assertThat(FailingFixtureTestCase.MEMO).isEmpty();
    }

    @CacheIsolation
    static class FailingFixtureTestCase {
        @RegisterCache
        static final Map<String, Integer> MEMO = new ConcurrentHashMap<>();

        @BeforeEach
        void fails() {
            MEMO.put("key", 1);
            throw new IllegalStateException("on purpose");
        }

        @Test
        void isNeverCalled() {}
    }

    /** JUnit then calls our afterEach without our beforeEach. */
    @Test
    void toleratesThatAnotherExtensionFailedBeforeItsTurn() {
        Throwable failure = InnerSuite.of(FailingFirstTestCase.class).run().onlyFailure();

        assertThat(failure).hasMessage("on purpose").hasNoSuppressedExceptions();
    }

    @ExtendWith(Failing.class)
    @CacheIsolation
    static class FailingFirstTestCase {
        @RegisterCache
        static final Map<String, Integer> MEMO = new ConcurrentHashMap<>();

        @Test
        void isNeverCalled() {}
    }

    @Test
    void resetsAfterAnotherExtensionThatFailed() {
        Throwable failure = InnerSuite.of(FailingAfterwardsTestCase.class).run().onlyFailure();

        assertThat(failure).hasMessage("on purpose").hasNoSuppressedExceptions();
        assertThat(Failing.WARMED).isEmpty();
    }

    @CacheIsolation
    @ExtendWith(Failing.class)
    static class FailingAfterwardsTestCase {
        @RegisterCache
        static final Map<String, Integer> MEMO = Failing.WARMED;

        @Test
        void isNeverCalled() {}
    }

    static final class Failing implements BeforeEachCallback {
        static final Map<String, Integer> WARMED = new ConcurrentHashMap<>();

        @Override
        public void beforeEach(ExtensionContext context) {
            WARMED.put("key", 1);
            throw new IllegalStateException("on purpose");
        }
    }

    @Test
    void resetsAfterAnotherExtensionsAfterEachThatFails() {
        InnerSuite.of(FailingAtTheEndTestCase.class).run().onlyFailure();

        assertThat(FailingAtTheEnd.WARMED).isEmpty();
    }

    @CacheIsolation
    @ExtendWith(FailingAtTheEnd.class)
    static class FailingAtTheEndTestCase {
        @RegisterCache
        static final Map<String, Integer> MEMO = FailingAtTheEnd.WARMED;

        @Test
        void passes() {}

        @AfterEach
        void warms() {
            load(MEMO);
        }
    }

    static final class FailingAtTheEnd implements AfterEachCallback {
        static final Map<String, Integer> WARMED = new ConcurrentHashMap<>();

        @Override
        public void afterEach(ExtensionContext context) {
            throw new IllegalStateException("on purpose");
        }
    }

    @Test
    void resetsANestedTestOnceBeforeAndOnceAfter() {
        InnerSuite.of(OuterTestCase.class).run().allPass(3);
        assertThat(OuterTestCase.COUNTED.takeResets()).isEqualTo(6);

        InnerSuite.of(OuterTestCase.class).launch().allPass(3);
        assertThat(OuterTestCase.COUNTED.takeResets()).isEqualTo(6);
        isProven(OuterTestCase.class, 3, 2);
    }

    @CacheIsolation
    static class OuterTestCase {
        @RegisterCache
        static final Map<String, Integer> MEMO = new ConcurrentHashMap<>();

        @RegisterCache
        static final CountedCache COUNTED = new CountedCache();

        @Test
        void one() {
            load(MEMO);
        }

        @Nested
        class Inner {
            @Test
            void two() {
                load(MEMO);
            }

            @Nested
            class Innermost {
                @Test
                void three() {
                    load(MEMO);
                }
            }
        }
    }

    @Test
    void resetsTheCacheOfAnInstanceThatTestsShare() {
        isProven(PerClassTestCase.class, 2, 1);
    }

    @CacheIsolation
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class PerClassTestCase {
        @RegisterCache
        final Map<String, Integer> memo = new ConcurrentHashMap<>();

        @Test
        void one() {
            load(memo);
        }

        @Test
        void two() {
            load(memo);
        }
    }

    @Test
    void keepsWhatAFixtureLoads() {
        InnerSuite.of(WarmingFixtureTestCase.class).run().allPass(2);
    }

    @CacheIsolation
    static class WarmingFixtureTestCase {
        @RegisterCache
        static final Cache<String, Integer> CACHE =
                Caffeine.newBuilder().maximumSize(10).build();

        @BeforeEach
        void warms() {
            load(CACHE.asMap());
        }

        @Test
        void one() {
            assertThat(CACHE.getIfPresent("key")).isEqualTo(1);
        }

        @Test
        void two() {
            assertThat(CACHE.getIfPresent("key")).isEqualTo(1);
        }
    }

    @Test
    void resetsAFieldThatIsAssignedInAFixture() {
        isProven(AssigningFixtureTestCase.class, 1, 1);
    }

    @CacheIsolation
    static class AssigningFixtureTestCase {
        @RegisterCache
        @Nullable
        Map<String, Integer> memo;

        @BeforeEach
        void assigns() {
            memo = new ConcurrentHashMap<>(Map.of("key", 1));
        }

        @Test
        void one() {
            assertThat(memo).isEmpty();
        }
    }

    @Test
    void resetsAFieldThatASuperclassHolds() {
        isProven(InheritingTestCase.class, 2, 1);
    }

    @CacheIsolation
    static class InheritedTestCase {
        @RegisterCache
        private static final Map<String, Integer> MEMO = new ConcurrentHashMap<>();

        @Test
        void one() {
            load(MEMO);
        }

        @Test
        void two() {
            load(MEMO);
        }
    }

    static class InheritingTestCase extends InheritedTestCase {}
}
