package dev.cacheproof.junit;

import dev.cacheproof.CacheRegistry;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestInstances;

/**
 * Drives the isolation engine around each test, and the life of its fakes; see {@link CacheIsolation} and {@link Fake}.
 * Registered by these annotations, or for all tests by JUnit's extension auto-detection. Stateless and thread-safe: what a test needs is in its store.
 *
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class CacheIsolationExtension
        implements BeforeAllCallback,
                BeforeEachCallback,
                BeforeTestExecutionCallback,
                AfterEachCallback,
                InvocationInterceptor {

    private static final Namespace NAMESPACE = Namespace.create(CacheIsolationExtension.class);

    /** Creates the extension; called by JUnit. */
    public CacheIsolationExtension() {}

    /** Starts the fakes that the tests of a class share. */
    @Override
    public void beforeAll(ExtensionContext context) {
        Class<?> testClass = context.getRequiredTestClass();
        List<?> instances =
                context.getTestInstances().map(TestInstances::getAllInstances).orElse(List.of());
        List<TestField> fields = FakeFields.of(TestClasses.of(context)).fields();
        TestApplication application = fields.stream().anyMatch(TestField::isShared) ? Applications.of(context) : null;
        for (TestField field : fields) {
            if (!field.isShared() || !field.isWithin(instances)) {
                continue;
            }
            boolean ofAroundClass = field.testClass() != testClass && field.isStatic();
            Object provided = application == null ? null : FakeFields.provided(field, application);
            if (application != null && provided != null) {
                sharedFakes(context).adopt(field, instances, provided, application.lockId());
            } else if (!ofAroundClass) {
                // Whoever inherits a field does not know which class of the run is the last to use it.
                boolean inherited = field.isStatic() && field.field().getDeclaringClass() != testClass;
                Store store = inherited ? context.getRoot().getStore(NAMESPACE) : store(context);
                store.getOrComputeIfAbsent(field, wanted -> sharedFakes(context).lease(field, instances));
            }
        }
    }

    private static Settings settings(ExtensionContext context) {
        return Settings.resolve(context::getConfigurationParameter);
    }

    private static SharedFakes sharedFakes(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        SharedFakes.class,
                        key -> new SharedFakes(settings(context).mode()),
                        SharedFakes.class);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Settings settings = settings(context);
        TestFakes fakes = new TestFakes(settings);
        // Stored first, so that what was started is ended also if the next does not start.
        store(context).put(TestFakes.class, fakes);
        TestClasses classes = TestClasses.of(context);
        FakeFields fields = FakeFields.of(classes);
        TestApplication application = Applications.of(context);
        fakes.start(
                fields.names(settings.mode() == Settings.Mode.OFF ? Set.of() : taken(classes, application)),
                context.getRequiredTestInstances().getAllInstances(),
                sharedFakes(context),
                application);
        if (settings.mode() == Settings.Mode.OFF) {
            Scope.current().flatMap(Scope::test).ifPresent(fakes::usedBy);
            fakes.renew();
            return;
        }
        Optional<IsolationPlan> annotated = IsolationPlan.of(classes, context.getRequiredTestMethod());
        Optional<IsolationPlan> plan = settings.isolation() == Settings.Isolation.ALL
                ? annotated.or(() -> Optional.of(IsolationPlan.ofEveryTest(classes)))
                : annotated.or(() -> fakes.isEmpty() ? Optional.empty() : Optional.of(IsolationPlan.ofFakes(fields)));
        if (plan.isEmpty()) {
            return;
        }
        try {
            begin(
                    context,
                    new Isolation(
                            context, plan.get(), annotated.isPresent(), settings, runOf(context), fakes, application));
        } catch (RuntimeException | AssertionError broken) {
            if (settings.mode() == Settings.Mode.ENFORCE) {
                throw broken;
            }
            tell(broken instanceof AssertionError ? String.valueOf(broken.getMessage()) : broken.toString(), context);
        }
    }

    /** An isolation that has begun publishes at its end what was told. */
    private static void tell(String text, ExtensionContext context) {
        Settings.Mode.tell(text);
        if (isolation(context) == null) {
            context.publishReportEntry("cacheproof.wouldFail", text);
        }
    }

    /** Returns the ids of the caches that a test may have besides its fakes. */
    private static Set<String> taken(TestClasses classes, @Nullable TestApplication application) {
        Set<String> taken = new HashSet<>(CacheFields.of(classes).ids());
        if (application != null) {
            taken.addAll(application.caches().ids());
        }
        try {
            taken.addAll(CacheRegistry.global().ids());
        } catch (IllegalStateException brokenRegistrar) {
            // Told when the isolation begins, as the mode demands.
        }
        return taken;
    }

    private static void begin(ExtensionContext context, Isolation isolation) {
        // Stored first, so that what it has opened is closed also if it cannot begin.
        store(context).put(Isolation.class, isolation);
        isolation.begin();
    }

    /** One object for all tests of one run of the engine. */
    private static Object runOf(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent("run", key -> new Object());
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        beginAgainInANewApplication(context);
        Isolation isolation = isolation(context);
        if (isolation != null) {
            isolation.resetLateFields();
        }
    }

    /** A framework whose callbacks come after ours may have ended the application that the test began with. */
    private void beginAgainInANewApplication(ExtensionContext context) {
        TestFakes fakes = store(context).get(TestFakes.class, TestFakes.class);
        if (fakes == null || !fakes.haveLostTheirApplication()) {
            return;
        }
        store(context).remove(TestFakes.class);
        Isolation isolation = store(context).remove(Isolation.class, Isolation.class);
        if (isolation != null) {
            isolation.abandon();
        } else {
            fakes.close();
        }
        beforeEach(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        // Absent where another extension failed before beforeEach was called: JUnit calls this all the same.
        Isolation isolation = store(context).remove(Isolation.class, Isolation.class);
        TestFakes fakes = store(context).remove(TestFakes.class, TestFakes.class);
        if (isolation != null) {
            isolation.end();
        } else if (fakes != null) {
            fakes.close();
        }
    }

    private static Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }

    static boolean isIsolated(ExtensionContext context) {
        return isolation(context) != null;
    }

    private static @Nullable Isolation isolation(ExtensionContext context) {
        return store(context).get(Isolation.class, Isolation.class);
    }

    /**
     * A constructor runs before the launcher's listener hears of the test, and on any thread; what it asks for belongs to the
     * test's fixture, not to a test that happens to run beside it.
     */
    @Override
    public <T> T interceptTestClassConstructor(
            Invocation<T> invocation,
            ReflectiveInvocationContext<Constructor<T>> invocationContext,
            ExtensionContext context)
            throws Throwable {
        String name = "constructor of " + invocationContext.getTargetClass().getSimpleName();
        try (Scope scope = Scope.named(name).root().open()) {
            return invocation.proceed();
        }
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext,
            ExtensionContext context)
            throws Throwable {
        beginAgainInANewApplication(context);
        insideScope(invocation, context);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext,
            ExtensionContext context)
            throws Throwable {
        insideScope(invocation, context);
    }

    @Override
    public <T> T interceptTestFactoryMethod(
            Invocation<T> invocation, ReflectiveInvocationContext<Method> invocationContext, ExtensionContext context)
            throws Throwable {
        return insideScope(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext,
            ExtensionContext context)
            throws Throwable {
        insideScope(invocation, context);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> invocation,
            ReflectiveInvocationContext<Method> invocationContext,
            ExtensionContext context)
            throws Throwable {
        insideScope(invocation, context);
    }

    /** {@code @Timeout} may run the method on another thread than the callbacks. */
    private static <T extends @Nullable Object> T insideScope(Invocation<T> invocation, ExtensionContext context)
            throws Throwable {
        Isolation isolation = isolation(context);
        if (isolation == null) {
            return invocation.proceed();
        }
        try (Scope.Attachment attached = isolation.scope().attach()) {
            return invocation.proceed();
        }
    }

    /** The callbacks around each test are called once for all dynamic tests of a factory. */
    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation, DynamicTestInvocationContext invocationContext, ExtensionContext context)
            throws Throwable {
        Isolation isolation = isolation(context);
        if (isolation == null) {
            invocation.proceed();
            return;
        }
        try (Isolation.Turn turn = isolation.awaitTurn()) {
            inTurn(invocation, context, isolation);
        }
    }

    private static void inTurn(Invocation<Void> invocation, ExtensionContext context, Isolation isolation)
            throws Throwable {
        // The launcher's listener gives each dynamic test a scope; without it, all are in that of the factory.
        Scope scope = Scope.current().map(Scope::root).orElseGet(isolation::scope);
        scope.test().ifPresent((RunningTest test) -> test.registry(isolation.registry()));
        isolation.reset();
        isolation.fakes().belongTo(scope);
        try (Scope.Attachment attached = scope.attach()) {
            invocation.proceed();
        } catch (Throwable failure) {
            isolation.fakes().explain(failure);
            throw failure;
        } finally {
            isolation.fakes().belongTo(isolation.scope());
            if (scope != isolation.scope()) {
                Isolation.publish(scope, context);
            }
            isolation.reset();
        }
    }
}
