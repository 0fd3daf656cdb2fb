package dev.cacheproof.spring;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheRegistry;
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
 * composite manager and its parts do, is found once. Thread-safe.
 *
 * <p>The id of a cache is its name, where its manager is the one that Spring injects. For others, the bean of the manager is
 * named before it, whether or not another cache has the name yet: tests run in any order, and must find the same ids.
 */
final class CacheManagerSource implements CacheSource {

    private final CacheHandles handles;

    /** What was found so far: an id stays with its cache. */
    private final Map<String, CacheHandle> found = new LinkedHashMap<>();

    /** By the manager's bean and the name, since a manager may replace a cache. */
    private final Map<List<String>, String> idsByName = new HashMap<>();

    /** Of those that there were the last time: one that was replaced is not kept. */
    private IdentityHashMap<Object, String> idsByCache = new IdentityHashMap<>();

    CacheManagerSource(CacheHandles handles) {
        this.handles = handles;
    }

    @Override
    public synchronized Map<String, CacheHandle> caches(ExistingBeans beans) {
        Map<String, CacheManager> managers = CacheBeans.managers(beans);
        String injected = injected(beans);
        IdentityHashMap<Object, String> now = new IdentityHashMap<>();
        CacheManager first = managers.remove(injected);
        if (first != null) {
            addAll(injected, first, "", now);
        }
        managers.forEach((bean, manager) -> addAll(bean, manager, bean + ".", now));
        CacheBeans.existing(beans).forEach((bean, cache) -> addBean(bean, cache, now));
        idsByCache = now;
        return new LinkedHashMap<>(found);
    }

    /** Returns the bean's name; empty where Spring would have to be told which one. */
    private static String injected(ExistingBeans existing) {
        ConfigurableListableBeanFactory beans = existing.beans();
        List<String> candidates = existing.names(CacheManager.class).stream()
                .filter(name -> !beans.containsBeanDefinition(name)
                        || beans.getMergedBeanDefinition(name).isAutowireCandidate())
                .toList();
        return candidates.size() == 1
                ? candidates.get(0)
                : candidates.stream()
                        .filter(name -> beans.containsBeanDefinition(name)
                                && beans.getMergedBeanDefinition(name).isPrimary())
                        .findFirst()
                        .orElse("");
    }

    /** A manager that fails concerns the tests alone that make its caches cold. */
    private void addAll(String bean, CacheManager manager, String prefix, Map<Object, String> now) {
        try {
            add(bean, manager, prefix, now);
        } catch (RuntimeException | LinkageError failed) {
            idsByName.computeIfAbsent(List.of(bean), added -> {
                String id = free("caches of " + bean, bean);
                found.put(id, new UnlistedCaches(bean, manager));
                return id;
            });
        }
    }

    private void add(String bean, CacheManager manager, String prefix, Map<Object, String> now) {
        for (String name : List.copyOf(manager.getCacheNames())) {
            Cache cache = manager.getCache(name);
            Object target = cache == null ? null : CacheHandles.target(cache);
            if (target != null && !now.containsKey(target)) {
                String known = idsByCache.get(target);
                now.put(
                        target,
                        known != null
                                ? known
                                : idsByName.computeIfAbsent(
                                        List.of(bean, name), added -> add(bean, manager, name, prefix + name)));
            }
        }
    }

    private String add(String bean, CacheManager manager, String name, String wanted) {
        String id = free(isTaken(wanted) ? bean + "." + name : wanted, bean);
        found.put(id, new SpringCache(id, () -> now(manager, name), handles));
        return id;
    }

    /** A manager may replace a cache, and may have dropped it. To ask for one that it does not have might make it. */
    private static @Nullable Cache now(CacheManager manager, String name) {
        return manager.getCacheNames().contains(name) ? manager.getCache(name) : null;
    }

    /** The name of a cache may be anything, such as what another is called after its manager. */
    private String free(String wanted, String bean) {
        String id = wanted;
        while (isTaken(id)) {
            id += " of " + bean;
        }
        return id;
    }

    private boolean isTaken(String id) {
        return found.containsKey(id) || CacheRegistry.global().ids().contains(id);
    }

    private void addBean(String bean, Object cache, Map<Object, String> now) {
        String known = idsByCache.get(cache);
        if (known != null) {
            now.putIfAbsent(cache, known);
            return;
        }
        if (now.containsKey(cache) || isOfAManager(cache, now)) {
            return;
        }
        CacheHandle handle = cache instanceof Cache spring
                ? new SpringCache(bean, () -> spring, handles)
                : handles.ofLibrary(bean, cache);
        if (handle != null) {
            String id = free(isTaken(bean) ? "bean " + bean : bean, bean);
            now.put(cache, id);
            found.put(id, handle);
        }
    }

    /** A cache of a library may have been given to a manager, which wraps it. */
    private static boolean isOfAManager(Object cache, Map<Object, String> now) {
        return now.keySet().stream()
                .anyMatch(known -> known instanceof Cache spring && CacheBeans.wraps(spring, cache));
    }

    /** A manager may make caches when they are first used, and tells nobody whether it does. */
    @Override
    public boolean expectsMore(ExistingBeans beans) {
        Set<String> managers = CacheBeans.managers(beans).keySet();
        return beans.names(CacheManager.class).stream()
                .anyMatch(name -> managers.contains(name) || !beans.beans().containsSingleton(name));
    }

    @Override
    public Set<String> open(ExistingBeans beans, Set<String> names) {
        DeclaredCaches declared = DeclaredCaches.of(beans);
        String injected = injected(beans);
        Map<String, CacheManager> managers = CacheBeans.managers(beans);
        for (String name : names) {
            Map<String, CacheManager> meant = new LinkedHashMap<>(managers);
            meant.keySet().removeIf(bean -> bean.equals(injected) || !name.startsWith(bean + "."));
            if (!meant.isEmpty()) {
                meant.forEach((bean, manager) -> manager.getCache(name.substring(bean.length() + 1)));
            } else if (!declared.hasTypo(name)) {
                managers.values().forEach(manager -> manager.getCache(name));
            }
        }
        return declared.names();
    }
}
