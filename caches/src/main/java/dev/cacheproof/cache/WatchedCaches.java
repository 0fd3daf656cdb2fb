package dev.cacheproof.cache;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Decorates a cache, where the test wires it into the code under test.
 *
 * <p>A watched cache has the entries of the one that it decorates, and beyond that
 *
 * <ul>
 *   <li>shows its reads and writes in the {@linkplain dev.cacheproof.Journal journal}, with hit or miss;
 *   <li>lets no load that began before a reset write after it: the load's caller gets the value, the cache does not. Only
 *       for loads that a {@code LoadingCache} makes by itself, a reset waits.
 * </ul>
 *
 * <p>A {@code ThreadLocal} has no keys: its reads are counted, and not shown in the journal. In it a reset takes effect
 * on each thread before that next reads.
 *
 * <p>A cache that the code under test makes itself need not be decorated to be reset: register it.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class WatchedCaches {

    private static final BundledCacheAdapter ADAPTER = new BundledCacheAdapter();

    private WatchedCaches() {}

    /**
     * Decorates a cache. The result is as thread-safe as the cache itself.
     *
     * @param id the name to show
     * @param cache a {@code Map} or {@code ConcurrentMap}, a Caffeine {@code Cache} or {@code LoadingCache}, or a
     *     {@code ThreadLocal}
     * @param <C> the declared type of the cache: the interface, not a class that implements it
     * @return a cache to give to the code under test
     * @throws IllegalArgumentException if there is no decorator for such a cache
     */
    @SuppressWarnings("unchecked") // the adapters answer with the interface that they were given
    public static <C> C of(String id, C cache) {
        Objects.requireNonNull(id, "id");
        Object watched = ADAPTER.watch(id, Objects.requireNonNull(cache, "cache"));
        if (watched == null) {
            throw new IllegalArgumentException("cache is a " + cache.getClass().getName()
                    + ", but only these can be watched: java.util.Map, Caffeine's Cache and LoadingCache, ThreadLocal");
        }
        return (C) watched;
    }
}
