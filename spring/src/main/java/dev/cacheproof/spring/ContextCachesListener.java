package dev.cacheproof.spring;

import dev.cacheproof.CacheRegistry;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Lets a test without {@code @CacheIsolation} know the caches of its application, so that its assertions can make them cold;
 * and lets no write that nobody waited for outlive the test that began it. Found by Spring; thread-safe.
 */
final class ContextCachesListener implements TestExecutionListener, Ordered {

    /** After those that may give the test another context, and dependencies of that. */
    @Override
    public int getOrder() {
        return 2_500;
    }

    @Override
    public void beforeTestMethod(TestContext testContext) {
        WatchedContext watched = watched(testContext);
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
        WatchedContext watched = watched(testContext);
        if (watched != null) {
            watched.redis().settle();
        }
    }

    /** A context that could not start, or was closed by its test, is not started again for this. */
    private static @Nullable WatchedContext watched(TestContext testContext) {
        return testContext.hasApplicationContext()
                ? testContext
                        .getApplicationContext()
                        .getBeanProvider(WatchedContext.class)
                        .getIfAvailable()
                : null;
    }
}
