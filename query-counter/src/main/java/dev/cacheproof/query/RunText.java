package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Journal;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Describes what a block did: like operations together, the largest group first. */
final class RunText {

    private static final String UNATTRIBUTED_HINT = """
            if it is the block's own work, run it in the block's scope: wrap the pool once with
            Scope.propagating(executor). If it is not, declare it: %s.\
            """;
    private static final String COMMON_POOL_HINT = """
            nobody can wrap the JDK's common pool: give supplyAsync(task, executor) and the like a pool that is wrapped
            with Scope.propagating(executor), and do without parallel().\
            """;
    private static final String UNATTRIBUTED_COMMANDS_HINT = """
            what comes over a socket is a test's for certain if the fake is that test's alone: @Fake on an
            instance field, or on a static one under @CacheIsolation. In process it always is:
            InProcessJedis.of(redis). Declare what is not: %s.\
            """;

    private static final Pattern NAMED_BY_NOBODY =
            Pattern.compile("\\W*\\d*\\W*|Thread-\\d+|pool-\\d+-thread-\\d+|virtual-\\d+|ForkJoinPool.*");

    private static final int GROUPS_SHOWN = 12;
    private static final int NAMES_SHOWN = 5;

    private final FailureText text;
    private final Measurement<?> run;
    private final List<OperationGroup> groups;

    RunText(FailureText text, Measurement<?> run) {
        this.text = text;
        this.run = run;
        this.groups = OperationGroup.of(run.shown().retained());
    }

    void evidence(String indent) {
        boolean severalSources =
                groups.stream().map(OperationGroup::source).distinct().count() > 1;
        groups.stream()
                .limit(GROUPS_SHOWN)
                .flatMap(group -> group.lines(severalSources).stream())
                .forEach(line -> text.evidence(indent + line));
        Journal all = run.shown();
        long shown = groups.stream()
                .limit(GROUPS_SHOWN)
                .mapToLong(OperationGroup::size)
                .sum();
        long known = groups.stream().mapToLong(OperationGroup::size).sum();
        if (known > shown) {
            text.evidence(indent + "... and " + (known - shown) + " more, of " + (groups.size() - GROUPS_SHOWN)
                    + " other kinds");
        }
        long dropped = all.count() - known;
        if (dropped > 0 && all.isTruncated()) {
            text.evidence(indent + "(The count is exact, but the details of " + dropped
                    + " were not kept: raise details(n).)");
        }
    }

    /** Returns what can be done about the groups, if it is plain. */
    Optional<String> advice() {
        return adviceOn(groups);
    }

    static Optional<String> adviceOn(List<OperationGroup> groups) {
        Optional<OperationGroup> first = groups.stream()
                .filter(OperationGroup::isNPlusOne)
                .findFirst()
                .or(() -> groups.stream().filter(OperationGroup::isOneByOne).findFirst());
        if (first.isPresent()) {
            return Optional.of(adviceOn(first.get()));
        }
        return groups.stream().anyMatch(OperationGroup::isReadAgain)
                ? Optional.of("ask once and pass the answer on, or cache it.")
                : Optional.empty();
    }

    private static String adviceOn(OperationGroup oneByOne) {
        if (oneByOne.isOfParts()) {
            return "ask for the parts together, with " + oneByOne.commandForAll() + ".";
        }
        if (!oneByOne.isNPlusOne()) {
            return "ask for keys of one shape together, with one MGET or in a pipeline. InProcessJedis.client(redis)\n"
                    + "shows the line that asks for them one by one.";
        }
        if (oneByOne.isOf(Operation.Kind.COMMAND)) {
            return "ask for the keys of the N+1 together, with MGET or in a pipeline.";
        }
        return oneByOne.writes()
                ? "write the rows of the N+1 together, in a batch (an ORM's batch size), or in one statement."
                : "fetch the rows of the N+1 together, with a join or with IN (...).";
    }

    void facts(long own) {
        Set<String> sources = run.check().sources();
        if (sources != null && run.unit().kind() == Operation.Kind.QUERY) {
            text.fact("counted on", names(sources));
            run.elsewhere()
                    .forEach((source, count) ->
                            text.fact("not counted", run.unit().count(count) + " on " + source));
        } else if (own == 0) {
            text.fact(run.unit().kind() == Operation.Kind.LOAD ? "counted so far" : "watched", names(run.known()));
        }
        long commands = run.shown().count();
        if (commands > own) {
            text.fact("sent together", commands + " commands in " + run.unit().count(own));
        }
        transactions();
        caches();
        unattributed(text, "unattributed", run.counted());
    }

