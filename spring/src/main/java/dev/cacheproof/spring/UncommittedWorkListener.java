package dev.cacheproof.spring;

import dev.cacheproof.Settings;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/** Warns of changes of caches that a transactional test has asked for and will never see. Found by Spring; thread-safe. */
final class UncommittedWorkListener implements TestExecutionListener, Ordered {

    /** Inside the listener that begins the test's transaction, and ends it. */
    @Override
    public int getOrder() {
        return 4_500;
    }

    @Override
    public void afterTestExecution(TestContext testContext) {
        if (!Libraries.TRANSACTIONS || Settings.current().mode() == Settings.Mode.OFF) {
            return;
        }
        List<String> waiting = UncommittedWork.waiting();
        if (!waiting.isEmpty()) {
            Warnings.give(
                    "cacheproof.uncommitted",
                    Warnings.nameOf(testContext) + ": " + String.join(", ", waiting)
                            + " for a commit, which a @Transactional test never makes");
        }
    }
}
