package dev.cacheproof.query.sql;

import dev.cacheproof.query.sql.SqlScope.Clause;
import java.util.Set;

/** Knows the words after which tables are named, and those after which they no longer are. */
final class SqlClauses {

    /** What can be no table: where one was expected, the statement is none that we understand. */
    static final Set<String> NO_TABLE = Set.of(
            "select",
            "from",
            "where",
            "group",
            "having",
            "order",
            "union",
            "intersect",
            "except",
            "set",
            "on",
            "using",
            "join",
            "into",
            "when",
            "case",
            "and",
            "or",
            "as",
            "all",
            "with",
            "values");

    /** What may follow a table without an alias. A database may take some of them for one, but not where it may join. */
    static final Set<String> NO_ALIAS = Set.of(
            "set",
            "from",
            "where",
            "using",
            "join",
            "inner",
            "left",
            "right",
            "full",
            "cross",
            "natural",
            "straight_join",
            "on",
            "order",
            "limit",
            "returning",
            "union",
            "group",
            "for");

    /** After these, no table follows until the next {@code FROM} or {@code JOIN}. */
    private static final Set<String> ENDS_TABLES = Set.of(
            "where",
            "group",
            "having",
            "order",
            "window",
            "limit",
            "offset",
            "fetch",
            "union",
            "intersect",
            "except",
            "set",
            "returning",
            "qualify",
            "values",
            "default");

    private static final Set<String> LOCKS = Set.of("update", "share", "no", "key", "read");
    private static final Set<String> AFTER_NTH_VALUE = Set.of("over", "respect", "ignore");
    private static final Set<String> AFTER_MINUS = Set.of("all", "select", "with", "values", "table");

    private final SqlTokens tokens;

    SqlClauses(SqlTokens tokens) {
        this.tokens = tokens;
    }

    /** Returns how many tokens at an index only say what sort of table follows. */
    int beforeTable(int at) {
        SqlToken next = tokens.get(at + 1);
        return switch (tokens.get(at).word()) {
            case "only", "lateral" -> next.isName() || next.is('(') ? 1 : 0;
            case "rows" -> next.is("from") ? 2 : 0;
            // H2: what a statement changes, as a table
            case "final", "new", "old" -> next.is("table") && tokens.get(at + 2).is('(') ? 2 : 0;
            case "oj" -> tokens.get(at - 1).is('{') ? 1 : 0;
            default -> tokens.get(at).is('{') ? 1 : 0;
        };
    }

    /** Reads a word, which may begin or end a clause of tables. */
    void read(int at, SqlScope scope) {
        SqlToken before = tokens.get(at - 1);
        SqlToken next = tokens.get(at + 1);
        switch (tokens.get(at).word()) {
            case "select" -> {
                scope.query = true;
                scope.clause = Clause.ELSEWHERE;
            }
            case "from" -> {
                if (scope.query && !isDistinctFrom(at) && !isNthValue(before, at)) {
                    scope.clause = Clause.BEFORE_TABLE;
                }
            }
            case "join" -> {
                if (!before.is("for")) { // MySQL: USE INDEX FOR JOIN
                    scope.clause = Clause.BEFORE_TABLE;
                    scope.usesTables &= !scope.targets;
                }
            }
            case "straight_join" -> {
                if (scope.clause == Clause.AFTER_TABLE) {
                    scope.clause = Clause.BEFORE_TABLE;
                }
            }
            case "using" -> using(scope);
            case "table" -> {
                if (next.isName() && scope.clause == Clause.ELSEWHERE) {
                    scope.clause = Clause.BEFORE_TABLE;
                }
            }
            case "case" -> scope.cases++;
            case "end" -> scope.cases = Math.max(0, scope.cases - 1);
            default -> {
                if (endsTables(tokens.get(at), before, next, scope)) {
                    scope.clause = Clause.ELSEWHERE;
                    scope.targets = false;
                }
            }
        }
    }

    /** {@code IS [NOT] DISTINCT FROM}. */
    private boolean isDistinctFrom(int from) {
        boolean not = tokens.get(from - 2).is("not");
        return tokens.get(from - 1).is("distinct")
                && tokens.get(not ? from - 3 : from - 2).is("is");
    }

    /** {@code NTH_VALUE(a, 2) FROM LAST OVER ...}. */
    private boolean isNthValue(SqlToken before, int from) {
        SqlToken end = tokens.get(from + 1);
        return before.is(')')
                && (end.is("first") || end.is("last"))
                && AFTER_NTH_VALUE.contains(tokens.get(from + 2).word());
    }

    private static void using(SqlScope scope) {
        if (scope.usesTables) {
            scope.usesTables = false;
            scope.targets = false;
            scope.clause = Clause.BEFORE_TABLE;
        }
    }

    private static boolean endsTables(SqlToken token, SqlToken before, SqlToken next, SqlScope scope) {
        return switch (token.word()) {
            case "when" -> scope.cases == 0;
            case "on" -> next.is("duplicate") || next.is("conflict");
            case "for" -> LOCKS.contains(next.word());
            case "minus" -> next.is('(') || AFTER_MINUS.contains(next.word());
            // MySQL: USE INDEX FOR ORDER BY. An alias of such a name goes on with a comma.
            default -> ENDS_TABLES.contains(token.word()) && !before.is("for") && !next.is(',');
        };
    }
}
