package dev.cacheproof.samples.tiered;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps values in this process, in the place of a server. An entry that has expired is removed when its key is next asked
 * for, and not before: keys that nobody asks for again stay in memory. Thread-safe.
 */
public final class LocalRemoteCache implements RemoteCache {

    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final Clock clock;

    /**
     * Creates an empty cache.
     *
     * @param clock tells when entries expire
     */
    public LocalRemoteCache(Clock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public byte @Nullable [] get(String key) {
        Require.key(key);
        Entry entry = entries.computeIfPresent(key, (same, present) -> isExpired(present) ? null : present);
        return entry == null ? null : entry.value.clone();
    }

    private boolean isExpired(Entry entry) {
        return !clock.instant().isBefore(entry.expiry);
    }

    @Override
    public Map<String, byte[]> getAll(Collection<String> keys) {
        Map<String, byte[]> found = new LinkedHashMap<>();
        for (String key : keys) {
            byte[] value = get(key);
            if (value != null) {
                found.put(key, value);
            }
        }
        return found;
    }

    @Override
    public void set(String key, byte[] value, Duration ttl) {
        Require.key(key);
        Instant expiry = clock.instant().plus(Require.positive("ttl", ttl));
        entries.put(key, new Entry(value.clone(), expiry));
    }

    @Override
    public void setAll(Map<String, byte[]> values, Supplier<Duration> ttl) {
        values.forEach((key, value) -> set(key, value, ttl.get()));
    }

    @Override
    public void delete(String key) {
        Require.key(key);
        entries.remove(key);
    }

    @Override
    public void deleteAll(Collection<String> keys) {
        keys.forEach(this::delete);
    }

    @Override
    public void clear() {
        entries.clear();
    }

    /**
     * Counts what is in memory, expired or not.
     *
     * @return the number of entries
     */
    public int size() {
        return entries.size();
    }

    /** A value that nobody else can change. Not a record: those compare arrays by identity. */
    private static final class Entry {
        private final byte[] value;
        private final Instant expiry;

        Entry(byte[] value, Instant expiry) {
            this.value = value;
            this.expiry = expiry;
        }
    }
}
