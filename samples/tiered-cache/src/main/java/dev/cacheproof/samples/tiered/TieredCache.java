package dev.cacheproof.samples.tiered;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One named cache in two tiers: what this request already knows, and what a remote cache keeps for all. A value that the
 * remote cache gives is kept by the request until it ends, whatever its TTL. A remote cache that fails costs time, and never
 * changes an answer. Where no {@link RequestScope} is open, there is the remote tier alone. Thread-safe.
 *
 * <pre>{@code
 * TieredCache<Outline> outlines = new TieredCache<>(
 *         "outlines", new JedisRemoteCache(jedis, "shop", "outlines"), serializer, TierPolicy.usual());
 *
 * String key = VersionedKey.of("outline", 2).with("course", course).with("published", version).toString();
 * Outline outline = outlines.getOrLoad(key, Duration.ofMinutes(5), () -> database.loadOutline(course));
 * }</pre>
 *
 * @param <V> the type of the values, which should be immutable; null is a value too
 */
public final class TieredCache<V> {

    private final RequestCache<V> request;
    private final RemoteTier<V> remote;
    private final SingleFlight<V> flights = new SingleFlight<>();

    /**
     * Creates the cache.
     *
     * @param name the name, one for each type of value: letters, digits, {@code -} and {@code _}
     * @param remote the remote tier
     * @param serializer writes and reads the values of the remote tier
     * @param policy what is done beyond that
     */
    public TieredCache(String name, RemoteCache remote, Serializer<V> serializer, TierPolicy policy) {
        this.request = RequestCache.ofTier(Require.name("name", name));
        this.remote = new RemoteTier<>(name, remote, serializer, policy);
    }

    /**
     * Looks a key up: in the request, then in the remote cache, unless the request {@linkplain RequestScope#forceMiss forces
     * a miss}.
     *
     * @param key the key
     * @return what was found; a miss also where the remote cache failed
     */
    public CachedResponse<V> get(String key) {
        CachedResponse<V> known = request.get(key);
        return known.isFound() ? known : keepForRequest(fetch(key));
    }

    /**
     * Looks several keys up, with one round trip at most.
     *
     * @param keys the keys
     * @return what was found, by key, in their order
     */
    public Map<String, CachedResponse<V>> getAll(Collection<String> keys) {
        Map<String, CachedResponse<V>> responses = new LinkedHashMap<>();
        keys.forEach(key -> responses.put(key, request.get(key)));
        List<String> unknown = responses.values().stream()
                .filter(response -> !response.isFound())
                .map(CachedResponse::key)
                .toList();
        if (!unknown.isEmpty() && !RequestScope.isMissForced()) {
            remote.getAll(unknown).forEach((key, response) -> responses.put(key, keepForRequest(response)));
        }
        return responses;
    }

    private CachedResponse<V> fetch(String key) {
        return RequestScope.isMissForced() ? CachedResponse.miss(key) : remote.get(key);
    }

    private CachedResponse<V> keepForRequest(CachedResponse<V> response) {
        if (response.isFound()) {
            request.set(response.key(), response.value());
        }
        return response;
    }

    /**
     * Caches a value in both tiers. If the remote cache fails, the request keeps the value, and the failure is counted.
     *
     * @param key the key
     * @param value the value
     * @param ttl how long the remote cache keeps it at most; zero for the request tier alone, and then what the remote cache
     *     has is removed
     * @throws RemoteCacheException if the TTL is zero and that removal was lost
     */
    public void setAllTiers(String key, @Nullable V value, Duration ttl) {
        setAllTiers(Collections.singletonMap(key, value), ttl);
    }

    /**
     * Caches several values in both tiers, with one round trip.
     *
     * @param values the values by key
     * @param ttl as in {@link #setAllTiers(String, Object, Duration)}
     * @throws RemoteCacheException if the TTL is zero and that removal was lost
     */
    public void setAllTiers(Map<String, ? extends @Nullable V> values, Duration ttl) {
        Require.notNegative("ttl", ttl);
        values.forEach(request::set);
        values.keySet().forEach(flights::supersede);
        if (ttl.isZero()) {
            remote.delete(values.keySet());
        } else {
            remote.set(values, ttl);
        }
    }

    /**
     * Removes keys from both tiers, with one round trip.
     *
     * @param keys the keys
     * @throws RemoteCacheException if the remote removal was lost, so that others may be given what is stale; not where the
     *     policy bounds that
     */
    public void deleteAllTiers(String... keys) {
        List<String> all = List.of(keys);
        all.forEach(request::delete);
        all.forEach(flights::supersede);
        remote.delete(all);
    }

    /**
     * Reads through: looks a key up, and loads and caches its value where it is not found. Of the threads of this process that
     * miss together, one loads, and the others wait; or are given a copy of what has expired, where the policy {@linkplain
     * TierPolicy#servingStaleWhileRecomputing keeps} one. What is written or deleted meanwhile is not overwritten with what was
     * loaded.
     *
     * @param key the key
     * @param ttl how long the remote cache keeps the value at most; positive
     * @param load loads the value, and does not ask for this key; what it throws is thrown on to all who wait for it, and
     *     nothing is cached
     * @return the value
     */
    public @Nullable V getOrLoad(String key, Duration ttl, Supplier<? extends @Nullable V> load) {
        Require.positive("ttl", ttl);
        CachedResponse<V> known = request.get(key);
        if (known.isFound()) {
            return known.value();
        }
        boolean afresh = RequestScope.isMissForced();
        if (!afresh && flights.isUnderWay(key)) {
            CachedResponse<V> copy = keepForRequest(remote.getCopy(key));
            if (copy.isFound()) {
                return copy.value();
            }
        }
        SingleFlight.Flight<V> flight = flights.join(key, afresh, mine -> fetchOrLoad(key, ttl, load, mine));
        if (flight.isCurrent()) {
            request.set(key, flight.value());
        }
        return flight.value();
    }

    private @Nullable V fetchOrLoad(
            String key, Duration ttl, Supplier<? extends @Nullable V> load, SingleFlight.Flight<V> flight) {
        CachedResponse<V> fetched = fetch(key);
        if (fetched.isFound()) {
            return fetched.value();
        }
        V loaded = load.get();
        flight.cache(
                () -> remote.set(Collections.singletonMap(key, loaded), ttl), () -> remote.tryDelete(List.of(key)));
        return loaded;
    }

    /**
     * Writes through: stores a value, and then caches it in both tiers. If the remote cache fails, what it had before is
     * removed.
     *
     * @param key the key
     * @param value the value
     * @param ttl how long the remote cache keeps it at most; positive
     * @param store stores the value where it belongs; if it throws, nothing is cached
     * @throws RemoteCacheException if the value is stored, but the remote cache could be given neither the new value nor the
     *     removal of the old one; not where the policy bounds that
     */
    public void writeThrough(String key, @Nullable V value, Duration ttl, Runnable store) {
        Require.positive("ttl", ttl);
        store.run();
        request.set(key, value);
        flights.supersede(key);
        if (!remote.set(Collections.singletonMap(key, value), ttl)) {
            remote.delete(List.of(key));
        }
    }

    /** Removes all entries of this cache, from this request and from the remote cache, and nobody else's. */
    public void clear() {
        request.clear();
        flights.supersedeAll();
        remote.clear();
    }

    /**
     * Counts how often the remote cache failed, or held what could not be read.
     *
     * @return the number of failures since this cache was created
     */
    public long remoteFailures() {
        return remote.failures();
    }
}
