package dev.cacheproof.spring;

import dev.cacheproof.CacheRegistry;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Lets a test without {@code @CacheIsolation} know the caches of its application, so that its assertions can make them cold;
 * and lets no write that nobody waited for outlive the test that began it. Found by Spring; thread-safe.
 */
final class ContextCachesListener implements TestExecutionListener, Ordered {

    /** After those that may give the test another context, and dependencies of that. */
    static final int ORDER = 2_500;

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public void beforeTestMethod(TestContext testContext) {
        WatchedContext watched = WatchedContext.of(testContext);
        if (watched != null) {
            watched.watchWrites();
            Scope.current()
                    .flatMap(Scope::test)
                    .ifPresent((RunningTest test) ->
                            test.registryIfAbsent(() -> CacheRegistry.global().extended(watched.caches())));
        }
    }

    @Override
    public void afterTestExecution(TestContext testContext) throws InterruptedException {
        settle(testContext);
    }

    @Override
    public void afterTestMethod(TestContext testContext) throws InterruptedException {
        settle(testContext);
    }

    private static void settle(TestContext testContext) throws InterruptedException {
        WatchedContext watched = WatchedContext.of(testContext);
        if (watched != null) {
            watched.settle();
        }
    }
}
