package dev.cacheproof.benchmarks;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import dev.cacheproof.junit.CacheIsolation;
import example.shop.ShopTestCase;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.openjdk.jmh.util.ListStatistics;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.annotation.DirtiesContext.ClassMode;
import org.springframework.test.context.TestPropertySource;

/**
 * Each test finds cold caches: what that costs it, above the same test without. Whole classes run through JUnit's launcher, by
 * turns.
 */
final class SpringTestBenchmark {

    private static final int WARM_UPS = 3;
    private static final int ROUNDS = 10;
    private static final int TESTS = 200;
    private static final int DIRTY_TESTS = 3;

    /** Who makes them cold. */
    enum Setting implements Row {
        ISOLATED("@CacheIsolation"),
        DIRTY("@DirtiesContext");

        private final String label;

        Setting(String label) {
            this.label = label;
        }

        @Override
        public String label() {
            return label;
        }

        @Override
        public boolean isBaseline() {
            return this == ISOLATED;
        }
    }

    private SpringTestBenchmark() {}

    /** Measures, and prints a table. */
    static void run() {
        ListStatistics ofIsolated = new ListStatistics();
        ListStatistics ofDirty = new ListStatistics();
        Launcher launcher = LauncherFactory.create();
        for (int i = -WARM_UPS; i < ROUNDS; i++) {
            double plain = micros(launcher, PlainTestCase.class, TESTS);
            double isolated = micros(launcher, IsolatedTestCase.class, TESTS);
            double dirty = micros(launcher, DirtyTestCase.class, DIRTY_TESTS);
            if (i >= 0) {
                ofIsolated.addValue(isolated - plain);
                ofDirty.addValue(dirty - plain);
            }
        }
        Table table =
                Table.of("A test in such a context finds cold caches, in microseconds above the same test without");
        table.print(Setting.ISOLATED, ofIsolated);
        table.print(Setting.DIRTY, ofDirty);
    }

    private static double micros(Launcher launcher, Class<?> testCase, int tests) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        var request = request().selectors(selectClass(testCase)).build();
        long begin = System.nanoTime();
        launcher.execute(request, listener);
        long end = System.nanoTime();
        if (listener.getSummary().getTestsSucceededCount() != tests) {
            var failures = listener.getSummary().getFailures();
            throw new IllegalStateException(
                    testCase.getSimpleName() + " has failed",
                    failures.isEmpty() ? null : failures.get(0).getException());
        }
        return (end - begin) / 1e3 / tests;
    }

    static class PlainTestCase extends ShopTestCase {
        @RepeatedTest(TESTS)
        void warmsAll() {
            warmAll();
        }
    }

    @CacheIsolation
    static class IsolatedTestCase extends ShopTestCase {
        @RepeatedTest(TESTS)
        void warmsAll() {
            warmAll();
        }
    }

    /** Its context is not the one that the others share. */
    @TestPropertySource(properties = "spring.application.name=dirty")
    @DirtiesContext(classMode = ClassMode.AFTER_EACH_TEST_METHOD)
    static class DirtyTestCase extends ShopTestCase {
        @RepeatedTest(DIRTY_TESTS)
        void warmsAll() {
            warmAll();
        }
    }
}
