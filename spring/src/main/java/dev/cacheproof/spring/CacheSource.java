package dev.cacheproof.spring;

import dev.cacheproof.CacheHandle;
import java.util.LinkedHashMap;
import java.util.Map;
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

    /** Finds the beans of a type that exist, by name. A bean that was not needed yet has nothing to make cold. */
    static <T> Map<String, T> existing(ConfigurableListableBeanFactory beans, Class<T> type) {
        Map<String, T> existing = new LinkedHashMap<>();
        for (String name : beans.getBeanNamesForType(type, false, false)) {
            if (beans.containsSingleton(name)) {
                existing.put(name, beans.getBean(name, type));
            }
        }
        return existing;
    }
}
