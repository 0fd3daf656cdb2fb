package dev.cacheproof.samples.tiered;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A remote cache whose round trips are counted, which fails on demand, and which the toolkit can make cold: without touching
 * what others keep on the server.
 */
final class WatchedRemote implements RemoteCache, CacheHandle {

    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger writes = new AtomicInteger();
    final List<Duration> ttls = new CopyOnWriteArrayList<>();
    volatile boolean readsFail;
    volatile boolean writesFail;
    volatile boolean deletesFail;

    /** What others do at the very moment at which this cache is about to store one value. */
    volatile Runnable beforeSet = () -> {};

    private final RemoteCache remote;
    private final Set<String> keys = ConcurrentHashMap.newKeySet();

    WatchedRemote(RemoteCache remote) {
        this.remote = remote;
    }

    /** Returns the keys that were set and not deleted since. */
    Set<String> keys() {
        return Set.copyOf(keys);
    }

    void isDown(boolean down) {
        readsFail = down;
        writesFail = down;
        deletesFail = down;
    }

    private static void failIf(boolean fails) {
        if (fails) {
            throw new RemoteCacheException("the server is down", null);
        }
    }

    @Override
    public byte @Nullable [] get(String key) {
        reads.incrementAndGet();
        failIf(readsFail);
        return remote.get(key);
    }

    @Override
    public Map<String, byte[]> getAll(Collection<String> all) {
        reads.incrementAndGet();
        failIf(readsFail);
        return remote.getAll(all);
    }

    @Override
    public void set(String key, byte[] value, Duration ttl) {
        writes.incrementAndGet();
        failIf(writesFail);
        ttls.add(ttl);
        beforeSet.run();
        keys.add(key);
        remote.set(key, value, ttl);
    }

    @Override
    public void setAll(Map<String, byte[]> values, Supplier<Duration> ttl) {
        writes.incrementAndGet();
        failIf(writesFail);
        keys.addAll(values.keySet());
        remote.setAll(values, () -> {
            Duration asked = ttl.get();
            ttls.add(asked);
            return asked;
        });
    }

    @Override
    public void delete(String key) {
        failIf(deletesFail);
        keys.remove(key);
        remote.delete(key);
    }

    @Override
    public void deleteAll(Collection<String> all) {
        failIf(deletesFail);
        keys.removeAll(Set.copyOf(all));
        remote.deleteAll(all);
    }

    @Override
    public void clear() {
        keys.clear();
        remote.clear();
    }

    @Override
    public String kind() {
        return "remote cache";
    }

    @Override
    public String strategy() {
        return "delete the keys of this cache";
    }

    @Override
    public void reset() {
        clear();
    }

    @Override
    public CacheView view() {
        return CacheView.of(keys.size(), keys, reads.get());
    }
}
