package dev.cacheproof.spring;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import dev.cacheproof.FailureText;
import java.util.List;
import org.springframework.cache.CacheManager;

/** The caches of a manager that failed to list them: nobody knows them, so a test that is to begin cold fails. */
record UnlistedCaches(String bean, CacheManager manager) implements CacheHandle {

    @Override
    public String kind() {
        return "caches of a " + manager.getClass().getSimpleName() + " that failed to list them";
    }

    @Override
    public String strategy() {
        return "fails until they can be listed";
    }

    /** Those of a manager that works by now are found one by one. */
    @Override
    public void reset() {
        try {
            List.copyOf(manager.getCacheNames()).forEach(manager::getCache);
        } catch (RuntimeException | LinkageError failed) {
            throw new IllegalStateException(
                    FailureText.of("the cache manager \"" + bean + "\" cannot list its caches: " + failed)
                            .hint("mend it, or leave its caches out: @CacheIsolation(only = ...)")
                            .toString(),
                    failed);
        }
    }

    @Override
    public CacheView view() {
        return CacheView.of(0, List.of(), -1);
    }
}
