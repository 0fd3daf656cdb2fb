package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import dev.cacheproof.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.testkit.engine.EngineTestKit;

/**
 * Sample classes, run as a suite of their own, on a thread of its own: without the launcher's listeners, or with them.
 * After each run, the thread must be in no scope.
 */
record InnerSuite(List<Class<?>> classes, Map<String, String> parameters) {

    static InnerSuite of(Class<?>... classes) {
        return new InnerSuite(List.of(classes), Map.of());
    }

    InnerSuite with(String parameter, String value) {
        Map<String, String> more = new TreeMap<>(parameters);
        more.put(parameter, value);
        return new InnerSuite(classes, more);
    }

    InnerSuite off() {
        return with("cacheproof.mode", "off");
    }

    InnerSuite onThreads(int threads) {
        return with("junit.jupiter.execution.parallel.enabled", "true")
                .with("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .with("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .with("junit.jupiter.execution.parallel.config.fixed.parallelism", String.valueOf(threads));
    }

    InnerSuite inRandomOrder(long seed) {
        return with("junit.jupiter.testclass.order.default", "org.junit.jupiter.api.ClassOrderer$Random")
                .with("junit.jupiter.testmethod.order.default", "org.junit.jupiter.api.MethodOrderer$Random")
                .with("junit.jupiter.execution.order.random.seed", String.valueOf(seed));
    }

    /** Runs the suite without any listener of the launcher. */
    Outcome run() {
        return onOwnThread(() -> Outcome.of(EngineTestKit.engine("junit-jupiter")
                .selectors(selectors())
                .configurationParameters(parameters)
                .execute()
                .allEvents()));
    }

    /** Runs the suite as a build does: with the listeners that are registered as services. */
    Outcome launch() {
        return onOwnThread(() -> {
            Outcome.Listener listener = new Outcome.Listener();
            LauncherFactory.create().execute(discoveryRequest(), listener);
            return listener.outcome();
        });
    }

    /** Discovers the suite's tests, and runs none. */
    List<String> discover() {
        return onOwnThread(() -> {
            TestPlan plan = LauncherFactory.create().discover(discoveryRequest());
            return plan.getRoots().stream()
                    .flatMap(root -> plan.getDescendants(root).stream())
                    .filter(TestIdentifier::isTest)
                    .map(TestIdentifier::getDisplayName)
                    .sorted()
                    .toList();
        });
    }

    LauncherDiscoveryRequest discoveryRequest() {
        return request()
                .selectors(selectors())
                .configurationParameters(parameters)
                .enableImplicitConfigurationParameters(false)
                .build();
    }

    private ClassSelector[] selectors() {
        return classes.stream().map(type -> selectClass(type)).toArray(ClassSelector[]::new);
    }

    private static <T> T onOwnThread(Callable<T> run) {
        FutureTask<T> task = new FutureTask<>(() -> {
            T result = run.call();
            assertThat(Scope.current()).as("the scope after the run").isEmpty();
            return result;
        });
        Thread thread = new Thread(task, "inner-suite");
        thread.start();
        try {
            return task.get(2, TimeUnit.MINUTES);
        } catch (ExecutionException failed) {
            throw new AssertionError("The suite could not be run", failed.getCause());
        } catch (TimeoutException stuck) {
            throw new AssertionError("The suite is stuck at " + Arrays.toString(thread.getStackTrace()), stuck);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
