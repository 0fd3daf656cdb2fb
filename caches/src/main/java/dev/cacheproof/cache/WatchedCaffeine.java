package dev.cacheproof.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A Caffeine cache whose reads and writes are journaled, and whose resets no load of a caller outlives. */
class WatchedCaffeine<K, V> implements Cache<K, V> {

    final CacheJournal journal;
    private final Cache<K, V> delegate;
    private final Generation generation = new Generation();
    private final WatchedMap<K, V> map;

    WatchedCaffeine(String id, Cache<K, V> delegate) {
        this.delegate = delegate;
        this.journal = new CacheJournal(id);
        this.map = new WatchedMap<>(delegate.asMap(), journal, generation);
    }

    CacheHandle handle() {
        return new Handle();
    }

    @Override
    public @Nullable V getIfPresent(K key) {
        V value = journal.<@Nullable V>read("GET", key, () -> delegate.getIfPresent(key), found -> found != null);
        if (value == null) {
            generation.missed(key);
        }
        return value;
    }

    @Override
    @SuppressWarnings("NullAway") // a load may answer null, which Caffeine does not store and hands on
    public V get(K key, Function<? super K, ? extends V> load) {
        Generation.Load<@Nullable V> stamped = generation.load();
        return journal.<@Nullable V>read(
                "GET",
                key,
                () -> stamped.through(
                        () -> delegate.get(key, absent -> stamped.run(() -> load.apply(absent))),
                        () -> delegate.invalidate(key)),
                value -> !stamped.wasCalled());
    }

    @Override
    public Map<K, V> getAllPresent(Iterable<? extends K> keys) {
        Set<K> missing = distinct(keys);
        Map<K, V> found = journal.read("GET ALL", keys, () -> delegate.getAllPresent(keys), present -> {
            missing.removeAll(present.keySet());
            return missing.isEmpty();
        });
        missing.forEach(generation::missed);
        return found;
    }

    static <K> Set<K> distinct(Iterable<? extends K> keys) {
        Set<K> distinct = new LinkedHashSet<>();
        keys.forEach(distinct::add);
        return distinct;
    }

    @Override
    public Map<K, V> getAll(
            Iterable<? extends K> keys,
            Function<? super Set<? extends K>, ? extends Map<? extends K, ? extends V>> load) {
        Generation.Load<Map<K, V>> stamped = generation.load();
        Map<K, V> answer = new LinkedHashMap<>();
        return journal.read(
                "GET ALL",
                keys,
                () -> {
                    Supplier<Map<K, V>> store = () -> delegate.getAll(keys, missing -> {
                        // Where a reset overtakes the load, its answer is all that is left of the others.
                        peekAll(keys, answer);
                        return stamped.run(() -> Collections.unmodifiableMap(load.apply(missing)));
                    });
                    answer.putAll(stamped.through(store, () -> delegate.invalidateAll(keys)));
                    answer.keySet().retainAll(distinct(keys));
                    return Collections.unmodifiableMap(answer);
                },
                found -> !stamped.wasCalled());
    }

    private void peekAll(Iterable<? extends K> keys, Map<K, V> present) {
        for (K key : keys) {
            V value = delegate.policy().getIfPresentQuietly(key);
            if (value != null) {
                present.put(key, value);
            }
        }
    }

    @Override
    public void put(K key, V value) {
        map.put(key, value);
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        map.putAll(entries);
    }

    @Override
    public void invalidate(K key) {
        write("INVALIDATE", key, () -> delegate.invalidate(key));
    }

    @Override
    public void invalidateAll(Iterable<? extends K> keys) {
        write("INVALIDATE", keys, () -> delegate.invalidateAll(keys));
    }

    @Override
    public void invalidateAll() {
        write("INVALIDATE", "*", delegate::invalidateAll);
    }

    private void write(String command, Object key, Runnable write) {
        journal.write(command, key, () -> {
            write.run();
            return true;
        });
    }

    @Override
    public long estimatedSize() {
        return delegate.estimatedSize();
    }

    @Override
    public CacheStats stats() {
        return delegate.stats();
    }

    @Override
    public ConcurrentMap<K, V> asMap() {
        return map;
    }

    @Override
    public void cleanUp() {
        delegate.cleanUp();
    }

    @Override
    public Policy<K, V> policy() {
        return delegate.policy();
    }

    /** A cache that loads by itself: its loader cannot be stamped, so the engine waits for it. */
    static final class Loading<K, V> extends WatchedCaffeine<K, V> implements LoadingCache<K, V> {
        private final LoadingCache<K, V> delegate;

        Loading(String id, LoadingCache<K, V> delegate) {
            super(id, delegate);
            this.delegate = delegate;
        }

        @Override
        public V get(K key) {
            boolean present = isPresent(key);
            return journal.read("GET", key, () -> delegate.get(key), value -> present);
        }

        private boolean isPresent(K key) {
            return delegate.policy().getIfPresentQuietly(key) != null;
        }

        @Override
        public Map<K, V> getAll(Iterable<? extends K> keys) {
            boolean present = WatchedCaffeine.<K>distinct(keys).stream().allMatch(this::isPresent);
            return journal.read("GET ALL", keys, () -> delegate.getAll(keys), found -> present);
        }

        @Override
        public CompletableFuture<V> refresh(K key) {
            return journal.write("REFRESH", key, () -> delegate.refresh(key));
        }

        @Override
        public CompletableFuture<Map<K, V>> refreshAll(Iterable<? extends K> keys) {
            return journal.write("REFRESH", keys, () -> delegate.refreshAll(keys));
        }
    }

    private final class Handle implements CacheHandle {
        @Override
        public String kind() {
            return "Caffeine cache";
        }

        @Override
        public String strategy() {
            return writesAfterReset()
                    ? "wait for loads, then clear"
                    : "clear, and refuse the writes of loads that began before";
        }

        @Override
        public boolean writesAfterReset() {
            return WatchedCaffeine.this instanceof LoadingCache;
        }

        @Override
        public boolean isLoading(StackTraceElement frame) {
            return CaffeineAdapter.isCaffeineLoad(frame);
        }

        @Override
        public void reset() {
            generation.advance();
            delegate.invalidateAll();
            delegate.cleanUp();
        }

        @Override
        public CacheView view() {
            return CaffeineAdapter.view(delegate, journal.reads());
        }
    }
}
