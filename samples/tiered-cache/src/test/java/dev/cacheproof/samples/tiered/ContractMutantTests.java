package dev.cacheproof.samples.tiered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Proves the contracts: a mutant fails the clauses that it breaks and no other, and each clause fails a mutant. */
class ContractMutantTests {

    static Stream<Class<?>> mutants() {
        return Stream.of(TierMutantTestCase.class, LoadMutantTestCase.class, RemoteCacheMutantTestCase.class)
                .flatMap(mutants -> Arrays.stream(mutants.getDeclaredClasses()))
                .filter(type -> type.isAnnotationPresent(RejectedBy.class));
    }

    static Set<String> rejectedBy(Class<?> mutant) {
        return new TreeSet<>(Set.of(mutant.getAnnotation(RejectedBy.class).value()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void aMutantFailsTheClausesItBreaksAndNoOther(Class<?> mutant) {
        Outcome outcome = Outcome.of(mutant);
        assertThat(outcome.failures.keySet())
                .as(() -> outcome.failures.toString())
                .isEqualTo(rejectedBy(mutant));
        assertThat(outcome.failures.values())
                .allSatisfy(failure -> assertThat(failure).isNotInstanceOf(NullPointerException.class));
    }

    @ParameterizedTest
    @ValueSource(classes = {TieredCacheContract.class, RemoteCacheContract.class})
    void eachClauseFailsAMutant(Class<?> contract) {
        Set<String> clauses = Arrays.stream(contract.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> proved = mutants()
                .filter(contract::isAssignableFrom)
                .flatMap(mutant -> rejectedBy(mutant).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(proved).isEqualTo(clauses);
    }

    @ParameterizedTest
    @ValueSource(classes = {TieredCacheMutants.Healthy.class, RemoteCacheMutantTestCase.Healthy.class})
    void whatIsHealthyPasses(Class<?> healthy) {
        Outcome outcome = Outcome.of(healthy);
        assertThat(outcome.failures).isEmpty();
        assertThat(outcome.passed).isPositive();
    }

    /** What came of a run of one test class, in this thread. */
    private static final class Outcome implements TestExecutionListener {
        private final Map<String, Throwable> failures = new TreeMap<>();
        private int passed;

        static Outcome of(Class<?> testClass) {
            Outcome outcome = new Outcome();
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectClass(testClass))
                                    .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                                    .build(),
                            outcome);
            return outcome;
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            result.getThrowable()
                    .ifPresent(failure -> failures.put(test.getDisplayName().replaceFirst("\\(.*\\)$", ""), failure));
            if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                passed++;
            }
        }
    }
}
