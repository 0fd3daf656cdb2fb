package dev.cacheproof.junit;

import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.query.QueryAssertions;
import dev.cacheproof.query.QueryCheck;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Counts what the body of a test asks for; see {@link ExpectQueries}. Stateless: what a test needs is in its store. */
final class ExpectQueriesExtension implements BeforeTestExecutionCallback, InvocationInterceptor {

    private static final Namespace NAMESPACE = Namespace.create(ExpectQueriesExtension.class);

    /** Remembers the test's scope: {@code @Timeout} may run the body on a thread that is in none. */
    @Override
    public void beforeTestExecution(ExtensionContext context) {
        Scope.current()
                .map(Scope::root)
                .ifPresent(scope -> context.getStore(NAMESPACE).put(Scope.class, scope));
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        expect(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        expect(invocation, context);
    }

    @Override
    public <T> T interceptTestFactoryMethod(
            Invocation<T> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        throw new IllegalArgumentException(
                "@ExpectQueries on " + method.getExecutable().getName()
                        + " counts nothing: the dynamic tests of a @TestFactory run after it. Use assertNumQueries in each.");
    }

    private static void expect(Invocation<Void> invocation, ExtensionContext context) throws Throwable {
        Bounds bounds = Bounds.of(context.getRequiredTestMethod());
        Settings settings = Settings.resolve(context::getConfigurationParameter);
        if (settings.mode() == Settings.Mode.OFF) {
            invocation.proceed();
            return;
        }
        Scope scope = context.getStore(NAMESPACE).get(Scope.class, Scope.class);
        if (scope != null) {
            try (Scope.Attachment attached = scope.attach()) {
                bounds.expect(invocation, context);
            }
            publish(scope, context);
            return;
        }
        // The launcher's listener is absent, and the test is not isolated.
        RunningTest test = RunningTest.undeclared(context.getUniqueId(), context.getDisplayName(), NAMESPACE, settings);
        try (Scope own = Scope.named(context.getDisplayName()).root().test(test).open()) {
            bounds.expect(invocation, context);
            publish(own, context);
        }
    }

    /** Where the test is isolated, its isolation publishes what was found. */
    private static void publish(Scope scope, ExtensionContext context) {
        if (!CacheIsolationExtension.isIsolated(context)) {
            Isolation.publish(scope, context);
        }
    }

    private record Bounds(int atLeast, int atMost, List<String> ignoring) {

        static Bounds of(Method method) {
            ExpectQueries wanted = AnnotationSupport.findAnnotation(method, ExpectQueries.class)
                    .orElseThrow();
            boolean between = isSet(wanted.atLeast()) || isSet(wanted.atMost());
            if (isSet(wanted.value()) == between) {
                throw refused(method, between ? "gives both an exact number and bounds" : "gives no number");
            }
            int atLeast = number(method, "value", wanted.value(), number(method, "atLeast", wanted.atLeast(), 0));
            int atMost = number(
                    method, "value", wanted.value(), number(method, "atMost", wanted.atMost(), Integer.MAX_VALUE));
            if (atMost < atLeast) {
                throw refused(method, "has atMost = " + atMost + ", which is below atLeast = " + atLeast);
            }
            return new Bounds(atLeast, atMost, List.of(wanted.ignoring()));
        }

        private static boolean isSet(int number) {
            return number != ExpectQueries.UNSET;
        }

        private static int number(Method method, String name, int number, int absent) {
            if (!isSet(number)) {
                return absent;
            }
            if (number < 0) {
                throw refused(method, "has " + name + " = " + number + ", which must not be negative");
            }
            return number;
        }

        private static IllegalArgumentException refused(Method method, String why) {
            return new IllegalArgumentException("@ExpectQueries on " + method.getName() + " " + why
                    + ". Write @ExpectQueries(3), @ExpectQueries(atMost = 3), @ExpectQueries(atLeast = 1),"
                    + " or atLeast and atMost.");
        }

        void expect(Invocation<Void> invocation, ExtensionContext context) {
            String test = context.getRequiredTestClass().getSimpleName() + "."
                    + context.getRequiredTestMethod().getName() + "()";
            QueryCheck check = QueryAssertions.describedAs("the test " + test);
            for (String threads : ignoring) {
                check = check.ignoring(QueryAssertions.threads(threads));
            }
            check.assertNumQueriesBetween(atLeast, atMost, () -> proceed(invocation));
        }

        private static @Nullable Void proceed(Invocation<Void> invocation) {
            try {
                return invocation.proceed();
            } catch (Throwable thrown) {
                throw Bounds.<RuntimeException>asItIs(thrown);
            }
        }

        @SuppressWarnings("unchecked") // the cast is erased
        private static <X extends Throwable> RuntimeException asItIs(Throwable thrown) throws X {
            throw (X) thrown;
        }
    }
}
