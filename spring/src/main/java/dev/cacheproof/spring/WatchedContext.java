package dev.cacheproof.spring;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.junit.TestApplication;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestContext;

/**
 * What is watched in one context, as long as it lives. A child has the fakes and the caches of its parent, too: its beans use
 * them. Thread-safe.
 */
final class WatchedContext implements TestApplication, DisposableBean {

    private final String id;
    private final String lockId;
    private final @Nullable WatchedContext parent;
    private final ConfigurableListableBeanFactory beans;
    private final Map<FakeDefinition, Object> fakes;
    private final RedisContext redis;
    private final List<CacheSource> sources;
    private final CacheRegistry caches = CacheRegistry.growing(this::addNewCaches, this::expectsMore);

    /** Which caches of which context are in the registry; used under its lock. */
    private final Set<Map.Entry<WatchedContext, String>> added = new HashSet<>();

    private volatile boolean ended;

    WatchedContext(
            String id,
            String lockId,
            @Nullable WatchedContext parent,
            ConfigurableListableBeanFactory beans,
            Map<FakeDefinition, Object> fakes,
            RedisContext redis) {
        this.id = id;
        this.lockId = lockId;
        this.parent = parent;
        this.beans = beans;
        this.fakes = fakes;
        this.redis = redis;
        this.sources = sources(redis);
    }

    /** Finds that of a test; null where its context could not start, or was closed: it is not started again for this. */
    static @Nullable WatchedContext of(TestContext test) {
        return test.hasApplicationContext() ? of(test.getApplicationContext()) : null;
    }

    /** Finds what is watched in a context, or in the nearest around it; null where nothing is. */
    static @Nullable WatchedContext of(@Nullable ApplicationContext context) {
        return context == null
                ? null
                : context.getBeanProvider(WatchedContext.class).getIfAvailable();
    }

    private static List<CacheSource> sources(RedisContext redis) {
        List<CacheSource> sources = new ArrayList<>(List.of(new CacheManagerSource(new CacheHandles(redis))));
        if (Libraries.HIBERNATE) {
            sources.add(new SecondLevelSource());
        }
        return sources;
    }

    /** Returns the ids of this context and of those around it. */
    Set<String> reach() {
        Set<String> reach = new HashSet<>();
        for (WatchedContext each = this; each != null; each = each.parent) {
            reach.add(each.id);
        }
        return reach;
    }

    Map<FakeDefinition, Object> fakes() {
        return fakes;
    }

    /** A client that was replaced is watched from now on. */
    void watchWrites() {
        redis.writes().watch(beans);
        if (parent != null) {
            parent.watchWrites();
        }
    }

    /** Waits for writes that were begun and whose callers did not wait. */
    void settle() throws InterruptedException {
        redis.settle();
        if (parent != null) {
            parent.settle();
        }
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
        for (WatchedContext each = this; each != null; each = each.parent) {
            WatchedContext owner = each;
            ExistingBeans existing = ExistingBeans.of(owner.beans);
            for (CacheSource source : owner.sources) {
                source.caches(existing).forEach((id, cache) -> {
                    if (added.add(Map.entry(owner, id))) {
                        add(registry, shownId(registry, owner, id), cache);
                    }
                });
            }
        }
    }

    /** A parent's cache has a name of its own where one of this context has its name, or may have it later. */
    private String shownId(CacheRegistry registry, WatchedContext owner, String id) {
        String origin = owner == this ? " (child context)" : " (parent context)";
        String shown = owner != this && makesCaches() ? id + origin : id;
        while (registry.ids().contains(shown)) {
            shown += origin;
        }
        return shown;
    }

    private void add(CacheRegistry registry, String id, CacheHandle cache) {
        if (cache instanceof SpringCache own && own.liesInItsContext()) {
            registry.addWithin(lockId, id, () -> cache);
        } else {
            registry.addOf(lockId, id, () -> cache);
        }
    }

    private boolean expectsMore() {
        return makesCaches() || (parent != null && parent.expectsMore());
    }

    private boolean makesCaches() {
        ExistingBeans existing = ExistingBeans.of(beans);
        return sources.stream().anyMatch(source -> source.expectsMore(existing));
    }

    /** Where a context and its parent could make them, the application takes those of the context. */
    @Override
    public Set<String> open(Set<String> ids) {
        if (parent != null && !makesCaches()) {
            return parent.open(ids);
        }
        ExistingBeans existing = ExistingBeans.of(beans);
        Set<String> known = new HashSet<>();
        sources.forEach(source -> known.addAll(source.open(existing, ids)));
        return known;
    }

    @Override
    public @Nullable Object fake(Class<?> type, String name) {
        FakeDefinition definition = new FakeDefinition(type, name);
        if (Libraries.REDIS && type == FakeRedis.class && (parent != null || fakes.containsKey(definition))) {
            FakeUse.require(name, (FakeRedis) fakes.get(definition), isOfTheHierarchy(definition), beans);
        }
        return fakes.get(definition);
    }

    private boolean isOfTheHierarchy(FakeDefinition definition) {
        return fakes.containsKey(definition) && (parent == null || parent.isOfTheHierarchy(definition));
    }
}
