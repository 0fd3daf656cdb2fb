package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.Scope;
import dev.cacheproof.fake.redis.FakeRedis;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the annotation may stand, and which kinds of tests it isolates. */
class AnnotatedPlacesTests {

    private static void isProven(Class<?> testCase, int tests, int failingWithoutIt) {
        InnerSuite.of(testCase).off().run().someFail(failingWithoutIt, tests);
        InnerSuite.of(testCase).run().allPass(tests);
        InnerSuite.of(testCase).off().launch();
        InnerSuite.of(testCase).launch().allPass(tests);
    }

    private static void load(Map<String, Integer> cache) {
        assertThat(cache.put("key", 1)).as("the entry of another test").isNull();
    }

    @Test
    void isolatesWhatAComposedAnnotationStandsOn() {
        isProven(ComposedTestCase.class, 2, 1);
    }

    @Retention(RetentionPolicy.RUNTIME)
    @CacheIsolation(only = "composed")
    @interface ColdStart {}

    @ColdStart
    static class ComposedTestCase {
        @RegisterCache("composed")
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
    void composedAnnotationsStandOnFieldsToo() {
        InnerSuite.of(ComposedFieldsTestCase.class).launch().allPass(1);
    }

    @Retention(RetentionPolicy.RUNTIME)
    @RegisterCache("prices")
    @interface Prices {}

    @Retention(RetentionPolicy.RUNTIME)
    @Fake("sessions")
    @interface Sessions {}

    @CacheIsolation
    @SuppressWarnings("NullAway.Init")
    static class ComposedFieldsTestCase {
        @Prices
        final Map<String, Integer> memo = new ConcurrentHashMap<>();

        @Sessions
        FakeRedis redis;

        @Test
        void bothAreCaches() {
            assertThat(redis.keys()).isEmpty();
            assertThat(CacheIsolationEngine.current().ids()).containsExactly("prices", "sessions");
        }
    }

    @Test
    void isolatesOnlyTheMethodThatIsAnnotated() {
        MethodTestCase.MEMO.put("key", 1);

        Outcome outcome = InnerSuite.of(MethodTestCase.class).run().someFail(1, 2);

        assertThat(outcome.failureOf("isNot()")).hasMessageContaining("the entry of another test");
    }

    static class MethodTestCase {
        @RegisterCache
        static final Map<String, Integer> MEMO = new ConcurrentHashMap<>();

        @Test
        @CacheIsolation
        void isIsolated() {
            assertThat(MEMO).isEmpty();
        }

        @Test
        void isNot() {
            MEMO.putIfAbsent("key", 1);
            load(MEMO);
        }

        @AfterEach
        void warms() {
            MEMO.putIfAbsent("key", 1);
        }
    }

    @Test
    void aMethodsAnnotationReplacesThatOfItsClass() {
        NarrowingTestCase.LEFT.put("key", 1);
        NarrowingTestCase.RIGHT.put("key", 1);

        InnerSuite.of(NarrowingTestCase.class).run().allPass(1);

        assertThat(NarrowingTestCase.LEFT).isEmpty();
        assertThat(NarrowingTestCase.RIGHT).isNotEmpty();
    }

    @CacheIsolation
    static class NarrowingTestCase {
        @RegisterCache("left")
        static final Map<String, Integer> LEFT = new ConcurrentHashMap<>();

        @RegisterCache("right")
        static final Map<String, Integer> RIGHT = new ConcurrentHashMap<>();

        @Test
        @CacheIsolation(only = {"left", "left"})
        void one() {
            load(LEFT);
        }
    }

    @Test
    void isolatesANestedClassThatASubclassInherits() {
        isProven(ConcreteTestCase.class, 2, 1);
    }

    abstract static class AbstractTestCase {
        abstract Map<String, Integer> memo();

        @Nested
        class Inherited {
            @Test
            void one() {
                load(memo());
            }

            @Test
            void two() {
                load(memo());
            }
        }
    }

    @CacheIsolation
    static class ConcreteTestCase extends AbstractTestCase {
        @RegisterCache
        static final Map<String, Integer> MEMO = new ConcurrentHashMap<>();

        @Override
        Map<String, Integer> memo() {
            return MEMO;
        }
    }

    @Test
    void registersOnceWhatANestedClassInheritsFromTheSameClass() {
        isProven(SameBaseTestCase.class, 2, 1);
    }

    abstract static class BaseTestCase {
        @RegisterCache
        static final Map<String, Integer> MEMO = new ConcurrentHashMap<>();
    }

