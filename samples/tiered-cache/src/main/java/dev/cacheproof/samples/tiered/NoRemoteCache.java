package dev.cacheproof.samples.tiered;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Stores nothing, and finds nothing: for a development machine without a server, and for an oracle in tests. */
public final class NoRemoteCache implements RemoteCache {

    /** Creates the cache. */
    public NoRemoteCache() {}

    @Override
    public byte @Nullable [] get(String key) {
        return null;
    }

    @Override
    public Map<String, byte[]> getAll(Collection<String> keys) {
        return Map.of();
    }

    @Override
    public void set(String key, byte[] value, Duration ttl) {}

    @Override
    public void setAll(Map<String, byte[]> values, Supplier<Duration> ttl) {}

    @Override
    public void delete(String key) {}

    @Override
    public void deleteAll(Collection<String> keys) {}

    @Override
    public void clear() {}
}
