package dev.cacheproof.spring;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/** The caches of Spring's cache managers. */
final class CacheManagerSource implements CacheSource {

    @Override
    public Map<String, CacheHandle> caches(ConfigurableListableBeanFactory beans) {
        Map<String, CacheHandle> caches = new LinkedHashMap<>();
        CacheSource.existing(beans, CacheManager.class).forEach((bean, manager) -> {
            for (String name : manager.getCacheNames()) {
                Cache cache = manager.getCache(name);
                if (cache != null) {
                    caches.put(name, new Handle(cache));
                }
            }
        });
        return caches;
    }

    private record Handle(Cache cache) implements CacheHandle {

        @Override
        public String kind() {
            return "Spring cache";
        }

        @Override
        public String strategy() {
            return "invalidate";
        }

        /** Never {@code clear}: it may be deferred to the end of a transaction, which a test does not commit. */
        @Override
        public void reset() {
            cache.invalidate();
        }

        @Override
        public CacheView view() {
            return CacheView.of(0, java.util.List.of(), 0);
        }
    }
}
