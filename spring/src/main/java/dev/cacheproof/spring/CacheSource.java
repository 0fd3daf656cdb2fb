package dev.cacheproof.spring;

import dev.cacheproof.CacheHandle;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** One way in which a context may have caches. */
interface CacheSource {

    /**
     * Finds the caches that there are now, and makes none.
     *
     * @param beans the beans of the context
     * @return the caches by id; of one id, the cache that was found first stays
     */
    Map<String, CacheHandle> caches(ConfigurableListableBeanFactory beans);

    /**
     * Says whether more caches may appear.
     *
     * @param beans the beans of the context
     * @return false unless something is there that makes caches when they are first used
     */
    default boolean expectsMore(ConfigurableListableBeanFactory beans) {
        return false;
    }

    /**
     * Makes caches as the application would when it first uses them, where it can.
     *
     * @param beans the beans of the context
     * @param names the names of the caches
     */
    default void open(ConfigurableListableBeanFactory beans, Set<String> names) {}

    /** Finds the beans of a type that exist, by name. */
    static <T> Map<String, T> existing(ConfigurableListableBeanFactory beans, Class<T> type) {
        return ExistingBeans.of(beans).ofType(type);
    }
}
