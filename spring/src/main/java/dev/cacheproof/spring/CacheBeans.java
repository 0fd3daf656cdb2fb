package dev.cacheproof.spring;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/** Beans that are caches, or have some. A map is none: nobody knows what an application keeps in its maps. */
final class CacheBeans {

    private static final String[] OF_LIBRARIES = {
        "com.github.benmanes.caffeine.cache.Cache", "com.github.benmanes.caffeine.cache.AsyncCache", "javax.cache.Cache"
    };

    private CacheBeans() {}

    static Map<String, Object> existing(ExistingBeans beans) {
        Map<String, Object> existing = new LinkedHashMap<>(beans.ofType(Cache.class));
        for (String type : OF_LIBRARIES) {
            existing.putAll(beans.ofType(type));
        }
        existing.values().removeIf(CacheBeans::isMock);
        return existing;
    }

    /** Returns the managers of caches. */
    static Map<String, CacheManager> managers(ExistingBeans beans) {
        Map<String, CacheManager> managers = beans.ofType(CacheManager.class);
        managers.values().removeIf(CacheBeans::isMock);
        return managers;
    }

    /**
     * A test may verify that nobody has asked a mock, and behind it is nothing. Known by its name: to ask Mockito would
     * initialize it, in suites that have no mock and where it cannot be. A mock of a class may be an object of that very class;
     * it is asked as any other.
     */
    private static boolean isMock(Object bean) {
        return bean.getClass().getName().contains("$MockitoMock$");
    }

    /** Says whether a cache of Spring is a view of a library's cache. */
    @SuppressWarnings("ReferenceEquality") // two caches that are equal are still two
    static boolean wraps(Cache spring, Object cache) {
        return spring.getNativeCache() == cache || (Libraries.CAFFEINE && CaffeineCaches.isAsynchronous(spring, cache));
    }
}
