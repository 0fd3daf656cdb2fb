package dev.cacheproof;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The ordered record of what was asked for in one {@linkplain Scope scope}: SQL, cache commands and loads in one list,
 * in the order in which they began. A live, thread-safe view; what an operation adds is visible as soon as it began
 * (counts) or ended (details).
 *
 * <p>To see in a test what it has asked for so far:
 *
 * <pre>{@code
 * System.out.println(Journal.current().print());
 * }</pre>
 *
 * <p>Counts are always exact. Details are bounded: the first 1,000 and the last 9,000 operations are kept unless the
 * scope was opened with other {@linkplain Scope.Builder#details(int) details}.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Journal {

    private final Scope scope;
    private final Set<Operation.Kind> kinds;
    private final Predicate<String> source;
    private final Predicate<String> ignoredThread;
    private final boolean roundTrips;

    Journal(Scope scope) {
        this(scope, EnumSet.allOf(Operation.Kind.class), any -> true, none -> false, false);
    }

    private Journal(
            Scope scope,
            Set<Operation.Kind> kinds,
            Predicate<String> source,
            Predicate<String> ignoredThread,
            boolean roundTrips) {
        this.scope = scope;
        this.kinds = kinds;
        this.source = source;
        this.ignoredThread = ignoredThread;
        this.roundTrips = roundTrips;
    }

    /**
     * Returns the record of the innermost scope that the current thread is in: in a test, what that has asked for; in a block
     * whose queries are counted, what the block has.
     *
     * @return a live view
     * @throws IllegalStateException if the thread is in no scope
     */
    public static Journal current() {
        return Scope.current()
                .map(Scope::journal)
                .orElseThrow(
                        () -> new IllegalStateException(
                                "Thread \""
                                        + Thread.currentThread().getName()
                                        + "\" is in no scope, so nothing is recorded for it. With cacheproof-junit-extension, the thread that"
                                        + " runs a test is in one; elsewhere, open one: try (Scope scope = Scope.open(\"checkout\"))."));
    }

    /**
     * Returns the scope whose record this is.
     *
     * @return the scope
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public Scope scope() {
        return scope;
    }

    /**
     * Says whether operations of a kind belong to the view.
     *
     * @param kind the kind
     * @return true unless it was narrowed to others
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public boolean shows(Operation.Kind kind) {
        return kinds.contains(kind);
    }

    /**
     * Says whether operations of a source belong to the view.
     *
     * @param name the name of the source
     * @return true unless it was narrowed to others
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public boolean isOf(String name) {
        return source.test(name);
    }

    /**
     * Says whether all commands of a pipeline belong to the view.
     *
     * @return true unless it was narrowed to round trips
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public boolean showsPipelined() {
        return !roundTrips;
    }

    /**
     * Narrows this view to queries: round trips to a database, without transaction control.
     *
     * @return the narrower view
     */
    public Journal sql() {
        return only(Operation.Kind.QUERY);
    }

    /**
     * Narrows this view to what caches were asked for: those in this process, and cache servers.
     *
     * @return the narrower view
     */
    public Journal cache() {
        return only(EnumSet.of(Operation.Kind.CACHE, Operation.Kind.COMMAND));
    }

    /**
     * Narrows this view to commands that cache servers were sent.
     *
     * @return the narrower view
     */
    public Journal commands() {
        return only(Operation.Kind.COMMAND);
    }

    /**
     * Narrows this view to one operation for each round trip: of commands that a client sent together, the first.
     *
     * @return the narrower view
     */
    public Journal roundTrips() {
        return new Journal(scope, kinds, source, ignoredThread, true);
    }

    /**
     * Narrows this view to counted loads.
     *
     * @return the narrower view
     */
    public Journal loads() {
        return only(Operation.Kind.LOAD);
    }

    /**
     * Narrows this view to one kind.
     *
     * @param kind the kind
     * @return the narrower view
     */
    public Journal only(Operation.Kind kind) {
        return only(EnumSet.of(kind));
    }

    private Journal only(Set<Operation.Kind> wanted) {
        Set<Operation.Kind> narrowed = EnumSet.copyOf(wanted);
        narrowed.retainAll(kinds);
        return new Journal(scope, narrowed, source, ignoredThread, roundTrips);
    }

    /**
     * Narrows this view to some sources.
     *
     * @param source tells by its name whether a source belongs to the view
     * @return the narrower view
     */
    public Journal of(Predicate<String> source) {
        return new Journal(scope, kinds, this.source.and(source), ignoredThread, roundTrips);
    }

    /**
     * Leaves unattributed operations of some threads out of account.
     *
     * @param thread tells by its name whether a thread's unattributed operations are known not to belong to the scope
     * @return the narrower view
     */
    public Journal ignoring(Predicate<String> thread) {
        return new Journal(scope, kinds, source, ignoredThread.or(thread), roundTrips);
    }

    /**
     * Returns how many operations belong to the scope. Exact, also where details were dropped.
     *
     * @return the number of operations that began in the scope so far
     */
    public long count() {
        return kinds.stream()
                .mapToLong(kind -> scope.counters().count(kind, source, any -> true, roundTrips))
                .sum();
    }

    /**
     * Returns how many operations began while the scope was open on threads that are in no scope: it cannot be known
     * whether they belong to it.
     *
     * @return the number of unattributed operations
     */
    public long unattributedCount() {
        return kinds.stream()
                .mapToLong(kind -> scope.unattributed().count(kind, source, ignoredThread.negate(), roundTrips))
                .sum();
    }

    /**
     * Returns the operations that belong to the scope and have ended.
     *
     * @return all of them, in the order in which they began
     * @throws IllegalStateException if details were dropped, so that the list would not be complete
     */
    public List<Operation> operations() {
        if (scope.dropped() > 0) {
            throw new IllegalStateException("journal truncated: " + scope.dropped() + " of "
                    + new Journal(scope).count() + " operations of scope \"" + scope.name()
                    + "\" were not kept. Raise details(n) where the scope is opened, or look at retained().");
        }
        return retained();
    }

    /**
     * Returns those operations of the scope whose details were kept.
     *
     * @return the operations, in the order in which they began
     */
    public List<Operation> retained() {
        List<Operation> operations = new ArrayList<>();
        for (Ledger.Entry entry : scope.ledger().entries()) {
            if (belongs(entry.scope()) && matches(entry.operation())) {
                operations.add(entry.operation());
            }
        }
        return operations;
    }

    private boolean belongs(@Nullable Scope owner) {
        for (Scope own = owner; own != null; own = own.parent()) {
            if (own == scope) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(Operation operation) {
        return kinds.contains(operation.kind()) && operation.isOf(source) && !(roundTrips && operation.isPipelined());
    }

    /**
     * Returns unattributed operations with their details: at most 100 of all kinds are kept.
     *
     * @return the operations, in the order in which they began
     */
    public List<Operation> unattributed() {
        return scope.unattributedLedger().entries().stream()
                .map(Ledger.Entry::operation)
                .filter(operation -> matches(operation) && !ignoredThread.test(operation.thread()))
                .toList();
    }

    /**
     * Says whether details were dropped.
     *
     * @return true if {@link #operations()} would fail
     */
    public boolean isTruncated() {
        return scope.dropped() > 0;
    }

    /**
     * Renders the operations for a person, a line each.
     *
     * @return the lines; where details were dropped, the first line says so
     */
    public String print() {
        StringBuilder text = new StringBuilder();
        if (isTruncated()) {
            text.append("(journal truncated: ").append(scope.dropped()).append(" operations were not kept)\n");
        }
        int number = 0;
        for (Operation operation : retained()) {
            text.append(String.format(
                            "%4d  %-11s %s: %s", ++number, operation.kind(), operation.source(), line(operation)))
                    .append('\n');
        }
        return text.toString();
    }

    private static String line(Operation operation) {
        String detail = operation.outcome().detail();
        String unnoticed = detail == null ? "" : "  " + detail;
        String outcome = switch (operation.outcome().status()) {
            case DONE, PENDING -> unnoticed;
            case HIT -> "  hit" + unnoticed;
            case MISS -> "  miss" + unnoticed;
            case FAILED -> "  failed: " + detail;
            case REFUSED -> "  refused: " + detail;
        };
        String parameters = operation.parameters().isEmpty() ? "" : "  " + operation.parameters();
        return operation.text().strip().replaceAll("\\s+", " ")
                + parameters
                + outcome
                + operation.callSite().map(site -> "  at " + site).orElse("");
    }
}
