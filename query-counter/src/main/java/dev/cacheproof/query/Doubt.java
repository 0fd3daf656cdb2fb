package dev.cacheproof.query;

import dev.cacheproof.Operation;
import dev.cacheproof.Operation.Statement;
import dev.cacheproof.query.QueryExpectation.Part;
import java.util.List;
import java.util.Set;

/**
 * Why it is not known whether a query is counted.
 *
 * @param calls the functions that may do what is expected; empty where the statement itself is not understood
 * @param unqualified a table that the text names without its schema; empty where there is no such doubt
 * @param expected the tables that are expected
 */
record Doubt(Set<String> calls, String unqualified, Set<String> expected) {

    static Doubt of(Part part, Operation query) {
        StatementFilter filter = part.statements();
        List<Statement> doubtful = query.sql().orElse(List.of()).stream()
                .filter(statement -> filter.includes(statement) == Certainty.UNKNOWN)
                .toList();
        return new Doubt(
                StatementFilter.calls(doubtful),
                doubtful.stream()
                        .flatMap(statement -> filter.unqualified(statement).stream())
                        .findFirst()
                        .orElse(""),
                part.tables());
    }

    /** Returns what to add to a sentence about the query; empty where it shows itself. */
    String reason() {
        if (!calls.isEmpty()) {
            return ": what " + String.join(", ", calls) + (calls.size() == 1 ? " does" : " do") + " is not known";
        }
        return unqualified.isEmpty() ? "" : ": its " + unqualified + " may be " + String.join(" or ", expected);
    }

    String hint() {
        if (calls.isEmpty() && !unqualified.isEmpty()) {
            return "name the table as the text does, such as onTable(\"" + unqualified + "\").";
        }
        String called = calls.isEmpty() ? "f" : calls.iterator().next();
        return "what a statement does cannot be known from its text alone: leave out what you know to do nothing of"
                + "\nthe kind, matching(\"but for " + called + "\", query -> !query.text().contains(\"" + called
                + "(\")),\nor expect a number of all queries.";
    }
}
