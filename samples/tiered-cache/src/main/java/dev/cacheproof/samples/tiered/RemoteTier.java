package dev.cacheproof.samples.tiered;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The remote tier of a cache: values instead of bytes, and failures that do not spread. A read that fails is a miss, a write
 * that fails is reported to the caller as false; only a lost delete may be an exception. Thread-safe.
 *
 * @param <V> the type of the values
 */
final class RemoteTier<V> {

    /** The first byte of each entry, so that null is not a miss, and no entry is empty. */
    private static final byte NULL = 'N';

    private static final byte VALUE = 'V';

    /** Ends the key of a copy, so that no other key should end in it. */
    private static final String COPY = "~copy";

    private final String name;
    private final RemoteCache remote;
    private final Serializer<V> serializer;
    private final TierPolicy policy;
    private final Outage reads;
    private final Outage writes;
    private final Outage deletes;
    private final Outage entries;

    RemoteTier(String name, RemoteCache remote, Serializer<V> serializer, TierPolicy policy) {
        this.name = name;
        this.remote = remote;
        this.serializer = serializer;
        this.policy = policy;
        this.reads = new Outage("Reads of remote cache " + name, policy.clock());
        this.writes = new Outage("Writes to remote cache " + name, policy.clock());
        this.deletes = new Outage("Deletes from remote cache " + name, policy.clock());
        this.entries = new Outage("Entries of remote cache " + name, policy.clock());
    }

    CachedResponse<V> get(String key) {
        return get(key, key);
    }

    /** Returns what outlives the entry of a key; a miss where the policy keeps no copies. */
    CachedResponse<V> getCopy(String key) {
        return policy.keepsCopies() ? get(key, key + COPY) : CachedResponse.miss(key);
    }

    private CachedResponse<V> get(String key, String remoteKey) {
        byte[] entry;
        try {
            entry = remote.get(remoteKey);
            reads.succeeded();
        } catch (RemoteCacheException failed) {
            reads.failed(failed);
            return CachedResponse.miss(key);
        }
        return entry == null ? CachedResponse.miss(key) : decode(key, entry);
    }

    Map<String, CachedResponse<V>> getAll(Collection<String> keys) {
        Map<String, CachedResponse<V>> responses = new LinkedHashMap<>();
        try {
            remote.getAll(keys).forEach((key, entry) -> responses.put(key, decode(key, entry)));
            reads.succeeded();
        } catch (RemoteCacheException failed) {
            reads.failed(failed);
        }
        return responses;
    }

    /** Says whether all values were stored. */
    boolean set(Map<String, ? extends @Nullable V> values, Duration ttl) {
        try {
            Map<String, byte[]> entries = new LinkedHashMap<>();
            values.forEach((key, value) -> entries.put(key, encode(value)));
            if (policy.keepsCopies()) {
                Map<String, byte[]> copies = new LinkedHashMap<>();
                entries.forEach((key, entry) -> copies.put(key + COPY, entry));
                store(copies, () -> policy.ofCopy(ttl)); // first, so that a copy is never older than its entry
            }
            store(entries, () -> policy.effective(ttl));
            writes.succeeded();
            return true;
        } catch (RemoteCacheException failed) {
            writes.failed(failed);
            return false;
        }
    }

    private void store(Map<String, byte[]> entries, Supplier<Duration> ttl) {
        if (entries.size() == 1) {
            entries.forEach((key, entry) -> remote.set(key, entry, ttl.get()));
        } else {
            remote.setAll(entries, ttl);
        }
    }

    void delete(Collection<String> keys) {
        RemoteCacheException lost = tryDelete(keys);
        if (lost != null && policy.longestStale() == null) {
            throw new RemoteCacheException(
                    "A delete from remote cache " + name + " was lost: what it holds for " + keys
                            + " may be stale until it expires",
                    lost);
        }
    }

    /** Returns what kept the keys from being deleted; null if they were. */
    @Nullable
    RemoteCacheException tryDelete(Collection<String> keys) {
        List<String> all = new ArrayList<>(keys);
        if (policy.keepsCopies()) {
            keys.forEach(key -> all.add(key + COPY));
        }
        try {
            if (all.size() == 1) {
                remote.delete(all.get(0));
            } else {
                remote.deleteAll(all);
            }
            deletes.succeeded();
            return null;
        } catch (RemoteCacheException lost) {
            deletes.failed(lost);
            return lost;
        }
    }

    void clear() {
        remote.clear();
    }

    long failures() {
        return reads.failures() + writes.failures() + deletes.failures() + entries.failures();
    }

    private byte[] encode(@Nullable V value) {
        if (value == null) {
            return new byte[] {NULL};
        }
        byte[] bytes;
        try {
            bytes = serializer.write(value);
        } catch (RuntimeException unwritable) {
            throw new RemoteCacheException("A value for cache " + name + " cannot be written", unwritable);
        }
        byte[] entry = new byte[bytes.length + 1];
        entry[0] = VALUE;
        System.arraycopy(bytes, 0, entry, 1, bytes.length);
        return entry;
    }

    /** What cannot be read is a miss, and is overwritten: another release, or a misconfigured neighbour, may have written it. */
    private CachedResponse<V> decode(String key, byte[] entry) {
        try {
            if (entry.length == 1 && entry[0] == NULL) {
                return CachedResponse.hit(key, null);
            }
            if (entry.length == 0 || entry[0] != VALUE) {
                throw new RemoteCacheException("The entry of key " + key + " is none of this cache", null);
            }
            return CachedResponse.hit(key, serializer.read(Arrays.copyOfRange(entry, 1, entry.length)));
        } catch (RuntimeException unreadable) {
            entries.failed(unreadable);
            return CachedResponse.miss(key);
        }
    }
}
