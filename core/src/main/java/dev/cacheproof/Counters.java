package dev.cacheproof;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * Exact counts of operations by kind, source and group (a shape, or a thread). Thread-safe. Totals stay exact however
 * many groups there are; past {@value #MOST_GROUPS} of them, new ones are counted together as {@link #OTHERS}.
 */
final class Counters {

    static final String OTHERS = "(others)";

    /** Bounds the memory that code without parameters in its SQL, or a million virtual threads, can take. */
    private static final int MOST_GROUPS = 5_000;

    private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

    void add(Operation.Kind kind, String source, String group) {
        adder(new Key(kind, source, group)).increment();
    }

    private LongAdder adder(Key key) {
        LongAdder known = counts.get(key);
        if (known != null) {
            return known;
        }
        Key bounded = counts.size() < MOST_GROUPS ? key : new Key(key.kind, key.source, OTHERS);
        return counts.computeIfAbsent(bounded, absent -> new LongAdder());
    }

    long count(Operation.Kind kind, Predicate<String> source, Predicate<String> group) {
        long total = 0;
        for (Map.Entry<Key, LongAdder> entry : counts.entrySet()) {
            Key key = entry.getKey();
            if (key.kind == kind && source.test(key.source) && group.test(key.group)) {
                total += entry.getValue().sum();
            }
        }
        return total;
    }

    private record Key(Operation.Kind kind, String source, String group) {}
}
