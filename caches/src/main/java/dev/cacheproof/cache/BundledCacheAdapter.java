package dev.cacheproof.cache;

import dev.cacheproof.CacheAdapter;
import dev.cacheproof.CacheHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * All adapters of this module, as one service; those whose library is missing are left out. Immutable and thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class BundledCacheAdapter implements CacheAdapter {

    private final List<CacheAdapter> adapters;

    /** Creates the adapters whose libraries are on the class path; called by {@link java.util.ServiceLoader}. */
    public BundledCacheAdapter() {
        List<CacheAdapter> present = new ArrayList<>();
        if (isPresent("com.github.benmanes.caffeine.cache.Cache")) {
            present.add(new CaffeineAdapter());
        }
        present.add(new MapAdapter());
        present.add(new ThreadLocalAdapter());
        if (isPresent("redis.clients.jedis.UnifiedJedis")) {
            present.add(new RedisClientAdapter());
        }
        this.adapters = List.copyOf(present);
    }

    private static boolean isPresent(String className) {
        try {
            Class.forName(className, false, BundledCacheAdapter.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    @Override
    public @Nullable CacheHandle adapt(String id, Object cache) {
        for (CacheAdapter adapter : adapters) {
            CacheHandle handle = adapter.adapt(id, cache);
            if (handle != null) {
                return handle;
            }
        }
        return null;
    }

    @Override
    public @Nullable Object watch(String id, Object cache) {
        for (CacheAdapter adapter : adapters) {
            Object watched = adapter.watch(id, cache);
            if (watched != null) {
                return watched;
            }
        }
        return null;
    }

    @Override
    public String supported() {
        return adapters.stream().map(CacheAdapter::supported).collect(Collectors.joining(", "));
    }
}
