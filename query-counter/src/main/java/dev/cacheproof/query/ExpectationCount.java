package dev.cacheproof.query;

import dev.cacheproof.Journal;
import dev.cacheproof.Operation;
import dev.cacheproof.query.QueryExpectation.Matching;
import dev.cacheproof.query.QueryExpectation.Part;
import dev.cacheproof.query.QueryExpectation.Unit;
import dev.cacheproof.query.sql.SqlKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a run has of one expectation.
 *
 * @param part the expectation
 * @param counted the run's queries that are of its sort for certain
 * @param doubtful those that may be: their kind or their tables are not known
 * @param own the number of the first, in the unit of the expectation
 * @param perhaps the number of what may be added: the second, and what other threads have asked for that belong to no scope
 */
record ExpectationCount(Part part, List<Operation> counted, List<Operation> doubtful, long own, long perhaps) {

    private enum Certainty {
        YES,
        NO,
        UNKNOWN;

        Certainty and(Certainty other) {
            return this == NO || other == NO ? NO : this == YES && other == YES ? YES : UNKNOWN;
        }

        static Certainty of(boolean known) {
            return known ? YES : NO;
        }
    }

    static ExpectationCount of(Part part, Measurement<?> run) {
        Journal queries = run.of(Operation.Kind.QUERY);
        if (part.isOfAll()) {
            return new ExpectationCount(
                    part, queries.retained(), List.of(), queries.count(), queries.unattributedCount());
        }
        List<Operation> counted = new ArrayList<>();
        List<Operation> doubtful = new ArrayList<>();
        for (Operation query : queries.retained()) {
            switch (isCounted(part, query)) {
                case YES -> counted.add(query);
                case UNKNOWN -> doubtful.add(query);
                case NO -> {}
            }
        }
        List<Operation> others = queries.unattributed();
        long unseen = Math.max(0, queries.unattributedCount() - others.size());
        long ofOthers = others.stream()
                .filter(query -> isCounted(part, query) != Certainty.NO)
                .mapToLong(query -> weight(part, query))
                .sum();
        return new ExpectationCount(
                part, counted, doubtful, sum(part, counted), sum(part, doubtful) + ofOthers + unseen);
    }

    private static long sum(Part part, List<Operation> queries) {
        return queries.stream().mapToLong(query -> weight(part, query)).sum();
    }

    private static long weight(Part part, Operation query) {
        return switch (part.unit()) {
            case ROUND_TRIPS -> 1;
            case STATEMENTS -> query.statements();
            case ROWS -> Math.max(query.batchSize(), query.statements());
        };
    }

    private static Certainty isCounted(Part part, Operation query) {
        Certainty certainty = Certainty.of(part.source() == null || query.isOf(part.source()::equals));
        for (Matching matching : part.matching()) {
            certainty = certainty.and(Certainty.of(matching.condition().test(query)));
        }
        return certainty.and(isOfKind(part, query)).and(isOnTable(part, query));
    }

    private static Certainty isOfKind(Part part, Operation query) {
        Set<SqlKind> kinds = part.kinds();
        if (kinds.isEmpty()) {
            return Certainty.YES;
        }
        boolean some = query.actions().stream().map(SqlKind::valueOf).anyMatch(kinds::contains);
        boolean all = query.actions().stream().map(SqlKind::valueOf).allMatch(kinds::contains);
        if (some && (all || part.unit() == Unit.ROUND_TRIPS)) {
            return Certainty.YES;
        }
        // Of several statements, some are counted, and some are not: how many of each is not kept.
        boolean mayDoAnything = query.actions().contains(SqlKind.OTHER.name())
                || query.actions().contains(SqlKind.CALL.name());
        return some || mayDoAnything ? Certainty.UNKNOWN : Certainty.NO;
    }

    private static Certainty isOnTable(Part part, Operation query) {
        if (part.tables().isEmpty()) {
            return Certainty.YES;
        }
        return query.targets()
                .map(targets -> Certainty.of(targets.stream()
                        .anyMatch(target -> part.tables().stream().anyMatch(table -> isNamed(target, table)))))
                .orElse(Certainty.UNKNOWN);
    }

    private static boolean isNamed(String target, String table) {
        String full = target.toLowerCase(Locale.ROOT);
        String wanted = table.toLowerCase(Locale.ROOT);
        return full.equals(wanted) || full.endsWith("." + wanted);
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