    @CacheIsolation
    static class SameBaseTestCase extends BaseTestCase {
        @Test
        void one() {
            load(MEMO);
        }

        @Nested
        class Inner extends BaseTestCase {
            @Test
            void two() {
                load(MEMO);
            }
        }
    }

    @Test
    void leavesTheFieldsAroundAStaticClassAlone() {
        InnerSuite.of(AroundTestCase.StaticTestCase.class).run().allPass(1);
    }

    @CacheIsolation
    static class AroundTestCase {
        @RegisterCache
        final Map<String, Integer> notOfTheStaticClass = new ConcurrentHashMap<>();

        @CacheIsolation
        static class StaticTestCase {
            @RegisterCache
            static final Map<String, Integer> MEMO = new ConcurrentHashMap<>();

            @Test
            void one() {
                load(MEMO);
            }
        }
    }

    @Test
    void isolatesTheInstanceAroundANestedClassThatKeepsIt() {
        isProven(SharedOuterTestCase.class, 2, 1);
    }

    @CacheIsolation
    static class SharedOuterTestCase {
        @RegisterCache
        final Map<String, Integer> memo = new ConcurrentHashMap<>();

        @Nested
        @TestInstance(TestInstance.Lifecycle.PER_CLASS)
        class Keeping {
            @Test
            void one() {
                load(memo);
            }

            @Test
            void two() {
                load(memo);
            }
        }
    }

    @Test
    void isolatesEachInvocationOfATemplate() {
        isProven(TemplatesTestCase.class, 7, 6);
    }

    @CacheIsolation
    static class TemplatesTestCase {
        @RegisterCache
        static final Map<String, Integer> MEMO = new ConcurrentHashMap<>();

        @ParameterizedTest
        @ValueSource(strings = {"a", "b"})
        void parameterized(String value) {
            assertThat(value).isNotEmpty();
            load(MEMO);
        }

        @RepeatedTest(3)
        void repeated() {
            load(MEMO);
        }

        /** In JUnit 5.12, these know of no class around theirs. */
        @Nested
        class Inner {
            @RepeatedTest(2)
            void repeated() {
                load(MEMO);
            }
        }
    }

    @Test
    void isolatesEachDynamicTest() {
        isProven(DynamicTestCase.class, 3, 3);
        assertThat(DynamicTestCase.MEMO).isEmpty();
    }

    @CacheIsolation
    static class DynamicTestCase {
        @RegisterCache
        static final Map<String, Integer> MEMO = new ConcurrentHashMap<>();

        @TestFactory
        Stream<DynamicTest> dynamic() {
            MEMO.put("key", 0);
            return Stream.of("a", "b", "c").map(name -> DynamicTest.dynamicTest(name, () -> load(MEMO)));
        }
    }

    @Test
    void isolatesABodyOnAThreadOfItsOwn() {
        isProven(OtherThreadTestCase.class, 1, 1);
    }

    @CacheIsolation
    static class OtherThreadTestCase {
        @RegisterCache
        static final Map<String, Integer> MEMO = new ConcurrentHashMap<>();

        @Test
        @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void body() {
            isInTheScopeOfItsTest();
        }

        @BeforeEach
        @AfterEach
        @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void fixture() {
            isInTheScopeOfItsTest();
        }

        private static void isInTheScopeOfItsTest() {
            assertThat(Thread.currentThread().getName()).isNotEqualTo("inner-suite");
            assertThat(Scope.current()).isPresent();
            assertThat(Scope.current().orElseThrow().name()).isEqualTo("OtherThreadTestCase > body()");
        }
    }

    @Test
    void makesTheThreadsOfAPoolCold() {
        try {
            isProven(PoolTestCase.class, 2, 1);
        } finally {
            PoolTestCase.POOL.shutdown();
        }
    }

    /** The pool outlives the tests, and with it what its thread holds. */
    @CacheIsolation
    static class PoolTestCase {
        static final ExecutorService POOL = Scope.propagating(Executors.newSingleThreadExecutor());

        @RegisterCache
        static final ThreadLocal<Map<String, Integer>> REQUEST = ThreadLocal.withInitial(ConcurrentHashMap::new);

        @Test
        void one() throws Exception {
            POOL.submit(() -> load(REQUEST.get())).get(1, TimeUnit.MINUTES);
        }

        @Test
        void two() throws Exception {
            POOL.submit(() -> load(REQUEST.get())).get(1, TimeUnit.MINUTES);
        }
    }
}
