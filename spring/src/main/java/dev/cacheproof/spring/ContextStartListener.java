package dev.cacheproof.spring;

import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Starts a context in a scope of its own, just before the first test that uses it would: what it asks for then is no test's,
 * and so it is not for a test that runs beside it to explain. Found by Spring.
 */
final class ContextStartListener implements TestExecutionListener, Ordered {

    /** After Spring's own listeners that prepare the start, and before the one that injects. */
    private static final int BEFORE_INJECTION = 1_990;

    @Override
    public int getOrder() {
        return BEFORE_INJECTION;
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
    }
}
