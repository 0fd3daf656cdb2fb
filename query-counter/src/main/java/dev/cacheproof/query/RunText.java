package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Journal;
import dev.cacheproof.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Describes what a block did: like operations together, the largest group first. */
final class RunText {

    static final String UNATTRIBUTED_HINT =
            "if it is the block's own work, run it in the block's scope: wrap the pool once with\n"
                    + "Scope.propagating(executor). If it is not, declare it: ignoring(threads(\"name-*\")).";

    private static final int GROUPS_SHOWN = 12;
    private static final int PARAMETERS_SHOWN = 5;
    private static final int LONGEST_SQL = 160;

    private RunText() {}

    static void describe(FailureText text, Measurement<?> run) {
        groups(text, run.counted(), "");
        facts(text, run);
    }

    static void groups(FailureText text, Journal journal, String indent) {
        Map<List<String>, List<Operation>> groups = new LinkedHashMap<>();
        for (Operation operation : journal.retained()) {
            groups.computeIfAbsent(
                            List.of(operation.shape(), operation.callSite().orElse("")), absent -> new ArrayList<>())
                    .add(operation);
        }
        groups.values().stream()
                .sorted((one, other) -> Integer.compare(other.size(), one.size()))
                .limit(GROUPS_SHOWN)
                .forEach(group -> group(text, group, indent));
        if (groups.size() > GROUPS_SHOWN) {
            text.evidence(indent + "... and " + (groups.size() - GROUPS_SHOWN) + " more kinds of query");
        }
        if (journal.isTruncated()) {
            text.evidence(
                    indent + "(journal truncated: the count is exact, the list is not complete; raise details(n))");
        }
    }

    private static void group(FailureText text, List<Operation> group, String indent) {
        Operation first = group.get(0);
        List<String> parameters = group.stream()
                .map(Operation::parameters)
                .filter(p -> !p.isEmpty())
                .toList();
        String known = group.size() == 1 ? "" : isNPlusOne(group) ? "   N+1: same SQL, same call site" : "";
        text.evidence(indent + group.size() + "x " + oneLine(first.text()) + known);
        if (!parameters.isEmpty()) {
            text.evidence(indent + "   parameters "
                    + parameters.stream().limit(PARAMETERS_SHOWN).collect(Collectors.joining(" "))
                    + (parameters.size() > PARAMETERS_SHOWN ? " ..." : ""));
        }
        if (group.stream().anyMatch(operation -> operation.batchSize() > 1)) {
            text.evidence(indent + "   batch of "
                    + group.stream()
                            .map(operation -> String.valueOf(operation.batchSize()))
                            .collect(Collectors.joining(", ")));
        }
        group.stream()
                .filter(operation -> operation.outcome().detail() != null)
                .findFirst()
                .ifPresent(failed ->
                        text.evidence(indent + "   failed: " + failed.outcome().detail()));
        first.callSite().ifPresent(site -> text.evidence(indent + "   at " + site));
    }

    /** The same statement from the same line, with other parameters: a query per row. */
    private static boolean isNPlusOne(List<Operation> group) {
        return group.get(0).kind() == Operation.Kind.QUERY
                && group.get(0).callSite().isPresent()
                && group.stream().map(Operation::parameters).distinct().count() > 1;
    }

    private static void facts(FailureText text, Measurement<?> run) {
        Map<String, Long> control = run.transactions().retained().stream()
                .collect(Collectors.groupingBy(Operation::text, LinkedHashMap::new, Collectors.counting()));
        if (!control.isEmpty()) {
            text.fact(
                    "not counted",
                    run.transactions().count() + " of transaction control: "
                            + control.entrySet().stream()
                                    .map(entry -> entry.getValue() == 1
                                            ? entry.getKey()
                                            : entry.getValue() + "x " + entry.getKey())
                                    .collect(Collectors.joining(", ")));
        }
        caches(text, run.everything().cache());
        unattributed(text, run.counted());
    }

    private static void caches(FailureText text, Journal commands) {
        Map<String, Map<String, Long>> byCache = new LinkedHashMap<>();
        for (Operation command : commands.retained()) {
            String what = switch (command.outcome().status()) {
                case HIT -> "hit";
                case MISS -> "miss";
                case FAILED, REFUSED -> "failed";
                case DONE, PENDING -> command.shape().split(" ", 2)[0].toLowerCase(java.util.Locale.ROOT);
            };
            byCache.computeIfAbsent(command.source(), absent -> new LinkedHashMap<>())
                    .merge(what, 1L, Long::sum);
        }
        byCache.forEach((cache, counts) -> text.fact(
                "cache " + cache,
                counts.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "))));
    }

    static void unattributed(FailureText text, Journal journal) {
        long count = journal.unattributedCount();
        if (count == 0) {
            return;
        }
        Map<String, List<Operation>> byThread = journal.unattributed().stream()
                .collect(Collectors.groupingBy(Operation::thread, LinkedHashMap::new, Collectors.toList()));
        byThread.forEach((thread, operations) -> text.fact(
                "unattributed",
                operations.size() + " on thread \"" + thread + "\": "
                        + oneLine(operations.get(0).text())
                        + operations
                                .get(0)
                                .callSite()
                                .map(site -> "\n  at " + site)
                                .orElse("")));
        if (byThread.isEmpty()) {
            text.fact("unattributed", count + " still running when the block ended");
        }
    }

    static String oneLine(String sql) {
        String line = sql.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST_SQL ? line : line.substring(0, LONGEST_SQL) + "...";
    }
}
