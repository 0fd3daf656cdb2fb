package dev.cacheproof.query;

import dev.cacheproof.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

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

    /** Says whether a group, of which what is {@linkplain #covering() covered} was taken off, is too large. */
    boolean isExceededBy(OperationGroup group) {
        return (group.isNPlusOne() || group.isOneByOne()) && group.roundTrips() > atMost;
    }

    /** Returns what tells whether an operation is among those that may be asked for any number of times. */
    Predicate<Operation> covering() {
        List<Predicate<String>> globs = patterns.stream()
                .map(pattern -> QueryCheck.glob(pattern, EXAMPLE))
                .toList();
        return operation -> {
            if (globs.isEmpty()) {
                return false;
            }
            String shape = OperationGroup.inOneLine(operation.shape());
            String line = operation.callSite().orElse("");
            return globs.stream().anyMatch(matching -> matching.test(shape) || matching.test(line));
        };
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
