package dev.cacheproof.query;

import dev.cacheproof.Operation.Effect;
import dev.cacheproof.Operation.Statement;
import dev.cacheproof.query.sql.SqlKind;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Says of one SQL statement whether an expectation is about it. The table is the one to which the statement does what is
 * expected: that which an {@code UPDATE} changes, and not what it reads to do so.
 *
 * @param kinds the kinds of statements; empty for all
 * @param tables the tables; empty for all
 */
record StatementFilter(Set<SqlKind> kinds, Set<String> tables) {

    private static final Set<SqlKind> CHANGES =
            Set.of(SqlKind.INSERT, SqlKind.UPDATE, SqlKind.DELETE, SqlKind.MERGE, SqlKind.DDL);

    boolean isOfAll() {
        return kinds.isEmpty() && tables.isEmpty();
    }

    Certainty includes(Statement statement) {
        Certainty seen = tables.isEmpty() ? Certainty.of(isOfKind(statement)) : isOnTable(statement);
        return seen == Certainty.NO && mayDoIt(statement) ? Certainty.UNKNOWN : seen;
    }

    private boolean isOfKind(Statement statement) {
        return kinds.isEmpty()
                || kinds.contains(SqlKind.valueOf(statement.kind()))
                || statement.effects().stream().anyMatch(this::isChangeOfKind);
    }

    private boolean isChangeOfKind(Effect effect) {
        SqlKind action = SqlKind.valueOf(effect.action());
        return CHANGES.contains(action) && kinds.contains(action);
    }

    private Certainty isOnTable(Statement statement) {
        return effects(statement).stream().map(this::isOnTable).reduce(Certainty.NO, Certainty::or);
    }

    /** Returns what the statement does of that for which tables are named. */
    private List<Effect> effects(Statement statement) {
        SqlKind kind = SqlKind.valueOf(statement.kind());
        if (kinds.isEmpty() || (kinds.contains(kind) && !CHANGES.contains(kind))) {
            return statement.effects();
        }
        return statement.effects().stream().filter(this::isChangeOfKind).toList();
    }

    private Certainty isOnTable(Effect effect) {
        String target = effect.target();
        if (target == null) {
            return Certainty.UNKNOWN;
        }
        Certainty named = tables.stream().map(table -> isNamed(target, table)).reduce(Certainty.NO, Certainty::or);
        return effect.certain() ? named : named.and(Certainty.UNKNOWN);
    }

    /** A schema that is expected may be the one that the database takes where the text names none. */
    private static Certainty isNamed(String target, String table) {
        String full = target.toLowerCase(Locale.ROOT);
        String wanted = table.toLowerCase(Locale.ROOT);
        if (full.equals(wanted) || full.endsWith("." + wanted)) {
            return Certainty.YES;
        }
        return wanted.endsWith("." + full) ? Certainty.UNKNOWN : Certainty.NO;
    }

    /** What is not understood may be of any kind. A function leaves the statement what it is, but may change any table. */
    private boolean mayDoIt(Statement statement) {
        if (!statement.understood()) {
            return true;
        }
        return !statement.calls().isEmpty()
                && (kinds.isEmpty()
                        || kinds.stream().anyMatch(CHANGES::contains)
                        || kinds.contains(SqlKind.valueOf(statement.kind())));
    }

    /** Returns the functions for which statements are doubtful. */
    static Set<String> calls(Collection<Statement> statements) {
        Set<String> calls = new TreeSet<>();
        statements.forEach(statement -> calls.addAll(statement.calls()));
        return calls;
    }

    /** Returns the table of a statement that is doubtful for its missing schema alone. */
    Optional<String> unqualified(Statement statement) {
        if (!statement.understood() || !statement.calls().isEmpty()) {
            return Optional.empty();
        }
        return effects(statement).stream()
                .flatMap(effect -> Optional.ofNullable(effect.target()).stream())
                .filter(target -> tables.stream().anyMatch(table -> isNamed(target, table) == Certainty.UNKNOWN))
                .findFirst();
    }
}
