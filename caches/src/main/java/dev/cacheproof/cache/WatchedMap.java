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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A map whose reads and writes are journaled, and whose resets no load outlives. As atomic and as thread-safe as the map
 * that it decorates: each method is one call of it.
 */
final class WatchedMap<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V> {

    private static final Object ABSENT = new Object();

    /** Stands for the null that some maps have as a key. */
    private static final Object NULL_KEY = new Object();

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
        V value = journal.<@Nullable V>read("GET", key, () -> delegate.get(key), found -> found != null);
        if (value == null) {
            missed(key);
        }
        return value;
    }

    /** An answer that is no value of the map tells in one call that there is none. */
    @Override
    @SuppressWarnings({"unchecked", "ReferenceEquality"}) // the map does not look at the default that it answers with
    public @Nullable V getOrDefault(@Nullable Object key, @Nullable V absent) {
        Map<Object, @Nullable Object> any = (Map<Object, @Nullable Object>) delegate;
        Object found = journal.<@Nullable Object>read(
                "GET", key, () -> any.getOrDefault(key, ABSENT), answer -> answer != ABSENT);
        if (found == ABSENT) {
            missed(key);
            return absent;
        }
        return (V) found;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        boolean found = journal.read("CONTAINS", key, () -> delegate.containsKey(key), hit -> hit);
        if (!found) {
            missed(key);
        }
        return found;
    }

    private void missed(@Nullable Object key) {
        generation.missed(Objects.requireNonNullElse(key, NULL_KEY));
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
    private <T> @Nullable T write(String command, K key, Supplier<@Nullable T> write) {
        long stamp = generation.stampOfWrite(Objects.<@Nullable Object>requireNonNullElse(key, NULL_KEY));
        if (generation.isOvertaken(stamp)) {
            journal.notWritten(command, key);
            return null;
        }
        T answer = journal.<@Nullable T>write(command, key, write);
        if (generation.isOvertaken(stamp)) {
            delegate.remove(key);
        }
        return answer;
    }

    @Override
    public @Nullable V remove(@Nullable Object key) {
        return journal.<@Nullable V>write("REMOVE", key, () -> delegate.remove(key));
    }

    @Override
    public boolean remove(@Nullable Object key, @Nullable Object value) {
        return journal.write("REMOVE", key, () -> delegate.remove(key, value));
    }

    @Override
    public @Nullable V computeIfAbsent(K key, Function<? super K, ? extends @Nullable V> load) {
        Generation.Load<@Nullable V> stamped = generation.load();
        return journal.<@Nullable V>read(
                "GET",
                key,
                () -> stamped.through(
                        () -> delegate.computeIfAbsent(key, absent -> stamped.run(() -> load.apply(absent))),
                        () -> delegate.remove(key)),
                value -> !stamped.wasCalled());
    }

    @Override
    public @Nullable V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends @Nullable V> remap) {
        return write("COMPUTE", key, () -> delegate.computeIfPresent(key, remap));
    }

    @Override
    public @Nullable V compute(K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> remap) {
        Generation.Load<@Nullable V> stamped = generation.load();
        return write(
                "COMPUTE",
                key,
                () -> stamped.through(
                        () -> delegate.compute(key, (same, old) -> stamped.run(() -> remap.apply(same, old))),
                        () -> delegate.remove(key)));
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
