package dev.cacheproof.samples.tiered;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The port to a cache outside of this request: one named cache on a server that many share. Every call may be a round trip;
 * a many-key form is one round trip for all its keys. Implementations are thread-safe.
 *
 * <p>Values are bytes, never none: what null is, {@link TieredCache} decides. An effect is visible to the next call when the
 * method returns.
 */
public interface RemoteCache {

    /**
     * Fetches a value.
     *
     * @param key the key
     * @return the value; null if there is none
     * @throws RemoteCacheException if the server did not answer, or with an error
     */
    byte @Nullable [] get(String key);

    /**
     * Fetches several values.
     *
     * @param keys the keys
     * @return the values that there are, by key
     * @throws RemoteCacheException if the server did not answer, or with an error
     */
    Map<String, byte[]> getAll(Collection<String> keys);

    /**
     * Stores a value, in the place of the one that was there.
     *
     * @param key the key
     * @param value the value; not empty
     * @param ttl how long to keep it at most; positive
     * @throws RemoteCacheException if the value may not have been stored
     */
    void set(String key, byte[] value, Duration ttl);

    /**
     * Stores several values.
     *
     * @param values the values by key; not empty themselves
     * @param ttl how long to keep each at most, asked for each, so that what is stored together need not expire together;
     *     positive
     * @throws RemoteCacheException if a value may not have been stored; others may have been
     */
    void setAll(Map<String, byte[]> values, Supplier<Duration> ttl);

    /**
     * Removes a value, if it is there.
     *
     * @param key the key
     * @throws RemoteCacheException if the value may still be there
     */
    void delete(String key);

    /**
     * Removes several values, as far as they are there.
     *
     * @param keys the keys
     * @throws RemoteCacheException if a value may still be there
     */
    void deleteAll(Collection<String> keys);

    /**
     * Removes all values of this cache, and nothing else: the server has other tenants. Slow; for tests and operators.
     *
     * @throws RemoteCacheException if a value may still be there
     */
    void clear();
}
