package dev.cacheproof.spring;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * The caches of Spring's cache managers, and those that are beans themselves. A cache that several of them have, as a
 * composite manager and its parts do, is found once. Used under the lock of the registry that it fills.
 */
final class CacheManagerSource implements CacheSource {

    private final CacheHandles handles;

    /** What was found so far: an id stays with its cache. */
    private final Map<String, CacheHandle> found = new LinkedHashMap<>();

    private final IdentityHashMap<Object, String> idsByCache = new IdentityHashMap<>();

    /** By the manager's bean and the name, since a manager may replace a cache. */
    private final Map<List<String>, String> idsByName = new HashMap<>();

    CacheManagerSource(CacheHandles handles) {
        this.handles = handles;
    }

    /** A cache by the manager that has it. */
    private record Named(String bean, CacheManager manager, String name, Object identity) {

        /** A manager may replace a cache, and may have dropped it. To ask for one that it does not have might make it. */
        @Nullable
        Cache now() {
            return manager.getCacheNames().contains(name) ? manager.getCache(name) : null;
        }
    }

    @Override
    public synchronized Map<String, CacheHandle> caches(ConfigurableListableBeanFactory beans) {
        List<Named> appeared = appeared(beans);
        for (Named cache : appeared) {
            String known = idsByName.get(List.of(cache.bean, cache.name));
            if (known != null) {
                idsByCache.put(cache.identity, known);
                continue;
            }
            boolean ambiguous = appeared.stream()
                    .anyMatch(other -> other.name.equals(cache.name) && !other.bean.equals(cache.bean));
            String id = ambiguous || isTaken(cache.name) ? cache.bean + "." + cache.name : cache.name;
            idsByCache.put(cache.identity, id);
            idsByName.put(List.of(cache.bean, cache.name), id);
            found.putIfAbsent(id, new SpringCache(id, cache::now, handles));
        }
        CacheBeans.existing(beans).forEach(this::addBean);
        return found;
    }

    private boolean isTaken(String id) {
        return found.containsKey(id) || CacheRegistry.global().ids().contains(id);
    }

    private List<Named> appeared(ConfigurableListableBeanFactory beans) {
        IdentityHashMap<Object, Named> appeared = new IdentityHashMap<>();
        List<Named> inOrder = new ArrayList<>();
        CacheSource.existing(beans, CacheManager.class).forEach((bean, manager) -> {
            for (String name : List.copyOf(manager.getCacheNames())) {
                Cache cache = manager.getCache(name);
                if (cache == null) {
                    continue;
                }
                Cache target = CacheHandles.target(cache);
                Named named = new Named(bean, manager, name, target);
                if (!idsByCache.containsKey(target) && appeared.putIfAbsent(target, named) == null) {
                    inOrder.add(named);
                }
            }
        });
        return inOrder;
    }

    private void addBean(String bean, Object cache) {
        if (idsByCache.containsKey(cache) || isOfAManager(cache)) {
            return;
        }
        CacheHandle handle = cache instanceof Cache spring
                ? new SpringCache(bean, () -> spring, handles)
                : handles.ofLibrary(bean, cache);
        if (handle != null) {
            String id = isTaken(bean) ? "bean " + bean : bean;
            idsByCache.put(cache, id);
            found.put(id, handle);
        }
    }

    /** A cache of a library may have been given to a manager, which wraps it. */
    private boolean isOfAManager(Object cache) {
        return idsByCache.keySet().stream()
                .anyMatch(known -> known instanceof Cache spring && CacheBeans.wraps(spring, cache));
    }

    /** A manager may make caches when they are first used, and tells nobody whether it does. */
    @Override
    public boolean expectsMore(ConfigurableListableBeanFactory beans) {
        return beans.getBeanNamesForType(CacheManager.class, false, false).length > 0;
    }

    @Override
    public void open(ConfigurableListableBeanFactory beans, Set<String> names) {
        CacheSource.existing(beans, CacheManager.class).values().forEach(manager -> names.forEach(manager::getCache));
    }
}
