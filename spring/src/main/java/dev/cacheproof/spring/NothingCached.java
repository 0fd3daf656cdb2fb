package dev.cacheproof.spring;

import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;

/** Why nothing may be cached in a context. */
final class NothingCached {

    private NothingCached() {}

    /** Returns what is to be told where a cache is missed; empty where Spring would cache. */
    static List<String> reasons(ConfigurableListableBeanFactory beans) {
        if (Stream.of(CacheManager.class, Cache.class).noneMatch(type -> has(beans, type))) {
            return List.of("a Spring context has no cache manager: @EnableCaching is missing; or it is a slice, such as"
                    + " @DataJpaTest,\nwhich has none, and whose tests need no @CacheIsolation");
        }
        return has(beans, CacheAspectSupport.class)
                ? List.of()
                : List.of("a Spring context lacks @EnableCaching, so @Cacheable does nothing in it");
    }

    private static boolean has(ConfigurableListableBeanFactory beans, Class<?> type) {
        return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type, true, false).length > 0;
    }
}
