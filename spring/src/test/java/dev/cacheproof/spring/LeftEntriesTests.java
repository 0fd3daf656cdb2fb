package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import dev.cacheproof.Scope;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.spring.library.Library;
import dev.cacheproof.spring.library.Shelves;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;
import org.springframework.test.context.TestExecutionListeners;
import org.springframework.test.context.TestExecutionListeners.MergeMode;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

@CacheIsolation(only = CacheIsolation.NONE)
class LeftEntriesTests {

    private static final Queue<Map<String, String>> REPORTS = new ConcurrentLinkedQueue<>();

    private static void run(String mode, int expected) throws InterruptedException {
        REPORTS.clear();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        Thread suite = new Thread(() -> LauncherFactory.create()
                .execute(
                        request()
                                .selectors(selectClass(ReadingTestCase.class))
                                .configurationParameter("cacheproof.mode", mode)
                                .build(),
                        listener));
        suite.start();
        suite.join();
        assertThat(listener.getSummary().getTestsSucceededCount()).isEqualTo(expected);
    }

    @Test
    void listsWhatATestLeavesInReportModeAlone() throws InterruptedException {
        run("report", 2);
        assertThat(REPORTS)
                .filteredOn(report -> report.containsKey("cacheproof.left"))
                .singleElement()
                .satisfies(report -> assertThat(report.get("cacheproof.left"))
                        .startsWith("ReadingTestCase.reads() has left in the cache second-level cache of"
                                + " entityManagerFactory: "));

        run("enforce", 2);
        assertThat(REPORTS).noneMatch(report -> report.containsKey("cacheproof.left"));
    }

    /** Outside of the listeners that report. */
    static final class Collector implements TestExecutionListener, Ordered {
        @Override
        public int getOrder() {
            return 1_000;
        }

        @Override
        public void afterTestMethod(TestContext test) {
            Scope.current().ifPresent(scope -> REPORTS.add(scope.root().reports()));
        }
    }

    /** In a context of its own, since other tests fill and empty the caches of theirs meanwhile. */
    @SpringJUnitConfig(Library.class)
    @TestPropertySource(properties = "context=of its own")
    @TestExecutionListeners(listeners = Collector.class, mergeMode = MergeMode.MERGE_WITH_DEFAULTS)
    static class ReadingTestCase {
        @Autowired
        Shelves shelves;

        @Test
        void reads() {
            assertThat(shelves.code(2)).isEqualTo("S2");
        }

        @Test
        void readsNothing() {}
    }
}
