package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;

/** What sample classes come to that are run as a suite of their own, as a build runs them. */
record InnerTests(List<String> passed, Map<String, Throwable> failed) {

    static InnerTests run(Class<?>... classes) {
        return run(Map.of("junit.jupiter.execution.parallel.enabled", "false"), classes);
    }

    static InnerTests runInParallel(Class<?>... classes) {
        return run(
                Map.of(
                        "junit.jupiter.execution.parallel.enabled", "true",
                        "junit.jupiter.execution.parallel.mode.default", "concurrent",
                        "junit.jupiter.execution.parallel.config.strategy", "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism", "4"),
                classes);
    }

    static InnerTests run(Map<String, String> parameters, Class<?>... classes) {
        Listener listener = new Listener();
        // On a thread of its own, which is in no scope and in no pool of the suite around.
        FutureTask<InnerTests> task = new FutureTask<>(() -> {
            LauncherFactory.create()
                    .execute(
                            request()
                                    .selectors(Stream.of(classes)
                                            .map(type -> selectClass(type))
                                            .toList())
                                    .configurationParameters(parameters)
                                    .enableImplicitConfigurationParameters(false)
                                    .build(),
                            listener);
            return listener.outcome();
        });
        new Thread(task, "inner-tests").start();
        try {
            return task.get();
        } catch (InterruptedException | ExecutionException broken) {
            throw new AssertionError(broken);
        }
    }

    InnerTests allPass(int expected) {
        assertThat(failed).isEmpty();
        assertThat(passed).hasSize(expected);
        return this;
    }

    /** Returns the only failure, of which Spring may have made a cause. */
    Throwable onlyFailure() {
        assertThat(failed).hasSize(1);
        Throwable failure = failed.values().iterator().next();
        while (failure.getCause() != null) {
            failure = failure.getCause();
        }
        return failure;
    }

    /** JUnit calls it on several threads. */
    private static final class Listener implements TestExecutionListener {
        private final Queue<Map.Entry<String, TestExecutionResult>> finished = new ConcurrentLinkedQueue<>();

        @Override
        public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
            if (identifier.isTest() || result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                finished.add(Map.entry(identifier.getUniqueId(), result));
            }
        }

        InnerTests outcome() {
            Map<String, Throwable> failed = new TreeMap<>();
            finished.forEach(
                    each -> each.getValue().getThrowable().ifPresent(thrown -> failed.put(each.getKey(), thrown)));
            return new InnerTests(
                    finished.stream()
                            .map(Map.Entry::getKey)
                            .filter(id -> !failed.containsKey(id))
                            .toList(),
                    failed);
        }
    }
}
