package dev.cacheproof.cache;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A map whose reads and writes are journaled, and whose resets no load outlives. As atomic and as thread-safe as the map
 * that it decorates: each method is one call of it.
 */
final class WatchedMap<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V> {

    private final Map<K, V> delegate;
    private final CacheJournal journal;
    private final Generation generation;

    WatchedMap(Map<K, V> delegate, CacheJournal journal, Generation generation) {
        this.delegate = delegate;
        this.journal = journal;
        this.generation = generation;
    }

    static <K, V> WatchedMap<K, V> of(String id, Map<K, V> delegate) {
        return new WatchedMap<>(delegate, new CacheJournal(id), new Generation());
    }

    CacheHandle handle() {
        return new Handle();
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        V value = journal.read("GET", String.valueOf(key), () -> delegate.get(key), found -> found != null);
        if (value == null && key != null) {
            generation.missed(key);
        }
        return value;
    }

    @Override
    public @Nullable V getOrDefault(@Nullable Object key, @Nullable V absent) {
        V value = get(key);
        return value == null && !delegate.containsKey(key) ? absent : value;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        boolean found = journal.read("CONTAINS", String.valueOf(key), () -> delegate.containsKey(key), hit -> hit);
        if (!found && key != null) {
            generation.missed(key);
        }
        return found;
    }

    @Override
    public @Nullable V put(K key, V value) {
        return write("PUT", key, () -> delegate.put(key, value));
    }

    @Override
    public @Nullable V putIfAbsent(K key, V value) {
        return write("PUT IF ABSENT", key, () -> delegate.putIfAbsent(key, value));
    }

    @Override
    public @Nullable V replace(K key, V value) {
        return write("REPLACE", key, () -> delegate.replace(key, value));
    }

    @Override
    public boolean replace(K key, V oldValue, V newValue) {
        return Boolean.TRUE.equals(write("REPLACE", key, () -> delegate.replace(key, oldValue, newValue)));
    }

    /** A write that ends an overtaken load is left out; its caller sees what a write to an empty map answers. */
    private <T> @Nullable T write(String command, K key, java.util.function.Supplier<@Nullable T> write) {
        return generation.isOvertaken(Objects.requireNonNull(key, "key"))
                ? null
                : journal.<@Nullable T>write(command, key, write);
    }

    @Override
    public @Nullable V remove(@Nullable Object key) {
        return journal.<@Nullable V>write("REMOVE", String.valueOf(key), () -> delegate.remove(key));
    }

    @Override
    public boolean remove(@Nullable Object key, @Nullable Object value) {
        return journal.write("REMOVE", String.valueOf(key), () -> delegate.remove(key, value));
    }

    @Override
    public @Nullable V computeIfAbsent(K key, Function<? super K, ? extends @Nullable V> load) {
        Generation.Load<K, @Nullable V> stamped = generation.load(load);
        try {
            return journal.<@Nullable V>read(
                    "GET", key, () -> delegate.computeIfAbsent(key, stamped), value -> !stamped.wasCalled());
        } catch (Generation.Overtaken overtaken) {
            return stamped.overtakenValue();
        }
    }

    @Override
    public @Nullable V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends @Nullable V> remap) {
        return write("COMPUTE", key, () -> delegate.computeIfPresent(key, remap));
    }

    @Override
    public @Nullable V compute(K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> remap) {
        return write("COMPUTE", key, () -> delegate.compute(key, remap));
    }

    @Override
    public @Nullable V merge(K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> remap) {
        return write("MERGE", key, () -> delegate.merge(key, value, remap));
    }

    @Override
    public void clear() {
        journal.write("CLEAR", "*", () -> {
            delegate.clear();
            return true;
        });
    }

    @Override
    public int size() {
        return delegate.size();
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return delegate.entrySet();
    }

    @Override
    public Set<K> keySet() {
        return delegate.keySet();
    }

    private final class Handle implements CacheHandle {
        @Override
        public String kind() {
            return "map";
        }

        @Override
        public String strategy() {
            return "clear, and refuse the writes of loads that began before";
        }

        @Override
        public void reset() {
            generation.advance();
            delegate.clear();
        }

        @Override
        public CacheView view() {
            return CacheView.of(delegate.size(), delegate.keySet(), journal.reads());
        }
    }
}
