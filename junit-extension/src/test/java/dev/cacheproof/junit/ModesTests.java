package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheRegistrar;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.Recorder;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ModesTests {

    private static InnerSuite isolatingAll(Class<?>... testCases) {
        return InnerSuite.of(testCases)
                .with("cacheproof.isolation", "all")
                .with("junit.jupiter.extensions.autodetection.enabled", "true");
    }

    @Test
    void reportResetsNothing() {
        InnerSuite suite = InnerSuite.of(WarmTestCase.class).with("cacheproof.mode", "report");
        WarmTestCase.MEMO.put("key", "left by another");

        suite.run().allPass(1);
        suite.launch().allPass(1);

        assertThat(WarmTestCase.MEMO).containsEntry("key", "left by another");
        assertThat(WarmTestCase.COUNTED.takeResets()).isZero();
    }

    @CacheIsolation
    static class WarmTestCase {
        @RegisterCache
        static final Map<String, String> MEMO = new ConcurrentHashMap<>();

        @RegisterCache
        static final CountedCache COUNTED = new CountedCache();

        @Test
        void staysWarm() {
            assertThat(MEMO).containsKey("key");
            assertThat(Settings.current().mode()).isEqualTo(Settings.Mode.REPORT);
            CacheIsolationEngine.resetAll();
            assertThat(MEMO).containsKey("key");
        }
    }

    @Test
    void reportFailsNothingAndSaysWhatWouldFail() {
        InnerSuite suite =
                InnerSuite.of(NoCacheTestCase.class, UnknownIdTestCase.class).with("cacheproof.mode", "report");

        suite.run().allPass(2);
        assertThat(suite.launch().allPass(2).reported("cacheproof.wouldFail"))
                .hasSize(2)
                .anySatisfy(text -> assertThat(text).contains("finds no cache to isolate"))
                .anySatisfy(text -> assertThat(text).contains("names [prizes]"));
    }

    /** A build shows its console, and no report entries. */
    @Test
    void reportLogsEachFindingAndAllOfThemAtTheEnd() {
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                logged.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.cacheproof");
        logger.addHandler(handler);
        try {
            InnerSuite.of(ToldTestCase.class)
                    .with("cacheproof.mode", "report")
                    .launch()
                    .allPass(2);
        } finally {
            logger.removeHandler(handler);
        }

        String finding = "@CacheIsolation on ToldTestCase finds no cache to isolate";
        assertThat(logged)
                .anyMatch(line -> line.startsWith("ToldTestCase > one() would fail if enforced: " + finding))
                .anyMatch(line ->
                        line.contains("2 of 2 tests would fail") && line.contains("ToldTestCase > two()  " + finding));
    }

    @CacheIsolation
    static class ToldTestCase {
        @Test
        void one() {}

        @Test
        void two() {}
    }

    @CacheIsolation
    static class NoCacheTestCase {
        @Test
        void passes() {}
    }

    @CacheIsolation(only = "prizes")
    static class UnknownIdTestCase {
        @Test
        void passes() {}
    }

    @Test
    void offReachesATestThroughJUnitsParameters() {
        OffTestCase.MEMO.put("key", "left by another");

        InnerSuite.of(OffTestCase.class).off().launch().allPass(2);

        assertThat(OffTestCase.MEMO).containsKey("key");
    }

    @CacheIsolation
    static class OffTestCase {
        @RegisterCache
        static final Map<String, String> MEMO = new ConcurrentHashMap<>();

        @Test
        void staysWarm() {
            assertThat(Settings.current().mode()).isEqualTo(Settings.Mode.OFF);
            CacheIsolationEngine.resetAll();
            assertThat(MEMO).containsKey("key");
        }

        @Nested
        class Inner {
            @Test
            void staysWarm() {
                assertThat(Settings.current().mode()).isEqualTo(Settings.Mode.OFF);
            }
        }
    }

    @Test
    void allIsolatesAClassWithoutTheAnnotation() {
        InnerSuite.of(UnannotatedTestCase.class).run().someFail(1, 2);
        isolatingAll(UnannotatedTestCase.class).run().allPass(2);
        isolatingAll(UnannotatedTestCase.class).launch().allPass(2);
    }

    static class UnannotatedTestCase {
        @RegisterCache
        static final Map<String, String> MEMO = new ConcurrentHashMap<>();

        @Test
        void one() {
            assertThat(MEMO.put("key", "value")).isNull();
        }

        @Test
        void two() {
            assertThat(MEMO.put("key", "value")).isNull();
        }
    }

    @Test
    void allNeedsNoCache() {
        isolatingAll(CachelessTestCase.class).launch().allPass(1);
    }

    static class CachelessTestCase {
        @Test
        void passes() {}
    }

    @Test
    void actsOnceOnATestThatIsAnnotatedAsWell() {
        isolatingAll(AnnotatedTestCase.class).run().allPass(1);
        assertThat(AnnotatedTestCase.COUNTED.takeResets()).isEqualTo(2);

        isolatingAll(AnnotatedTestCase.class).launch().allPass(1);
        assertThat(AnnotatedTestCase.COUNTED.takeResets()).isEqualTo(2);

        InnerSuite.of(AnnotatedTestCase.class)
                .with("junit.jupiter.extensions.autodetection.enabled", "true")
                .run()
                .allPass(1);
        assertThat(AnnotatedTestCase.COUNTED.takeResets()).isEqualTo(2);
    }

    @CacheIsolation
    static class AnnotatedTestCase {
        @RegisterCache
        static final CountedCache COUNTED = new CountedCache();

        @Test
        void test() {}
    }

    @Test
    void anAnnotatedClassStillNarrowsWhenAllAreIsolated() {
        NarrowTestCase.RIGHT.put("key", "left by another");

        isolatingAll(NarrowTestCase.class).launch().allPass(1);

        assertThat(NarrowTestCase.RIGHT).isNotEmpty();
    }

    @CacheIsolation(only = "narrow left")
    static class NarrowTestCase {
        @RegisterCache("narrow left")
        static final Map<String, String> LEFT = new ConcurrentHashMap<>();

        @RegisterCache("narrow right")
        static final Map<String, String> RIGHT = new ConcurrentHashMap<>();

        @Test
        void test() {
            assertThat(RIGHT).isNotEmpty();
        }
    }

    @Test
    void aTestKnowsTheCachesOfNoOther() {
        // In this order, and in the other.
        for (int seed = 1; seed <= 4; seed++) {
            InnerSuite suite = InnerSuite.of(FirstTestCase.class, SecondTestCase.class, PlainTestCase.class)
                    .inRandomOrder(seed);
            suite.run().allPass(4);
            suite.launch().allPass(4);
        }
    }

    @CacheIsolation
    static class FirstTestCase {
        @RegisterCache("first")
        final Map<String, String> memo = new ConcurrentHashMap<>();

        @Test
        void test() {
            assertThat(CacheIsolationEngine.current().ids()).containsExactly("first");
        }
    }

    @CacheIsolation
    static class SecondTestCase {
        @RegisterCache("second")
        final Map<String, String> memo = new ConcurrentHashMap<>();

        @Test
        void test() {
            assertThat(CacheIsolationEngine.current().ids()).containsExactly("second");
        }

        @TestFactory
        Stream<DynamicTest> dynamic() {
            return Stream.of(DynamicTest.dynamicTest("dynamic", () -> {
                assertThat(CacheIsolationEngine.current().ids()).containsExactly("second");
                memo.put("key", "value");
                CacheIsolationEngine.resetAll();
                assertThat(memo).isEmpty();
            }));
        }
    }

    static class PlainTestCase {
        @Test
        void test() {
            assertThat(CacheIsolationEngine.current().ids()).isEmpty();
        }
    }

    @Test
    void leavesNoScopeOpen() {
        assertThat(FreshProcess.call(ManySuites.class, NoCaches.class))
                .containsExactly("idle true", "idle in a test false", "idle true");
    }

    public static final class NoCaches implements CacheRegistrar {
        @Override
        public void register(CacheRegistry caches) {}
    }

    public static final class ManySuites implements Callable<List<String>> {
        @Override
        public List<String> call() {
            String before = "idle " + Recorder.isIdle();
            InnerSuite suite = InnerSuite.of(
                    FirstTestCase.class,
                    SecondTestCase.class,
                    PlainTestCase.class,
                    FailingTestCase.class,
                    IdleTestCase.class);
            suite.run();
            suite.onThreads(4).run();
            suite.launch();
            suite.onThreads(4).launch();
            suite.off().launch();
            suite.with("cacheproof.mode", "report").onThreads(4).launch();
            return List.of(before, "idle in a test " + IdleTestCase.wasIdle, "idle " + Recorder.isIdle());
        }
    }

    static class IdleTestCase {
        static volatile boolean wasIdle = true;

        @Test
        void test() {
            wasIdle = Recorder.isIdle();
        }
    }

    @CacheIsolation
    static class FailingTestCase {
        @Test
        @SuppressWarnings("MustBeClosedChecker")
        void leavesAScopeOpen() {
            Scope.open("left open");
        }

        @TestFactory
        Stream<DynamicTest> fails() {
            throw new IllegalStateException("on purpose");
        }
    }
}
