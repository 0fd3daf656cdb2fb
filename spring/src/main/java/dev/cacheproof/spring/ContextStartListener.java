package dev.cacheproof.spring;

import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Starts a context in a scope of its own, just before the first test that uses it would: what it asks for then is no test's,
 * and so it is not for a test that runs beside it to explain. Found by Spring.
 */
final class ContextStartListener implements TestExecutionListener, Ordered {

    /** Before all of Spring's own, since that for web applications, the first of them, starts a context as well. */
    private static final int BEFORE_SPRINGS_OWN = 990;

    @Override
    public int getOrder() {
        return BEFORE_SPRINGS_OWN;
    }

    @Override
    public void prepareTestInstance(TestContext context) {
        if (Settings.current().mode() == Settings.Mode.OFF) {
            return;
        }
        String name = "start of the context of " + context.getTestClass().getSimpleName();
        try (Scope start = Scope.named(name).root().shared().open()) {
            context.getApplicationContext();
        }
        tellWhereItRuns(context);
    }

    @Override
    public void beforeTestMethod(TestContext context) {
        if (Settings.current().mode() != Settings.Mode.OFF) {
            tellWhereItRuns(context);
        }
    }

    /** What was said of the test before it began may be of a context that equals this one no more. */
    private static void tellWhereItRuns(TestContext context) {
        WatchedContext watched = WatchedContext.of(context);
        if (watched != null) {
            Set<String> reach = watched.reach();
            reach.addAll(SpringContexts.reachAround(context.getTestClass()));
            Scope.current().flatMap(Scope::test).ifPresent(test -> test.runIn(reach));
        }
    }
}
