package dev.cacheproof.query;

import dev.cacheproof.Operation;
import dev.cacheproof.query.sql.SqlKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * How many queries of some sort a block may make; several such expectations are checked together, and all that are not met are
 * shown in one failure. Immutable and thread-safe.
 *
 * <pre>{@code
 * assertQueries(exactly(2).reads().and(exactly(1).inserts().onTable("orders")), () -> shop.checkout(cart));
 * }</pre>
 *
 * <p>Whatever narrows an expectation concerns what was last begun: in {@code exactly(2).reads().and(none()).deletes()}, the
 * second. Each is narrowed once in each way. Round trips are counted unless another {@linkplain #rows() unit} is named. A query whose kind or tables cannot be
 * known, such as a {@code CALL}, may be one that is counted or not, and so an expectation must hold in both cases.
 *
 * <p>So is what calls a function that is not one of the common ones of SQL, H2, PostgreSQL or MySQL: in {@code select
 * archive(7)}, it may change any table, and read any. It is a read for certain, and may be an update, too. Whoever knows that
 * the function does not says so: {@code none().deletes().matching("but for archive", query ->
 * !query.text().contains("archive("))}. What a view, a trigger, a rule, an operator or a cascade does is never seen.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class QueryExpectation {

    /** What is counted of a query. */
    enum Unit {
        ROUND_TRIPS,
        STATEMENTS,
        ROWS;

        String inWords() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** A condition of the user's own. */
    record Matching(String description, Predicate<Operation> condition) {}

    /** One expectation; sets that are empty exclude nothing. */
    record Part(
            Expected count,
            Unit unit,
            Set<SqlKind> kinds,
            Set<String> tables,
            @Nullable String source,
            List<Matching> matching,
            @Nullable String reason) {

        StatementFilter statements() {
            return new StatementFilter(kinds, tables);
        }

        boolean isOfAll() {
            return unit == Unit.ROUND_TRIPS
                    && kinds.isEmpty()
                    && tables.isEmpty()
                    && source == null
                    && matching.isEmpty();
        }
    }

    private final List<Part> parts;

    private QueryExpectation(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    private static QueryExpectation of(Expected count) {
        return new QueryExpectation(
                List.of(new Part(count, Unit.ROUND_TRIPS, Set.of(), Set.of(), null, List.of(), null)));
    }

    /**
     * Expects an exact number.
     *
     * @param count the number; not negative
     * @return the expectation
     */
    public static QueryExpectation exactly(int count) {
        return of(new Expected(QueryCheck.notNegative("count", count), count));
    }

    /**
     * Expects none.
     *
     * @return the expectation
     */
    public static QueryExpectation none() {
        return exactly(0);
    }

    /**
     * Expects no more than a number.
     *
     * @param count the number; not negative
     * @return the expectation
     */
    public static QueryExpectation atMost(int count) {
        return of(new Expected(0, QueryCheck.notNegative("count", count)));
    }

    /**
     * Expects no fewer than a number.
     *
     * @param count the number; not negative
     * @return the expectation
     */
    public static QueryExpectation atLeast(int count) {
        return of(new Expected(QueryCheck.notNegative("count", count), Integer.MAX_VALUE));
    }

    /**
     * Expects a number between two.
     *
     * @param atLeast the lowest number; not negative
     * @param atMost the highest; not below {@code atLeast}
     * @return the expectation
     */
    public static QueryExpectation between(int atLeast, int atMost) {
        return of(new Expected(atLeast, atMost));
    }

    /**
     * Counts what only reads, but for what functions do that it calls.
     *
     * @return the narrower expectation
     * @throws IllegalStateException if a kind was said already
     */
    public QueryExpectation reads() {
        return ofKind(SqlKind.READ);
    }

    /**
     * Counts inserts.
     *
     * @return the narrower expectation
     * @throws IllegalStateException if a kind was said already
     */
    public QueryExpectation inserts() {
        return ofKind(SqlKind.INSERT);
    }

    /**
     * Counts updates.
     *
     * @return the narrower expectation
     * @throws IllegalStateException if a kind was said already
     */
    public QueryExpectation updates() {
        return ofKind(SqlKind.UPDATE);
    }

    /**
     * Counts deletes.
     *
     * @return the narrower expectation
     * @throws IllegalStateException if a kind was said already
     */
    public QueryExpectation deletes() {
        return ofKind(SqlKind.DELETE);
    }

    /**
     * Counts statements of some kinds. A round trip is of the kinds of all its statements, and a statement that changes data in
     * more than one way, such as {@code with d as (delete ...) insert ...}, is of each of these.
     *
     * @param kind the kind
     * @param more other kinds that count as well
     * @return the narrower expectation
     * @throws IllegalStateException if a kind was said already
     */
    public QueryExpectation ofKind(SqlKind kind, SqlKind... more) {
        Set<SqlKind> kinds = EnumSet.of(Objects.requireNonNull(kind, "kind must not be null"), more);
        return last(part -> {
            if (!part.kinds.isEmpty()) {
                throw saidAlready("kind", namesOf(part.kinds), "ofKind(" + namesOf(both(part.kinds, kinds)) + ")");
            }
            return new Part(part.count, part.unit, kinds, part.tables, part.source, part.matching, part.reason);
        });
    }

    /**
     * Counts what does to a table what the kind says: with {@link #updates()}, what updates it, and not what updates another one
     * and reads this; without a kind, what reads or changes it. A table that a text names without its schema may be that of any
     * schema, so name it here as the text does.
     *
     * @param table the name, in any case; with its schema, or without where that does not matter
     * @param more other tables that count as well
     * @return the narrower expectation
     * @throws IllegalStateException if a table was said already
     */
    public QueryExpectation onTable(String table, String... more) {
        Set<String> tables = new LinkedHashSet<>();
        tables.add(Objects.requireNonNull(table, "table must not be null"));
        tables.addAll(List.of(more));
        if (tables.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("table must name a table, such as orders, but is blank");
        }
        return last(part -> {
            if (!part.tables.isEmpty()) {
                String all = String.join("\", \"", both(part.tables, tables));
                throw saidAlready("table", String.join(", ", part.tables), "onTable(\"" + all + "\")");
            }
            return new Part(part.count, part.unit, part.kinds, tables, part.source, part.matching, part.reason);
        });
    }

    /**
     * Counts what goes through a data source.
     *
     * @param dataSource what {@link QueryCounter#watch(DataSource)} returned, or what unwraps to it
     * @return the narrower expectation
     * @throws IllegalArgumentException if it is not watched
     * @throws IllegalStateException if a data source was said already
     */
    public QueryExpectation on(DataSource dataSource) {
        String source = QueryCheck.nameOf(Objects.requireNonNull(dataSource, "dataSource must not be null"));
        return last(part -> {
            if (part.source != null) {
                throw new IllegalStateException("the data source of these queries was said already: " + part.source
                        + ". Expect those of another one as well, with and(...)");
            }
            return new Part(part.count, part.unit, part.kinds, part.tables, source, part.matching, part.reason);
        });
    }

    /**
     * Counts what meets a condition.
     *
     * @param description what to call it in a failure, such as {@code locking a row}
     * @param condition the condition; asked after the block has run, on the thread that asserts. What it throws is thrown on
     * @return the narrower expectation
     */
    public QueryExpectation matching(String description, Predicate<Operation> condition) {
        Matching added = new Matching(
                Objects.requireNonNull(description, "description must not be null"),
                Objects.requireNonNull(condition, "condition must not be null"));
        return last(part -> {
            List<Matching> all = new ArrayList<>(part.matching);
            all.add(added);
            return new Part(part.count, part.unit, part.kinds, part.tables, part.source, all, part.reason);
        });
    }

    /**
     * Counts statements instead of round trips: each of a text or of a batch, and a prepared one once for all of its rows.
     *
     * @return the expectation in that unit
     * @throws IllegalStateException if a unit was said already
     */
    public QueryExpectation statements() {
        return in(Unit.STATEMENTS);
    }

    /**
     * Counts rows of batches instead of round trips: each set of parameters that a statement is run for, and each statement of
     * a text or of a batch.
     *
     * @return the expectation in that unit
     * @throws IllegalStateException if a unit was said already
     */
    public QueryExpectation rows() {
        return in(Unit.ROWS);
    }

    private QueryExpectation in(Unit unit) {
        return last(part -> {
            if (part.unit != Unit.ROUND_TRIPS) {
                throw new IllegalStateException("the unit of this number was said already: " + part.unit.inWords()
                        + ". Expect a number of " + unit.inWords() + " as well, with and(...)");
            }
            return new Part(part.count, unit, part.kinds, part.tables, part.source, part.matching, part.reason);
        });
    }

    /** Whether the second is to be added or to replace the first cannot be known, so neither is done. */
    private static IllegalStateException saidAlready(String what, String said, String together) {
        return new IllegalStateException("the " + what + " of these queries was said already: " + said
                + ". Name all that count in one call, such as " + together
                + ", or expect the others as well, with and(...)");
    }

    private static <T> Set<T> both(Set<T> first, Set<T> second) {
        Set<T> both = new LinkedHashSet<>(first);
        both.addAll(second);
        return both;
    }

    private static String namesOf(Set<SqlKind> kinds) {
        return kinds.stream().map(SqlKind::name).collect(Collectors.joining(", "));
    }

    /**
     * Gives the reason for the number, to be shown when it is not met.
     *
     * @param reason the reason
     * @return the expectation
     */
    public QueryExpectation because(String reason) {
        Objects.requireNonNull(reason, "reason must not be null");
        return last(
                part -> new Part(part.count, part.unit, part.kinds, part.tables, part.source, part.matching, reason));
    }

    /**
     * Expects something else as well.
     *
     * @param other what else
     * @return both
     */
    public QueryExpectation and(QueryExpectation other) {
        List<Part> both = new ArrayList<>(parts);
        both.addAll(Objects.requireNonNull(other, "other must not be null").parts);
        return new QueryExpectation(both);
    }

    private QueryExpectation last(UnaryOperator<Part> change) {
        List<Part> changed = new ArrayList<>(parts);
        changed.set(changed.size() - 1, change.apply(changed.get(changed.size() - 1)));
        return new QueryExpectation(changed);
    }

    List<Part> parts() {
        return Collections.unmodifiableList(parts);
    }
}
