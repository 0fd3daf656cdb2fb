package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.EventType;
import org.junit.platform.testkit.engine.Events;

/** What a suite came to: how each test ended, which containers failed, and what was reported. */
record Outcome(List<Ended> tests, List<Ended> brokenContainers, List<Map<String, String>> reports) {

    record Ended(String name, TestExecutionResult result) {
        boolean hasFailed() {
            return result.getStatus() == Status.FAILED;
        }

        Throwable failure() {
            return result.getThrowable().orElseThrow(() -> new AssertionError(name + " has not failed"));
        }

        @Override
        public String toString() {
            return name + result.getThrowable().map(thrown -> ": " + thrown).orElse(" " + result.getStatus());
        }
    }

    static Outcome of(Events events) {
        Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Event event : events.list()) {
            if (event.getType().equals(EventType.FINISHED)) {
                outcome.add(
                        event.getTestDescriptor().isTest(),
                        event.getTestDescriptor().getDisplayName(),
                        event.getRequiredPayload(TestExecutionResult.class));
            } else if (event.getType().equals(EventType.REPORTING_ENTRY_PUBLISHED)) {
                outcome.reports.add(event.getRequiredPayload(ReportEntry.class).getKeyValuePairs());
            }
        }
        return outcome;
    }

    private void add(boolean isTest, String name, TestExecutionResult result) {
        Ended ended = new Ended(name, result);
        if (isTest) {
            tests.add(ended);
        } else if (result.getStatus() != Status.SUCCESSFUL) {
            brokenContainers.add(ended);
        }
    }

    /** Collects an outcome from the launcher, whose threads call at the same time. */
    static final class Listener implements TestExecutionListener {
        private final Queue<Map.Entry<TestIdentifier, TestExecutionResult>> finished = new ConcurrentLinkedQueue<>();
        private final Queue<Map<String, String>> reports = new ConcurrentLinkedQueue<>();

        @Override
        public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
            finished.add(Map.entry(identifier, result));
        }

        @Override
        public void reportingEntryPublished(TestIdentifier identifier, ReportEntry entry) {
            reports.add(entry.getKeyValuePairs());
        }

        Outcome outcome() {
            Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>(), List.copyOf(reports));
            finished.forEach(
                    each -> outcome.add(each.getKey().isTest(), each.getKey().getDisplayName(), each.getValue()));
            return outcome;
        }
    }

    List<Ended> failures() {
        return tests.stream().filter(Ended::hasFailed).toList();
    }

    /** Asserts that all tests have passed, and how many there are: no test is no proof. */
    Outcome allPass(int expected) {
        assertThat(brokenContainers).as("broken containers").isEmpty();
        assertThat(failures()).as("failed tests").isEmpty();
        assertThat(tests).as("tests").hasSize(expected);
        return this;
    }

    /** Asserts how many tests have failed, of how many. */
    Outcome someFail(int failing, int expected) {
        assertThat(brokenContainers).as("broken containers").isEmpty();
        assertThat(tests).as("tests").hasSize(expected);
        assertThat(failures()).as("failed tests of %s", tests).hasSize(failing);
        return this;
    }

    Throwable failureOf(String test) {
        return tests.stream()
                .filter(ended -> ended.name().equals(test))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No test " + test + " among " + tests))
                .failure();
    }

    /** Returns the only failure. */
    Throwable onlyFailure() {
        assertThat(brokenContainers).as("broken containers").isEmpty();
        assertThat(failures()).as("failed tests").hasSize(1);
        return failures().get(0).failure();
    }

    /** Returns all that was reported under a key. */
    List<String> reported(String key) {
        return reports.stream()
                .filter(report -> report.containsKey(key))
                .map(report -> report.get(key))
                .collect(Collectors.toList());
    }
}
