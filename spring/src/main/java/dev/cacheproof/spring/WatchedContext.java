package dev.cacheproof.spring;

import dev.cacheproof.CacheRegistry;
import dev.cacheproof.junit.TestApplication;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/** What is watched in one context, as long as it lives. Thread-safe. */
final class WatchedContext implements TestApplication {

    private static final boolean HIBERNATE = ClassUtils.isPresent(
            "org.hibernate.engine.spi.SessionFactoryImplementor", WatchedContext.class.getClassLoader());

    private final String lockId;
    private final ConfigurableListableBeanFactory beans;
    private final Map<FakeDefinition, Object> fakes;
    private final List<CacheSource> sources = sources();
    private final CacheRegistry caches = CacheRegistry.growing(this::addNewCaches);

    WatchedContext(String lockId, ConfigurableListableBeanFactory beans, Map<FakeDefinition, Object> fakes) {
        this.lockId = lockId;
        this.beans = beans;
        this.fakes = fakes;
    }

    private static List<CacheSource> sources() {
        List<CacheSource> sources = new ArrayList<>(List.of(new CacheManagerSource()));
        if (HIBERNATE) {
            sources.add(new SecondLevelSource());
        }
        return sources;
    }

    Map<FakeDefinition, Object> fakes() {
        return fakes;
    }

    @Override
    public String lockId() {
        return lockId;
    }

    @Override
    public CacheRegistry caches() {
        return caches;
    }

    private void addNewCaches(CacheRegistry registry) {
        for (CacheSource source : sources) {
            source.caches(beans).forEach((id, cache) -> {
                if (!registry.ids().contains(id)) {
                    registry.addOf(lockId, id, () -> cache);
                }
            });
        }
    }

    @Override
    public @Nullable Object fake(Class<?> type, String name) {
        return fakes.get(new FakeDefinition(type, name));
    }
}
