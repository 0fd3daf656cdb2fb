package dev.cacheproof.spring;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.cache.internal.NoCachingRegionFactory;
import org.hibernate.cache.spi.CacheImplementor;
import org.hibernate.cache.spi.RegionFactory;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.jspecify.annotations.Nullable;

/** Hibernate's second-level caches, with those of collections, natural ids and queries. */
final class SecondLevelSource implements CacheSource {

    @Override
    public Map<String, CacheHandle> caches(ExistingBeans beans) {
        Map<String, CacheHandle> caches = new LinkedHashMap<>();
        beans.ofType(EntityManagerFactory.class).forEach((bean, factory) -> {
            CacheImplementor cache = cache(factory);
            if (cache != null && !(regions(cache) instanceof NoCachingRegionFactory)) {
                caches.put("second-level cache of " + bean, new Handle(cache));
            }
        });
        return caches;
    }

    /** Hibernate may be on the class path, and another provider in use, or a mock, which unwraps to null. */
    private static @Nullable CacheImplementor cache(EntityManagerFactory factory) {
        try {
            SessionFactoryImplementor hibernate = factory.unwrap(SessionFactoryImplementor.class);
            return hibernate == null ? null : hibernate.getCache();
        } catch (PersistenceException | IllegalArgumentException | ClassCastException ofAnotherProvider) {
            return null;
        }
    }

    private static RegionFactory regions(CacheImplementor cache) {
        return cache.getRegionFactory();
    }

    private record Handle(CacheImplementor cache) implements CacheHandle {

        @Override
        public String kind() {
            return "Hibernate second-level cache";
        }

        @Override
        public String strategy() {
            return "evictAllRegions";
        }

        /** Never JPA's {@code evictAll}: it leaves collections, natural ids and the results of queries. */
        @Override
        public void reset() {
            cache.evictAllRegions();
        }

        @Override
        public CacheView view() {
            WatchedRegions watched = WatchedRegions.behind(regions(cache));
            return watched == null ? CacheView.of(0, List.of(), -1) : watched.view();
        }
    }
}
