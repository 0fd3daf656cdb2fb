package dev.cacheproof.query;

import dev.cacheproof.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * How often one line may ask for the same with other values. Immutable.
 *
 * @param atMost how often anything may be asked for
 * @param patterns what may be asked for any number of times: texts in which {@code *} stands for anything, of a statement's or a
 *     command's shape, or of the line that asks
 */
record Repeats(int atMost, List<String> patterns) {

    private static final String EXAMPLE = "select name from item where id = ?";

    static final Repeats NONE = new Repeats(1, List.of());

    Repeats {
        if (atMost < 1) {
            throw new IllegalArgumentException("atMost must be at least 1, but is " + atMost);
        }
        patterns = List.copyOf(patterns);
    }

    Repeats atMost(int times) {
        return new Repeats(times, patterns);
    }

    Repeats or(String pattern) {
        QueryCheck.glob(pattern, EXAMPLE);
        List<String> more = new ArrayList<>(patterns);
        more.add(pattern);
        return new Repeats(atMost, more);
    }

    boolean isNothing() {
        return equals(NONE);
    }

    boolean isExceededBy(OperationGroup group) {
        return (group.isNPlusOne() || group.isOneByOne()) && group.roundTrips() > atMost && !covers(group);
    }

    /** Says whether a group is among what may be asked for any number of times. */
    boolean covers(OperationGroup group) {
        Operation first = group.first();
        String shape = OperationGroup.inOneLine(first.shape());
        String line = first.callSite().orElse("");
        return patterns.stream()
                .map(pattern -> QueryCheck.glob(pattern, EXAMPLE))
                .anyMatch(matching -> matching.test(shape) || matching.test(line));
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (atMost > 1) {
            parts.add("up to " + atMost + " times each");
        }
        patterns.forEach(pattern -> parts.add("any number of " + pattern));
        return String.join("; ", parts);
    }
}
