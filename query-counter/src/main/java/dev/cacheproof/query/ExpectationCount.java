package dev.cacheproof.query;

import dev.cacheproof.Journal;
import dev.cacheproof.Operation;
import dev.cacheproof.query.QueryExpectation.Matching;
import dev.cacheproof.query.QueryExpectation.Part;
import dev.cacheproof.query.sql.SqlKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a run has of one expectation.
 *
 * @param part the expectation
 * @param counted the run's queries that are of its sort for certain, or have a statement that is
 * @param doubtful those that may be, or have a statement that may be: what it does to which table is not known
 * @param own the number of what is counted for certain, in the unit of the expectation
 * @param perhaps the number of what may be added: what is doubtful, and what other threads have asked for that belong to no
 *     scope
 */
record ExpectationCount(Part part, List<Operation> counted, List<Operation> doubtful, long own, long perhaps) {

    /** How much of one query is counted. */
    private record Share(long own, long perhaps) {
        static final Share NOTHING = new Share(0, 0);
    }

    static ExpectationCount of(Part part, Measurement<?> run) {
        Journal queries = run.of(Operation.Kind.QUERY);
        if (part.isOfAll()) {
            return new ExpectationCount(
                    part, queries.retained(), List.of(), queries.count(), queries.unattributedCount());
        }
        List<Operation> counted = new ArrayList<>();
        List<Operation> doubtful = new ArrayList<>();
        long own = 0;
        long perhaps = 0;
        for (Operation query : queries.retained()) {
            Share share = share(part, query);
            own += share.own;
            perhaps += share.perhaps;
            if (share.own > 0) {
                counted.add(query);
            }
            if (share.perhaps > 0) {
                doubtful.add(query);
            }
        }
        List<Operation> others = queries.unattributed();
        perhaps += Math.max(0, queries.unattributedCount() - others.size());
        for (Operation query : others) {
            Share share = share(part, query);
            perhaps += share.own + share.perhaps;
        }
        return new ExpectationCount(part, counted, doubtful, own, perhaps);
    }

    private static Share share(Part part, Operation query) {
        if (part.source() != null && !query.isOf(part.source()::equals)) {
            return Share.NOTHING;
        }
        for (Matching matching : part.matching()) {
            if (!matching.condition().test(query)) {
                return Share.NOTHING;
            }
        }
        StatementFilter filter = part.statements();
        long certain = query.statements();
        long unknown = 0;
        if (!filter.isOfAll()) {
            List<Certainty> each = query.sql()
                    .map(sql -> sql.stream().map(filter::includes).toList())
                    .orElse(List.of(Certainty.UNKNOWN));
            certain = each.stream().filter(Certainty.YES::equals).count();
            unknown = each.stream().filter(Certainty.UNKNOWN::equals).count();
        }
        return switch (part.unit()) {
            case ROUND_TRIPS -> certain > 0 || filter.isOfAll() ? new Share(1, 0) : new Share(0, Math.min(1, unknown));
            case STATEMENTS -> new Share(certain, unknown);
            case ROWS -> new Share(certain * query.rowsOfEach(), unknown * query.rowsOfEach());
        };
    }

    boolean isMet() {
        return part.count().allows(own) && part.count().allows(own + perhaps);
    }

    /** Returns such as {@code at most 3 reads of orders}. */
    String expectation() {
        String number = part.count().isExact() && part.count().atMost() == 0
                ? "no"
                : part.count().inWords();
        String noun = noun(part.count().endsWithOne());
        String tables = part.tables().isEmpty() ? "" : " of " + String.join(" or ", part.tables());
        String source = part.source() == null ? "" : " on " + part.source();
        StringBuilder text = new StringBuilder(number + " " + noun + tables + source);
        part.matching()
                .forEach(matching ->
                        text.append(" (").append(matching.description()).append(')'));
        return text.toString();
    }

    private String noun(boolean one) {
        String unit = switch (part.unit()) {
            case ROUND_TRIPS -> "";
            case STATEMENTS -> one ? "statement" : "statements";
            case ROWS -> one ? "row" : "rows";
        };
        if (part.kinds().isEmpty()) {
            return !unit.isEmpty() ? unit : one ? "query" : "queries";
        }
        return part.kinds().stream()
                .map(kind -> unit.isEmpty() ? noun(kind, one) : adjective(kind) + " " + unit)
                .collect(Collectors.joining(" or "));
    }

    private static String noun(SqlKind kind, boolean one) {
        return switch (kind) {
            case READ, INSERT, UPDATE, DELETE, MERGE, CALL -> adjective(kind) + (one ? "" : "s");
            case DDL, TRANSACTION, SESSION, OTHER -> adjective(kind) + (one ? " statement" : " statements");
        };
    }

    private static String adjective(SqlKind kind) {
        return kind == SqlKind.DDL ? "DDL" : kind.name().toLowerCase(Locale.ROOT);
    }

    String actual() {
        return perhaps == 0 ? (own == 0 ? "none" : String.valueOf(own)) : own + " to " + (own + perhaps);
    }
}
