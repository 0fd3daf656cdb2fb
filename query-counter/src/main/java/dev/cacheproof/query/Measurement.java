package dev.cacheproof.query;

import dev.cacheproof.Journal;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Scope;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was asked for in a scope: that of a block, which is run in one of its own, or any other. */
final class Measurement<T extends @Nullable Object> {

    private final QueryCheck check;
    private final CachingContract.Unit unit;
    private final Journal journal;
    private final T answer;
    private final List<String> unfinished;
    private final Set<String> behind;

    private Measurement(
            QueryCheck check,
            CachingContract.Unit unit,
            Journal journal,
            T answer,
            List<String> unfinished,
            Set<String> behind) {
        this.check = check;
        this.unit = unit;
        this.journal = journal;
        this.answer = answer;
        this.unfinished = unfinished;
        this.behind = behind;
    }

    static <T extends @Nullable Object> Measurement<T> of(
            QueryCheck check, CachingContract.Unit unit, Callable<T> block) {
        // What was sent before the block, and not waited for, is not the block's.
        Set<String> behind = new TreeSet<>(catchUp(unit));
        try (Scope scope = check.scope("block").open()) {
            T answer = call(block);
            if (check.patience() != null) {
                scope.awaitTasks(check.patience());
            }
            List<String> unfinished = unfinished(scope, unit);
            behind.addAll(catchUp(unit));
            return new Measurement<>(check, unit, scope.journal(), answer, unfinished, behind);
        }
    }

    /** Looks at what a scope has so far, as far as a view of it shows it. */
    static Measurement<@Nullable Object> of(QueryCheck check, CachingContract.Unit unit, Journal journal) {
        return new Measurement<>(check, unit, journal, null, unfinished(journal.scope(), unit), catchUp(unit));
    }

    private static List<String> unfinished(Scope scope, CachingContract.Unit unit) {
        return unit.needsServers()
                ? scope.unfinished(unit.kind(), Operation.Kind.COMMAND)
                : scope.unfinished(unit.kind());
    }

    /** A client need not wait for what it sends: it may have reached a server, and not be counted yet. */
    private static Set<String> catchUp(CachingContract.Unit unit) {
        return unit.needsServers() ? Recorder.catchUp(Operation.Kind.COMMAND) : Set.of();
    }

    /** Calls a block; what it throws is thrown on as it is. */
    static <T extends @Nullable Object> T call(Callable<T> block) {
        try {
            return block.call();
        } catch (Exception thrown) {
            throw Measurement.<RuntimeException>asItIs(thrown);
        }
    }

    @SuppressWarnings("unchecked") // the cast is erased
    private static <X extends Throwable> RuntimeException asItIs(Throwable thrown) throws X {
        throw (X) thrown;
    }

    QueryCheck check() {
        return check;
    }

    CachingContract.Unit unit() {
        return unit;
    }

    T answer() {
        return answer;
    }

    String openedAt() {
        return journal.scope().openedAt();
    }

    /** Returns what to call the block. */
    String place() {
        String described = check.description();
        return described != null ? described : "the block at " + openedAt();
    }

    List<String> unfinished() {
        return unfinished;
    }

    /** Returns the servers that have not got through what they were sent. */
    Set<String> behind() {
        return behind;
    }

    /** What is counted: of commands that were sent together, the first. */
    Journal counted() {
        return shown().roundTrips();
    }

    /** What is shown of what is counted. */
    Journal shown() {
        return of(unit.kind()).of(unit::covers);
    }

    Journal of(Operation.Kind kind) {
        return check.view(journal, kind);
    }

    /** Counts the queries of data sources that are not counted, by their names. */
    Map<String, Long> elsewhere() {
        Set<String> counted = check.sources();
        return counted == null
                ? Map.of()
                : journal.only(Operation.Kind.QUERY).retained().stream()
                        .map(Operation::source)
                        .filter(source -> !counted.contains(source))
                        .collect(Collectors.groupingBy(source -> source, TreeMap::new, Collectors.counting()));
    }

    /** What cache servers were sent. */
    Journal commands() {
        return of(Operation.Kind.COMMAND);
    }

    Journal cacheCommands() {
        return journal.cache();
    }

    Journal transactions() {
        return of(Operation.Kind.TRANSACTION);
    }

    Journal escapes() {
        return of(Operation.Kind.ESCAPE);
    }

    /** Returns all that was asked for, of whatever source and on whichever thread, in its order. */
    List<Operation> everything() {
        Journal all = journal.scope().journal();
        return Stream.concat(all.retained().stream(), all.unattributed().stream())
                .sorted(Comparator.comparingLong(Operation::sequence))
                .toList();
    }

    /** Says whether {@link #everything()} has all that threads in no scope have asked for. */
    boolean keepsAllOfOthers() {
        Journal all = journal.scope().journal();
        return all.unattributedCount() == all.unattributed().size();
    }

    /** Says whether something is looking, or was: what has been counted was seen by a source that may have ended meanwhile. */
    boolean isWatched() {
        return own() + unattributed() > 0
                || loadsOfTheTest().of(unit::covers).only(unit.kind()).count() > 0
                || Recorder.watched(unit.kind()).stream().anyMatch(unit::covers);
    }

    /**
     * Returns the loads that the test has counted so far. Nobody declares a load before it is made; so these are what shows
     * that the test is wired, and not those of tests that happened to run before.
     */
    private Journal loadsOfTheTest() {
        return journal.scope().root().journal().loads();
    }

    /** Returns the names of what can be counted: of what is watched; of loads, those that the test has counted so far. */
    Set<String> known() {
        return unit.kind() == Operation.Kind.LOAD
                ? loadsOfTheTest().retained().stream()
                        .map(Operation::source)
                        .collect(Collectors.toCollection(TreeSet::new))
                : Recorder.watched(unit.kind());
    }

    long own() {
        return counted().count();
    }

    long unattributed() {
        return counted().unattributedCount();
    }
}
