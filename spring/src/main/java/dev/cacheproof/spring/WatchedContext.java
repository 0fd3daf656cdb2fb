package dev.cacheproof.spring;

import dev.cacheproof.CacheRegistry;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.junit.TestApplication;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.test.context.TestContext;

/** What is watched in one context, as long as it lives. Thread-safe. */
final class WatchedContext implements TestApplication, DisposableBean {

    private final String lockId;
    private final ConfigurableListableBeanFactory beans;
    private final Map<FakeDefinition, Object> fakes;
    private final RedisContext redis;
    private final List<CacheSource> sources;
    private final CacheRegistry caches = CacheRegistry.growing(this::addNewCaches, this::expectsMore);

    private volatile boolean ended;

    WatchedContext(
            String lockId,
            ConfigurableListableBeanFactory beans,
            Map<FakeDefinition, Object> fakes,
            RedisContext redis) {
        this.lockId = lockId;
        this.beans = beans;
        this.fakes = fakes;
        this.redis = redis;
        this.sources = sources(redis);
    }

    /** Finds that of a test; null where its context could not start, or was closed: it is not started again for this. */
    static @Nullable WatchedContext of(TestContext test) {
        return test.hasApplicationContext()
                ? test.getApplicationContext()
                        .getBeanProvider(WatchedContext.class)
                        .getIfAvailable()
                : null;
    }

    RedisContext redis() {
        return redis;
    }

    private static List<CacheSource> sources(RedisContext redis) {
        List<CacheSource> sources = new ArrayList<>(List.of(new CacheManagerSource(new CacheHandles(redis))));
        if (Libraries.HIBERNATE) {
            sources.add(new SecondLevelSource());
        }
        return sources;
    }

    Map<FakeDefinition, Object> fakes() {
        return fakes;
    }

    /** A client that was replaced is watched from now on. */
    void watchWrites() {
        redis.writes().watch(beans);
    }

    @Override
    public boolean isRunning() {
        return !ended;
    }

    /** The context has been closed. */
    @Override
    public void destroy() {
        ended = true;
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
                    if (cache instanceof SpringCache own && own.liesInItsContext()) {
                        registry.addWithin(lockId, id, () -> cache);
                    } else {
                        registry.addOf(lockId, id, () -> cache);
                    }
                }
            });
        }
    }

    private boolean expectsMore() {
        return sources.stream().anyMatch(source -> source.expectsMore(beans));
    }

    @Override
    public void open(Set<String> ids) {
        sources.forEach(source -> source.open(beans, ids));
    }

    @Override
    public @Nullable Object fake(Class<?> type, String name) {
        Object fake = fakes.get(new FakeDefinition(type, name));
        if (Libraries.REDIS && fake instanceof FakeRedis server) {
            FakeUse.require(name, server, beans);
        }
        return fake;
    }
}