    /** Shows what may have answered in the place of what is counted. */
    void whatMayHaveAnswered(Circumstances around) {
        around.describe(text);
        Recorder.whyNotWatched(run.unit().kind()).forEach(reason -> text.fact("not watched", reason));
        CachesMet.describeHeld(text);
    }

    /** Returns what to do about work that belongs to no scope: what its thread has said, or else how it usually comes about. */
    static String unattributedHint(Measurement<?>... runs) {
        List<Operation> unattributed = Stream.of(runs)
                .flatMap(run -> Stream.concat(
                        run.counted().unattributed().stream(),
                        run.unit().needsServers() && run.unit().kind() != Operation.Kind.COMMAND
                                ? run.commands().unattributed().stream()
                                : Stream.empty()))
                .toList();
        if (unattributed.stream().anyMatch(operation -> operation.thread().startsWith("ForkJoinPool.commonPool"))) {
            return COMMON_POOL_HINT;
        }
        boolean isOfSockets = !unattributed.isEmpty() && unattributed.stream().allMatch(RunText::cameOverASocket);
        String usual = isOfSockets ? UNATTRIBUTED_COMMANDS_HINT : UNATTRIBUTED_HINT;
        return unattributed.stream()
                .flatMap(operation -> operation.explanation().stream())
                .findFirst()
                .orElseGet(() -> usual.formatted(declared(
                        runs[0].check(),
                        unattributed.stream()
                                .filter(operation -> !cameOverASocket(operation))
                                .map(operation -> pattern(operation.thread()))
                                .findFirst()
                                .orElse("name-*"))));
    }

    /** There, nobody knows the line that asks, nor its thread. */
    private static boolean cameOverASocket(Operation operation) {
        return operation.kind() == Operation.Kind.COMMAND
                && operation.callSite().isEmpty();
    }

    /** A test that is described is one of {@code @ExpectQueries}, where there is no place for a call. */
    private static String declared(QueryCheck check, String threads) {
        String call = "ignoring(threads(\"" + threads + "\"))";
        return check.description() == null || !check.description().startsWith("the test ")
                ? call
                : call + ", or ignoring = \"" + threads + "\" of @ExpectQueries";
    }

    /** The numbers in a thread's name are other ones in the next run; without them, a name that nobody gave is everybody's. */
    private static String pattern(String thread) {
        return NAMED_BY_NOBODY.matcher(thread).matches() ? "name-*" : thread.replaceAll("\\d+", "*");
    }

    static String names(Collection<String> names) {
        String shown = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
        return names.size() <= NAMES_SHOWN ? shown : shown + " and " + (names.size() - NAMES_SHOWN) + " more";
    }

    private void transactions() {
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
    }

    private void caches() {
        Map<String, Map<String, Long>> byCache = new LinkedHashMap<>();
        for (Operation command : run.cacheCommands().retained()) {
            byCache.computeIfAbsent(command.source(), absent -> new LinkedHashMap<>())
                    .merge(whatBecameOf(command), 1L, Long::sum);
        }
        byCache.forEach((cache, counts) -> text.fact(
                "cache " + cache,
                counts.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "))));
    }

    private static String whatBecameOf(Operation command) {
        return switch (command.outcome().status()) {
            case HIT -> "hits";
            case MISS -> "misses";
            case FAILED -> "failed";
            case REFUSED -> "refused";
            case DONE, PENDING -> command.shape().split(" ", 2)[0].toLowerCase(Locale.ROOT);
        };
    }

    /** Names the threads that were at work without a scope, and one of the things that each did. */
    static void unattributed(FailureText text, String fact, Journal journal) {
        long unnamed = journal.unattributedCount();
        Map<String, List<Operation>> byThread = journal.unattributed().stream()
                .collect(Collectors.groupingBy(Operation::thread, LinkedHashMap::new, Collectors.toList()));
        List<List<Operation>> largestFirst = new ArrayList<>(byThread.values());
        largestFirst.sort(
                Comparator.comparingInt((List<Operation> of) -> of.size()).reversed());
        for (List<Operation> operations :
                largestFirst.stream().limit(NAMES_SHOWN).toList()) {
            Operation first = operations.get(0);
            unnamed -= operations.size();
            text.fact(
                    fact,
                    operations.size() + " on thread \"" + first.thread() + "\": "
                            + OperationGroup.oneLine(first.text())
                            + first.callSite().map(site -> "\n  at " + site).orElse(""));
        }
        if (unnamed > 0) {
            text.fact(fact, unnamed + (byThread.isEmpty() ? "" : " more") + ", still running or not kept");
        }
    }
}
