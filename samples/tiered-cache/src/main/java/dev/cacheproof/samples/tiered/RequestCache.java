package dev.cacheproof.samples.tiered;

import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one request remembers under one name. Holds nothing itself: the entries are in the {@link RequestScope} that the
 * thread works for, so that an instance may be kept in a static field. Where no scope is open, nothing is found and nothing
 * is kept.
 *
 * <p>Values are kept by reference, without limit, until the request ends: they should be immutable. Thread-safe.
 *
 * @param <V> the type of the values
 */
public final class RequestCache<V> {

    private final String namespace;

    private RequestCache(String namespace) {
        this.namespace = namespace;
    }

    /**
     * Returns the cache of a name. Two of the same name have the same entries.
     *
     * @param namespace the name: letters, digits, {@code -} and {@code _}
     * @param <V> the type of the values, which must be the same wherever the name is used
     * @return the cache
     */
    public static <V> RequestCache<V> named(String namespace) {
        return new RequestCache<>(Require.name("namespace", namespace));
    }

    /** Returns the request tier of a tiered cache, whose entries no cache of {@link #named} can reach. */
    static <V> RequestCache<V> ofTier(String name) {
        return new RequestCache<>("tier:" + name);
    }

    /**
     * Looks a key up.
     *
     * @param key the key
     * @return what was found
     */
    @SuppressWarnings("unchecked") // one name, one type
    public CachedResponse<V> get(String key) {
        Require.key(key);
        Map<String, CachedResponse<?>> entries = entries();
        CachedResponse<?> entry = entries == null ? null : entries.get(key);
        return entry == null ? CachedResponse.miss(key) : (CachedResponse<V>) entry;
    }

    /**
     * Caches a value until the request ends.
     *
     * @param key the key
     * @param value the value; null is a value too
     */
    public void set(String key, @Nullable V value) {
        Require.key(key);
        Map<String, CachedResponse<?>> entries = entries();
        if (entries != null) {
            entries.put(key, CachedResponse.hit(key, value));
        }
    }

    /**
     * Looks a key up, and loads and caches its value where it is not found. Two threads of one request may both load.
     *
     * @param key the key
     * @param load loads the value; what it throws is thrown on, and nothing is cached
     * @return the value
     */
    public @Nullable V getOrLoad(String key, Supplier<? extends @Nullable V> load) {
        CachedResponse<V> cached = get(key);
        if (cached.isFound()) {
            return cached.value();
        }
        V loaded = load.get();
        set(key, loaded);
        return loaded;
    }

    /**
     * Forgets a key, if it is cached.
     *
     * @param key the key
     */
    public void delete(String key) {
        Require.key(key);
        Map<String, CachedResponse<?>> entries = entries();
        if (entries != null) {
            entries.remove(key);
        }
    }

    /** Forgets what this request has cached under this name. */
    public void clear() {
        Map<String, CachedResponse<?>> entries = entries();
        if (entries != null) {
            entries.clear();
        }
    }

    private @Nullable Map<String, CachedResponse<?>> entries() {
        RequestScope scope = RequestScope.current();
        return scope == null ? null : scope.entries(namespace);
    }
}
