package dev.cacheproof.query.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The list of common table expressions before a statement.
 *
 * @param queries the expressions, at least one
 * @param recursive whether each is visible in all of them, and not only in those that follow
 * @param main the index of the first token of the statement itself
 */
record SqlWithClause(List<Query> queries, boolean recursive, int main) {

    private static final Set<String> MAIN =
            Set.of("select", "insert", "update", "delete", "merge", "values", "table", "replace", "upsert");

    /** A common table expression, and where the parentheses around its query are. */
    record Query(SqlToken name, int open, int close) {}

    /** Reads the clause that begins at an index; null if what stands there is something else, such as {@code WITH TIES}. */
    static @Nullable SqlWithClause read(SqlTokens tokens, int with) {
        if (!tokens.get(with).is("with")) {
            return null;
        }
        // A table may have the name RECURSIVE as well.
        boolean recursive = tokens.get(with + 1).is("recursive") && !isHead(tokens, with + 1);
        List<Query> queries = new ArrayList<>();
        int next = recursive ? with + 2 : with + 1;
        while (isHead(tokens, next)) {
            int open = bodyOf(tokens, next);
            int close = open < 0 ? -1 : tokens.closing(open);
            if (close < 0) {
                return null;
            }
            queries.add(new Query(tokens.get(next), open, close));
            next = pastSearchAndCycle(tokens, close + 1);
            if (!tokens.get(next).is(',')) {
                return new SqlWithClause(queries, recursive, next);
            }
            next++;
        }
        return null;
    }

    /** Says whether {@code name as} or {@code name (columns) as} stands at an index. */
    private static boolean isHead(SqlTokens tokens, int name) {
        return tokens.get(name).isName()
                && (tokens.get(name + 1).is("as") || tokens.get(name + 1).is('('));
    }

    private static int bodyOf(SqlTokens tokens, int name) {
        boolean columns = tokens.get(name + 1).is('(');
        int next = columns ? tokens.closing(name + 1) + 1 : name + 1;
        if (next == 0 || !tokens.get(next++).is("as")) {
            return -1;
        }
        next += tokens.get(next).is("not") ? 1 : 0;
        next += tokens.get(next).is("materialized") ? 1 : 0;
        return tokens.get(next).is('(') ? next : -1;
    }

    /** PostgreSQL's {@code SEARCH DEPTH FIRST BY a, b SET c} and {@code CYCLE a SET b USING c}. */
    private static int pastSearchAndCycle(SqlTokens tokens, int from) {
        int next = from;
        if (tokens.get(next).is("search") || tokens.get(next).is("cycle")) {
            while (next < tokens.size()
                    && !MAIN.contains(tokens.get(next).word())
                    && !tokens.get(next).is('(')) {
                if (tokens.get(next).is(',') && isHead(tokens, next + 1)) {
                    return next;
                }
                next++;
            }
        }
        return next;
    }
}
