package dev.cacheproof.spring;

import dev.cacheproof.CacheHandle;
import java.util.Map;
import java.util.Set;

/** One way in which a context may have caches. */
interface CacheSource {

    /**
     * Finds the caches that there are now, and makes none.
     *
     * @param beans a look at the beans of the context
     * @return the caches by id; of one id, the cache that was found first stays
     */
    Map<String, CacheHandle> caches(ExistingBeans beans);

    /**
     * Says whether more caches may appear.
     *
     * @param beans a look at the beans of the context
     * @return false unless something is there that makes caches when they are first used
     */
    default boolean expectsMore(ExistingBeans beans) {
        return false;
    }

    /**
     * Makes caches as the application would when it first uses them, where it can.
     *
     * @param beans a look at the beans of the context
     * @param names the names of the caches
     * @return the names of those that the application is known to use
     */
    default Set<String> open(ExistingBeans beans, Set<String> names) {
        return Set.of();
    }
}
