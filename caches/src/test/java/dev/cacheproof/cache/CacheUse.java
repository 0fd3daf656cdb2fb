package dev.cacheproof.cache;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Ways to use a cache, each with what a load in flight does when the cache is cleared under it. */
enum CacheUse {
    MAXIMUM_SIZE(
            OnClear.WRITES_AFTERWARDS,
            () -> Caffeine.newBuilder().maximumSize(10).build()),
    EXPIRE_AFTER_WRITE(
            OnClear.WRITES_AFTERWARDS,
            () -> Caffeine.newBuilder().expireAfterWrite(Duration.ofHours(1)).build()),
    REMOVAL_LISTENER(
            OnClear.WRITES_AFTERWARDS,
            () -> Caffeine.newBuilder()
                    .removalListener((key, value, cause) -> {})
                    .build()),
    UNBOUNDED(OnClear.BLOCKS, () -> Caffeine.newBuilder().build()),
    ASYNCHRONOUS(
            OnClear.DROPS,
            () -> Caffeine.newBuilder()
                    .executor(task -> CacheUse.thread(task))
                    .maximumSize(10)
                    .buildAsync()),
    ASYNCHRONOUS_UNBOUNDED(
            OnClear.DROPS,
            () -> Caffeine.newBuilder().executor(task -> CacheUse.thread(task)).buildAsync()),

    GET_ALL(
            OnClear.WRITES_AFTERWARDS,
            () -> Caffeine.newBuilder().maximumSize(10).build()) {
        @Override
        String load(Object cache, String key, Function<String, String> load) {
            Map<String, String> all =
                    caffeine(cache).getAll(java.util.List.of(key), missing -> Map.of(key, load.apply(key)));
            return Objects.requireNonNull(all.get(key));
        }
    },
    AS_MAP(
            OnClear.WRITES_AFTERWARDS,
            () -> Caffeine.newBuilder().maximumSize(10).build()) {
        @Override
        String load(Object cache, String key, Function<String, String> load) {
            return caffeine(cache).asMap().computeIfAbsent(key, load);
        }
    },
    COMPUTE(
            OnClear.WRITES_AFTERWARDS,
            () -> Caffeine.newBuilder().maximumSize(10).build()) {
        @Override
        String load(Object cache, String key, Function<String, String> load) {
            return caffeine(cache).asMap().compute(key, (same, old) -> load.apply(key));
        }
    },
    GET_THEN_PUT(
            OnClear.WRITES_UNSEEN, () -> Caffeine.newBuilder().maximumSize(10).build()) {
        @Override
        String load(Object cache, String key, Function<String, String> load) {
            String value = caffeine(cache).getIfPresent(key);
            if (value == null) {
                value = load.apply(key);
                caffeine(cache).put(key, value);
            }
            return value;
        }
    },
    GET_ALL_PRESENT_THEN_PUT(
            OnClear.WRITES_UNSEEN, () -> Caffeine.newBuilder().maximumSize(10).build()) {
        @Override
        String load(Object cache, String key, Function<String, String> load) {
            if (!caffeine(cache).getAllPresent(java.util.List.of(key)).isEmpty()) {
                throw new AssertionError("present before");
            }
            String value = load.apply(key);
            caffeine(cache).putAll(Map.of(key, value));
            return value;
        }
    },

    MAP_COMPUTE_IF_ABSENT(OnClear.BLOCKS, ConcurrentHashMap::new) {
        @Override
        String load(Object cache, String key, Function<String, String> load) {
            return map(cache).computeIfAbsent(key, load);
        }
    },
    MAP_GET_THEN_PUT(OnClear.WRITES_UNSEEN, ConcurrentHashMap::new) {
        @Override
        String load(Object cache, String key, Function<String, String> load) {
            String value = map(cache).get(key);
            if (value == null) {
                value = load.apply(key);
                map(cache).put(key, value);
            }
            return value;
        }
    },
    MAP_CONTAINS_THEN_PUT_IF_ABSENT(OnClear.WRITES_UNSEEN, ConcurrentHashMap::new) {
        @Override
        String load(Object cache, String key, Function<String, String> load) {
            if (map(cache).containsKey(key)) {
                throw new AssertionError("present before");
            }
            String value = load.apply(key);
            map(cache).putIfAbsent(key, value);
            return value;
        }
    },
    MAP_GET_OR_DEFAULT_THEN_MERGE(OnClear.WRITES_UNSEEN, ConcurrentHashMap::new) {
        @Override
        String load(Object cache, String key, Function<String, String> load) {
            if (!map(cache).getOrDefault(key, "absent").equals("absent")) {
                throw new AssertionError("present before");
            }
            String value = load.apply(key);
            map(cache).merge(key, value, (old, loaded) -> loaded);
            return value;
        }
    };

    /** What a load in flight does when its cache is cleared. */
    enum OnClear {
        /** It writes its value, from inside the library. */
        WRITES_AFTERWARDS,
        /** It writes its value, and nobody sees that it is a load. */
        WRITES_UNSEEN,
        /** The cache cannot be cleared before it has ended. */
        BLOCKS,
        /** Its value is dropped. */
        DROPS
    }

    final OnClear onClear;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor call each
    private final Supplier<Object> create;

    CacheUse(OnClear onClear, Supplier<Object> create) {
        this.onClear = onClear;
        this.create = create;
    }

    /** Caffeine's loading thread for an asynchronous cache. */
    private static void thread(Runnable task) {
        new Thread(task, "asynchronous loader").start();
    }

    Object create() {
        return create.get();
    }

    /** Reads through the cache, as the code under test does. */
    String load(Object cache, String key, Function<String, String> load) {
        return cache instanceof AsyncCache<?, ?>
                ? async(cache).get(key, load).join()
                : caffeine(cache).get(key, load);
    }

    @Nullable
    String peek(Object cache, String key) {
        if (cache instanceof Map<?, ?>) {
            return map(cache).get(key);
        }
        return cache instanceof AsyncCache<?, ?>
                ? async(cache).synchronous().getIfPresent(key)
                : caffeine(cache).getIfPresent(key);
    }

    void clear(Object cache) {
        if (cache instanceof Map<?, ?> map) {
            map.clear();
        } else if (cache instanceof AsyncCache<?, ?> async) {
            async.synchronous().invalidateAll();
        } else {
            caffeine(cache).invalidateAll();
        }
    }

    @SuppressWarnings("unchecked")
    static Cache<String, String> caffeine(Object cache) {
        return (Cache<String, String>) cache;
    }

    @SuppressWarnings("unchecked")
    static LoadingCache<String, String> loading(Object cache) {
        return (LoadingCache<String, String>) cache;
    }

    @SuppressWarnings("unchecked")
    private static AsyncCache<String, String> async(Object cache) {
        return (AsyncCache<String, String>) cache;
    }

    @SuppressWarnings("unchecked")
    static Map<String, String> map(Object cache) {
        return (Map<String, String>) cache;
    }
}
