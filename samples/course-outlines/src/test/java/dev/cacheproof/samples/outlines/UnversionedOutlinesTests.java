package dev.cacheproof.samples.outlines;

import static dev.cacheproof.fake.Condition.DOWN;
import static dev.cacheproof.fake.Condition.HANGING;
import static dev.cacheproof.fake.Condition.LOST_DELETES;
import static dev.cacheproof.fake.Condition.LOST_WRITES;
import static dev.cacheproof.fake.Condition.MISCONFIGURED;
import static dev.cacheproof.fake.Condition.SILENT_FAILURE;
import static dev.cacheproof.fake.Condition.STALE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.cacheproof.fake.Condition;
import dev.cacheproof.samples.outlines.UnversionedOutlinesTestCase.DeletesOnWrite;
import dev.cacheproof.samples.outlines.UnversionedOutlinesTestCase.SwallowsALostDelete;
import dev.cacheproof.samples.outlines.UnversionedOutlinesTestCase.WritesThrough;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Which conditions need versions in the keys; and that the test of the README catches a delete that was swallowed. */
class UnversionedOutlinesTests {

    @Test
    void eachServesTheOldOutlineInTheseConditionsAndInNoOther() {
        Served served = new Served();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(
                                        selectClass(DeletesOnWrite.class),
                                        selectClass(WritesThrough.class),
                                        selectClass(SwallowsALostDelete.class))
                                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                                .build(),
                        served);
        Map<String, Set<Condition>> expected = Map.of(
                "DeletesOnWrite", EnumSet.of(SILENT_FAILURE, LOST_DELETES, STALE),
                "WritesThrough", EnumSet.of(SILENT_FAILURE, LOST_WRITES, STALE),
                "SwallowsALostDelete", EnumSet.of(SILENT_FAILURE, LOST_DELETES, STALE, DOWN, HANGING, MISCONFIGURED));
        assertThat(served.old).isEqualTo(expected);
        assertThat(served.tests).isEqualTo(expected.size() * Condition.values().length);
    }

    /** Collects which twin has served the old outline in which condition. */
    private static final class Served implements TestExecutionListener {
        private final Map<String, Set<Condition>> old = new HashMap<>();
        private int tests;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
                tests++;
                String twin = test.getUniqueId().replaceFirst(".*\\$(\\w+)].*", "$1");
                Condition condition = Condition.valueOf(test.getDisplayName());
                result.getThrowable().ifPresent(failure -> failed(twin, condition, failure));
            }
        }

        private void failed(String twin, Condition condition, Throwable failure) {
            boolean isOld = String.valueOf(failure.getMessage()).contains("but was: \"Why\"");
            old.computeIfAbsent(isOld ? twin : twin + ": " + failure, absent -> EnumSet.noneOf(Condition.class))
                    .add(condition);
        }
    }
}
