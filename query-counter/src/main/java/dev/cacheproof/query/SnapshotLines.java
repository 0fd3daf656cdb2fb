package dev.cacheproof.query;

import dev.cacheproof.Operation;
import dev.cacheproof.Operation.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a block has asked for, a line each, of which the next run makes the same: no values, no threads, no numbers that
 * something else in the process has chosen.
 */
final class SnapshotLines {

    static final List<Operation.Kind> KINDS = List.of(
            Operation.Kind.QUERY,
            Operation.Kind.TRANSACTION,
            Operation.Kind.CACHE,
            Operation.Kind.COMMAND,
            Operation.Kind.LOAD);

    /** An empty file could as well be one that was never written. */
    private static final String NOTHING = "(nothing)";

    /** What {@link QueryCounter#watch(javax.sql.DataSource)} names; its number is that of the order in which tests run. */
    private static final Pattern NUMBERED = Pattern.compile("dataSource(-\\d+)?");

    /** What a key is rendered as that has no text of its own: an address, whose numbers are templates already. */
    private static final Pattern ADDRESS = Pattern.compile("(?<=\\w)@[0-9a-f#]+(?![\\w.])");

    private static final Pattern NOT_PRINTABLE = Pattern.compile("[\\p{Cc}\\u2028\\u2029]");

    private final Map<String, String> numbered = new HashMap<>();
    private final List<String> lines = new ArrayList<>();
    private String before = "";
    private String beforeSource = "";
    private String beforeWork = "";
    private int times;

    private SnapshotLines() {}

    static List<String> of(Measurement<?> run) {
        SnapshotLines all = new SnapshotLines();
        KINDS.stream()
                .flatMap(kind -> run.of(kind).retained().stream())
                .sorted(Comparator.comparingLong(Operation::sequence))
                .forEach(all::add);
        all.end();
        return all.lines.isEmpty() ? List.of(NOTHING) : List.copyOf(all.lines);
    }

    private void add(Operation operation) {
        String source = String.format("%-11s %s: ", operation.kind(), source(operation));
        String work = work(operation);
        if (!before.equals(source + work)) {
            end();
        }
        before = source + work;
        beforeSource = source;
        beforeWork = work;
        times++;
    }

    private void end() {
        if (times > 0) {
            lines.add(storable(beforeSource + (times == 1 ? "" : times + "x ") + beforeWork));
        }
        times = 0;
    }

    private String source(Operation operation) {
        String name = operation.source();
        boolean isOfDatabase =
                operation.kind() == Operation.Kind.QUERY || operation.kind() == Operation.Kind.TRANSACTION;
        if (!isOfDatabase || !NUMBERED.matcher(name).matches()) {
            return name;
        }
        int number = numbered.size() + 1;
        return numbered.computeIfAbsent(name, absent -> number == 1 ? "dataSource" : "dataSource-" + number);
    }

    private static String work(Operation operation) {
        String shape = OperationGroup.inOneLine(operation.shape());
        return (operation.kind() == Operation.Kind.CACHE
                        ? ADDRESS.matcher(shape).replaceAll("@#")
                        : shape)
                + (operation.batchSize() > 1 ? "  batch" : "")
                + outcome(operation.outcome().status());
    }

    /** Errors are told in words that differ with versions, and that hold values. */
    private static String outcome(Outcome.Status status) {
        return switch (status) {
            case DONE, PENDING -> "";
            case HIT -> "  hit";
            case MISS -> "  miss";
            case FAILED -> "  failed";
            case REFUSED -> "  refused";
        };
    }

    /** Returns what a file of UTF-8 gives back as it is. */
    private static String storable(String line) {
        String printable = NOT_PRINTABLE.matcher(line).replaceAll("?");
        return new String(printable.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
