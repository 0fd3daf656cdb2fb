package dev.cacheproof.query.sql;

import dev.cacheproof.query.sql.SqlWithClause.Query;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where in a statement its reader is: between one pair of parentheses, or outside of all. Says which clause that is, and which
 * names are aliases there.
 */
final class SqlScope {

    /** What the next name would be. */
    enum Clause {
        /** Anything but a table. */
        ELSEWHERE,
        /** A table. */
        BEFORE_TABLE,
        /** An alias or part of a join, until a comma makes it a table again. */
        AFTER_TABLE
    }

    Clause clause;

    /** Whether nothing has been read but opening parentheses, or the common table expressions before a statement. */
    boolean begins = true;

    /** Whether {@code FROM} is followed by tables here; if not, it belongs to a function such as {@code EXTRACT}. */
    boolean query;

    /** Whether the next {@code USING} is followed by tables, as in {@code DELETE} and {@code MERGE}. */
    boolean usesTables;

    /** Whether the tables are those of {@code UPDATE} or {@code DELETE}, which may also be aliases. */
    boolean targets;

    /** What an {@code UPDATE} or {@code DELETE} changes. */
    @Nullable
    SqlTargets change;

    /** How many {@code CASE} are open: their {@code WHEN} ends no clause. */
    int cases;

    private @Nullable SqlWithClause with;
    private int queriesRead;

    // Made when needed, since there is a scope for each parenthesis.
    private Map<String, String> aliases = Map.of();
    private List<String> declared = List.of();

    SqlScope(Clause clause) {
        this.clause = clause;
    }

    /** Begins to read common table expressions; returns the index to go on at. */
    int enter(SqlWithClause clause) {
        with = clause;
        queriesRead = 0;
        return next(clause);
    }

    /** Returns the common table expression whose query is closed at an index. */
    @Nullable
    Query queryClosedAt(int index) {
        if (with == null || queriesRead == with.queries().size()) {
            return null;
        }
        Query query = with.queries().get(queriesRead);
        return query.close() == index ? query : null;
    }

    /** Returns the index to go on at behind the query of a common table expression. */
    int leaveQuery(Visible visible, Query query) {
        SqlWithClause clause = Objects.requireNonNull(with);
        if (!clause.recursive()) {
            visible.declare(this, query.name());
        }
        queriesRead++;
        return next(clause);
    }

    private int next(SqlWithClause clause) {
        begins = queriesRead == clause.queries().size();
        return begins ? clause.main() : clause.queries().get(queriesRead).open();
    }

    void addAlias(String alias, String table) {
        aliases = aliases.isEmpty() ? new HashMap<>() : aliases;
        aliases.put(alias.toLowerCase(Locale.ROOT), table);
    }

    /** Tells what is changed by the statement that ends here, if it is one that changes. */
    void tell(SqlEffects effects) {
        if (change != null) {
            change.tell(aliases, effects);
        }
    }

    /** The common table expressions that can be seen; an inner one hides an outer one of the same name. */
    static final class Visible {

        /** What a name stands for. */
        enum Meaning {
            TABLE,
            QUERY,
            /** Some databases take two spellings for one name where one of them is quoted. */
            DOUBTFUL
        }

        private final Map<String, Deque<SqlToken>> names = new HashMap<>();
        private final SqlTokens tokens;

        Visible(SqlTokens tokens) {
            this.tokens = tokens;
        }

        void declare(SqlScope scope, SqlToken name) {
            String folded = folded(name);
            names.computeIfAbsent(folded, unused -> new ArrayDeque<>()).push(name);
            scope.declared = scope.declared.isEmpty() ? new ArrayList<>() : scope.declared;
            scope.declared.add(folded);
        }

        void leave(SqlScope scope) {
            for (String name : scope.declared) {
                Deque<SqlToken> declared = names.get(name);
                if (declared != null) {
                    declared.poll();
                }
            }
        }

        Meaning of(SqlToken name) {
            SqlToken declared =
                    names.getOrDefault(folded(name), new ArrayDeque<>()).peek();
            if (declared == null) {
                return Meaning.TABLE;
            }
            boolean unquoted = name.type() == SqlToken.Type.WORD && declared.type() == SqlToken.Type.WORD;
            return unquoted || tokens.text(name).equals(tokens.text(declared)) ? Meaning.QUERY : Meaning.DOUBTFUL;
        }

        private String folded(SqlToken name) {
            return tokens.text(name).toLowerCase(Locale.ROOT);
        }
    }
}
