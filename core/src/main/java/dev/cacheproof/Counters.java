package dev.cacheproof;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Exact counts of operations by kind, source and group (a shape, or a thread). Thread-safe. Totals stay exact however
 * many groups there are; past {@value #MOST_GROUPS} of them, new ones are counted together as {@link #OTHERS}.
 */
final class Counters {

    static final String OTHERS = "(others)";

    /** Bounds the memory that code without parameters in its SQL, or a million virtual threads, can take. */
    private static final int MOST_GROUPS = 5_000;

    private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

    void add(Operation.Request request, String group) {
        adder(new Key(request.kind(), request.source(), group, null, request.isPipelined()))
                .increment();
    }

    /**
     * Counts what is part of an operation of another source, such as the data source that a routing one delegates to. It
     * counts only where that other one does not.
     */
    void addPart(Operation.Request part, String group, String whole) {
        adder(new Key(part.kind(), part.source(), group, whole, part.isPipelined()))
                .increment();
    }

    private LongAdder adder(Key key) {
        LongAdder known = counts.get(key);
        if (known != null) {
            return known;
        }
        Key bounded =
                counts.size() < MOST_GROUPS ? key : new Key(key.kind, key.source, OTHERS, key.whole, key.pipelined);
        return counts.computeIfAbsent(bounded, absent -> new LongAdder());
    }

    /** Counts operations; or round trips, which those that were pipelined share with the one before. */
    long count(Operation.Kind kind, Predicate<String> source, Predicate<String> group, boolean roundTrips) {
        long total = 0;
        for (Map.Entry<Key, LongAdder> entry : counts.entrySet()) {
            Key key = entry.getKey();
            boolean countedByWhole = key.whole != null && source.test(key.whole);
            boolean shared = roundTrips && key.pipelined;
            if (key.kind == kind && source.test(key.source) && !countedByWhole && !shared && group.test(key.group)) {
                total += entry.getValue().sum();
            }
        }
        return total;
    }

    private record Key(
            Operation.Kind kind,
            String source,
            String group,
            @Nullable String whole,
            boolean pipelined) {}
}
