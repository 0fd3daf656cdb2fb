package dev.cacheproof.spring;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheView;
import dev.cacheproof.Settings;
import java.util.List;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Lists what each test leaves in the caches of its application, where nothing is reset but all is to be seen: with {@code
 * cacheproof.mode = report}. Needs no annotation. Found by Spring; thread-safe.
 */
final class LeftEntriesListener implements TestExecutionListener, Ordered {

    private static final CacheView NOTHING = CacheView.of(0, List.of(), 0);
    private static final String BEFORE = LeftEntriesListener.class.getName();

    /** Around the listener that waits for writes: what is left is looked at when all have been applied. */
    @Override
    public int getOrder() {
        return ContextCachesListener.ORDER - 1;
    }

    @Override
    public void beforeTestMethod(TestContext test) {
        if (Settings.current().mode() == Settings.Mode.REPORT) {
            test.setAttribute(BEFORE, views(test));
        }
    }

    @Override
    public void afterTestMethod(TestContext test) {
        if (test.removeAttribute(BEFORE) instanceof Map<?, ?> before) {
            views(test).forEach((id, now) -> {
                CacheView then = before.get(id) instanceof CacheView known ? known : NOTHING;
                if (now.entries() > then.entries()) {
                    Warnings.give(
                            "cacheproof.left",
                            Warnings.nameOf(test) + " has left in the cache " + id + ": " + now.changeSince(then));
                }
            });
        }
    }

    /** A cache that cannot be looked at fails no test here. */
    private static Map<String, CacheView> views(TestContext test) {
        WatchedContext watched = WatchedContext.of(test);
        try {
            return watched == null
                    ? Map.of()
                    : CacheIsolationEngine.of(watched.caches()).views();
        } catch (RuntimeException failed) {
            System.getLogger("dev.cacheproof").log(System.Logger.Level.WARNING, "a cache cannot be looked at", failed);
            return Map.of();
        }
    }
}
