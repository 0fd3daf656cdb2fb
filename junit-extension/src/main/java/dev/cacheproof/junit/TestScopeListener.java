package dev.cacheproof.junit;

import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Opens a scope for every test and every test class, annotated or not, on the thread that runs it: what one test asks for
 * is then never another's. Registered by {@link java.util.ServiceLoader}, an instance for each launcher. Thread-safe.
 *
 * <p>A test's scope also carries the settings of its run, so it is opened where these say {@code cacheproof.mode = off},
 * too: a switch that is a parameter of JUnit is known to nobody else.
 *
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TestScopeListener implements TestExecutionListener {

    private final Map<String, Scope> scopes = new ConcurrentHashMap<>();
    private volatile Findings findings = new Findings();
    private volatile @Nullable TestPlan plan;
    private volatile @Nullable Settings settings;

    /** Creates the listener; called by the launcher. */
    public TestScopeListener() {}

    @Override
    public void testPlanExecutionStarted(TestPlan testPlan) {
        SupportedJUnit.complaint()
                .ifPresent(complaint -> System.getLogger("dev.cacheproof").log(System.Logger.Level.ERROR, complaint));
        plan = testPlan;
        findings = new Findings();
        try {
            settings = Settings.resolve(testPlan.getConfigurationParameters()::get);
        } catch (IllegalArgumentException wrong) {
            // The launcher only logs what a listener throws. Every isolated test fails with it, too.
            settings = null;
            throw wrong;
        }
    }

    @Override
    public void executionStarted(TestIdentifier identifier) {
        Settings current = settings;
        if (current == null) {
            return;
        }
        if (identifier.isTest()) {
            findings.addTest();
        }
        Optional<Class<?>> testClass = testClass(identifier);
        if (identifier.isTest() || identifier.getSource().orElse(null) instanceof MethodSource) {
            String name = testClass
                    .map(type -> name(type, identifier.getDisplayName()))
                    .orElse(identifier.getDisplayName());
            scopes.put(
                    identifier.getUniqueId(),
                    Scope.named(name)
                            .root()
                            .test(runningTest(identifier, name, current))
                            .open());
        } else if (testClass.isPresent() && current.mode() != Settings.Mode.OFF) {
            scopes.put(
                    identifier.getUniqueId(),
                    Scope.named(identifier.getDisplayName()).root().shared().open());
        }
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        Scope scope = scopes.remove(identifier.getUniqueId());
        if (scope != null) {
            findings.add(scope.name(), scope.reports());
            scope.close();
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan testPlan) {
        Settings current = settings;
        if (current != null && current.mode() == Settings.Mode.REPORT) {
            findings.log();
        }
    }

    static String name(Class<?> testClass, String displayName) {
        return testClass.getSimpleName() + " > " + displayName;
    }

    private RunningTest runningTest(TestIdentifier identifier, String name, Settings current) {
        Optional<TestIdentifier> method = method(identifier);
        Optional<Set<String>> claims = method.flatMap(this::claims);
        RunningTest test = claims.isPresent()
                ? RunningTest.claiming(identifier.getUniqueId(), name, this, claims.get(), current)
                : RunningTest.undeclared(identifier.getUniqueId(), name, this, current);
        if (current.mode() != Settings.Mode.OFF) {
            Optional<RunningTest> factory =
                    identifier.getParentId().map(scopes::get).flatMap(Scope::test);
            if (factory.isPresent()) {
                test.runWhere(factory.get()); // which may have been told where it runs by now
            } else {
                method.flatMap(TestScopeListener::testClass)
                        .map(Applications::reach)
                        .ifPresent(test::runIn);
            }
        }
        return test;
    }

    /** A dynamic test, or an invocation of a template, is where the method around it is, and holds its locks. */
    private Optional<TestIdentifier> method(TestIdentifier identifier) {
        TestPlan testPlan = plan;
        for (TestIdentifier each = identifier; each != null && testPlan != null; ) {
            if (each.getSource().orElse(null) instanceof MethodSource) {
                return Optional.of(each);
            }
            each = testPlan.getParent(each).orElse(null);
        }
        return Optional.empty();
    }

    private Optional<Set<String>> claims(TestIdentifier test) {
        TestPlan testPlan = plan;
        return testPlan != null && test.getSource().orElse(null) instanceof MethodSource method
                ? claims(method, enclosing(testPlan, test, method))
                : Optional.empty();
    }

    /** The classes around a test class, outermost first, as they are in the plan. */
    private static List<Class<?>> enclosing(TestPlan testPlan, TestIdentifier test, MethodSource source) {
        List<Class<?>> classes = new ArrayList<>();
        for (TestIdentifier each = test; each != null; ) {
            if (each.getSource().orElse(null) instanceof ClassSource type
                    && !type.getClassName().equals(source.getClassName())) {
                classes.add(0, type.getJavaClass());
            }
            each = testPlan.getParent(each).orElse(null);
        }
        return classes;
    }

    private static Optional<Set<String>> claims(MethodSource source, List<Class<?>> enclosing) {
        try {
            Method method = source.getJavaMethod();
            return IsolationPlan.of(TestClasses.declared(enclosing, source.getJavaClass()), method)
                    .map(IsolationPlan::locks);
        } catch (RuntimeException | LinkageError notAMethodOfJupiter) {
            // Spock's tests, and those of JUnit 4, may run where there is no Jupiter.
            return Optional.empty();
        }
    }

    private static Optional<Class<?>> testClass(TestIdentifier identifier) {
        try {
            if (identifier.getSource().orElse(null) instanceof MethodSource method) {
                return Optional.of(method.getJavaClass());
            }
            return identifier.getSource().orElse(null) instanceof ClassSource type
                    ? Optional.of(type.getJavaClass())
                    : Optional.empty();
        } catch (RuntimeException | LinkageError notAJavaClass) {
            return Optional.empty();
        }
    }
}
