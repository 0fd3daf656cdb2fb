package dev.cacheproof.query;

import dev.cacheproof.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Operations of one source and one shape that were asked for at one place. */
record OperationGroup(List<Operation> operations) {

    private static final int VALUES_SHOWN = 5;
    private static final int LONGEST_SQL = 160;
    private static final int LONGEST_START = 55;
    private static final int LONGEST_END = 100;

    /** Groups operations, the largest group first; groups of one size in the order in which they began. */
    static List<OperationGroup> of(List<Operation> operations) {
        Map<List<String>, List<Operation>> groups = new LinkedHashMap<>();
        for (Operation operation : operations) {
            groups.computeIfAbsent(
                            List.of(
                                    operation.source(),
                                    operation.shape(),
                                    operation.callSite().orElse("")),
                            absent -> new ArrayList<>())
                    .add(operation);
        }
        return groups.values().stream()
                .map(OperationGroup::new)
                .sorted(Comparator.comparingInt(OperationGroup::size).reversed())
                .toList();
    }

    int size() {
        return operations.size();
    }

    String source() {
        return first().source();
    }

    Operation first() {
        return operations.get(0);
    }

    /** The same statement from the same line, with other values: a query per row. */
    boolean isNPlusOne() {
        return isAskedAgainAtOnePlace() && differ();
    }

    /** The same command on other keys, each waited for, where nobody knows the lines that ask: an N+1, as far as one can see. */
    boolean isOneByOne() {
        return isOf(Operation.Kind.COMMAND)
                && waitsForEach()
                && first().callSite().isEmpty()
                && differ();
    }

    /** The same statement from the same line, with the same values; or the same command on the same keys. */
    boolean isRepeated() {
        return isAskedAgainAtOnePlace() && !differ();
    }

    /** What is written again, with another value or the same, cannot be asked for once and passed on. */
    boolean isReadAgain() {
        return isRepeated()
                && (isOf(Operation.Kind.QUERY) || operations.stream().anyMatch(OperationGroup::isRead));
    }

    private static boolean isRead(Operation operation) {
        return operation.outcome().status() == Operation.Outcome.Status.HIT
                || operation.outcome().status() == Operation.Outcome.Status.MISS;
    }

    boolean isOf(Operation.Kind kind) {
        return first().kind() == kind;
    }

    /** Says whether it changes rows, and asks for none. */
    boolean writes() {
        return !first().actions().isEmpty()
                && first().actions().stream()
                        .allMatch(action ->
                                List.of("INSERT", "UPDATE", "DELETE", "MERGE").contains(action));
    }

    private boolean isAskedAgainAtOnePlace() {
        return waitsForEach()
                && (isOf(Operation.Kind.QUERY) || isOf(Operation.Kind.COMMAND))
                && first().callSite().isPresent();
    }

    private boolean waitsForEach() {
        return roundTrips() > 1;
    }

    long roundTrips() {
        return operations.stream().filter(each -> !each.isPipelined()).count();
    }

    /** Statements differ in their values, commands in their keys: what is written to one key makes no other key of it. */
    private boolean differ() {
        return operations.stream()
                        .map(operation -> isOf(Operation.Kind.COMMAND)
                                ? operation.text()
                                : operation.text() + "\n" + operation.parameters() + "\n" + operation.valuesHash())
                        .distinct()
                        .count()
                > 1;
    }

    List<String> lines(boolean withSource) {
        List<String> lines = new ArrayList<>();
        boolean oneText = operations.stream().map(Operation::text).distinct().count() == 1;
        lines.add(size() + "x " + oneLine(oneText ? first().text() : first().shape())
                + (withSource ? "   on " + source() : ""));
        if (isNPlusOne()) {
            lines.add(
                    isOf(Operation.Kind.COMMAND)
                            ? "   N+1: same command, same call site, different keys"
                            : "   N+1: same SQL, same call site, different values");
        } else if (isOneByOne()) {
            lines.add("   one by one: same command, different keys");
        } else if (isRepeated()) {
            lines.add(
                    isOf(Operation.Kind.COMMAND)
                            ? "   repeated: same command, same call site, same key"
                            : "   repeated: same SQL, same call site, same values");
        }
        List<String> parameters = operations.stream()
                .map(Operation::parameters)
                .filter(values -> !values.isEmpty())
                .toList();
        if (!parameters.isEmpty()) {
            lines.add("   values " + parameters.stream().limit(VALUES_SHOWN).collect(Collectors.joining(" "))
                    + (parameters.size() > VALUES_SHOWN ? " ..." : ""));
        }
        if (operations.stream().anyMatch(operation -> operation.batchSize() > 1)) {
            lines.add("   batch of "
                    + operations.stream()
                            .limit(VALUES_SHOWN)
                            .map(operation -> String.valueOf(operation.batchSize()))
                            .collect(Collectors.joining(", "))
                    + (size() > VALUES_SHOWN ? " ..." : ""));
        }
        operations.stream()
                .filter(operation -> operation.outcome().detail() != null)
                .findFirst()
                .ifPresent(struck -> lines.add("   " + word(struck.outcome().status())
                        + oneLine(String.valueOf(struck.outcome().detail()))));
        first().callSite().ifPresent(site -> lines.add("   at " + site));
        return lines;
    }

    private static String word(Operation.Outcome.Status status) {
        return switch (status) {
            case FAILED -> "failed: ";
            case REFUSED -> "refused: ";
            default -> "";
        };
    }

    /** Leaves out the middle of a long text: the tables and conditions come after what may be many columns. */
    static String oneLine(String sql) {
        String line = inOneLine(sql);
        if (line.length() <= LONGEST_SQL) {
            return line;
        }
        return line.substring(0, LONGEST_START) + " ... " + line.substring(line.length() - LONGEST_END);
    }

    static String inOneLine(String sql) {
        return sql.strip().replaceAll("\\s+", " ");
    }
}
