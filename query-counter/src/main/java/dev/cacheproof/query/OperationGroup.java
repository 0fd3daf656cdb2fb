package dev.cacheproof.query;

import dev.cacheproof.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Operations of one source and one shape that were asked for at one place. */
record OperationGroup(List<Operation> operations) {

    private static final int LONGEST_SQL = 160;
    private static final int LONGEST_START = 55;
    private static final int LONGEST_END = 100;
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** Commands that read a part of an entry: which one, their further arguments tell. */
    private static final Set<String> PARTS = Set.of(
            "HGET",
            "HMGET",
            "HEXISTS",
            "HSTRLEN",
            "LINDEX",
            "LPOS",
            "ZSCORE",
            "ZMSCORE",
            "ZRANK",
            "ZREVRANK",
            "SISMEMBER",
            "SMISMEMBER",
            "GETRANGE",
            "SUBSTR",
            "GETBIT",
            "GEOPOS",
            "GEODIST",
            "GEOHASH");

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

    /** Puts together what was sent together: each list is one round trip, but for what was in flight before the first. */
    static List<List<Operation>> roundTripsOf(List<Operation> operations) {
        Map<List<String>, List<Operation>> last = new HashMap<>();
        List<List<Operation>> trips = new ArrayList<>();
        for (Operation operation : operations) {
            List<String> client = List.of(operation.source(), operation.thread());
            List<Operation> trip = last.get(client);
            if (!operation.isPipelined()) {
                trip = new ArrayList<>();
                trips.add(trip);
                last.put(client, trip);
            }
            if (trip != null) {
                trip.add(operation);
            }
        }
        return trips;
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
        return isAskedAgainAtOnePlace() && byWays().anyMatch(way -> way.waitsForEach() && way.differ());
    }

    /** Two methods of the application may ask through one helper, whose lines are all that is shown. */
    private Stream<OperationGroup> byWays() {
        return operations.stream().collect(Collectors.groupingBy(Operation::callPath)).values().stream()
                .map(OperationGroup::new);
    }

    /** The same command on other keys, each waited for, where nobody knows the lines that ask: an N+1, as far as one can see. */
    boolean isOneByOne() {
        return isOf(Operation.Kind.COMMAND)
                && waitsForEach()
                && first().callSite().isEmpty()
                && differ()
                && (!isOfParts() || areOfOneTemplate());
    }

    /** Two lines may read two fields of one object; it is a loop where the names of the fields are numbered. */
    private boolean areOfOneTemplate() {
        return areMany(Operation::parameters)
                && operations.stream()
                                .map(each -> NUMBER.matcher(each.parameters()).replaceAll("#"))
                                .distinct()
                                .count()
                        == 1;
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

    /**
     * Statements differ in their values, commands in their keys: what is written to one key makes no other key of it. What
     * reads a part of an entry differs also in what part that is.
     */
    private boolean differ() {
        return areMany(Operation::text)
                || ((isOf(Operation.Kind.QUERY) || isOfParts())
                        && (areMany(Operation::parameters) || areMany(Operation::valuesHash)));
    }

    private boolean areMany(Function<Operation, Object> property) {
        return operations.stream().map(property).distinct().limit(2).count() > 1;
    }

    /** Says whether commands each read a part of one entry. */
    boolean isOfParts() {
        return isOf(Operation.Kind.COMMAND) && PARTS.contains(command()) && !areMany(Operation::text);
    }

    private String command() {
        return first().shape().split(" ", 2)[0];
    }

    /** Returns what asks for many parts of an entry at once. */
    String commandForAll() {
        return switch (command()) {
            case "HGET", "HMGET" -> "HMGET";
            case "ZSCORE", "ZMSCORE" -> "ZMSCORE";
            case "SISMEMBER", "SMISMEMBER" -> "SMISMEMBER";
            default -> "one command for all, or in a pipeline";
        };
    }

    List<String> lines(boolean withSource) {
        return new GroupText(this).lines(withSource);
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
