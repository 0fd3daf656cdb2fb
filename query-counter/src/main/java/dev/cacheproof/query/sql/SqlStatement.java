package dev.cacheproof.query.sql;

import dev.cacheproof.Operation;
import dev.cacheproof.Operation.Effect;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * One of the statements of an SQL text.
 *
 * @param kind what it is for
 * @param tables the tables and views that it reads or changes, or that it defines, as they are written but for quotes: a
 *     schema stays, and so does the case. Not those that only a view, a function or a trigger names, nor what a foreign key
 *     points to. Empty if they are not known
 * @param tablesKnown whether these are all; false means that the statement may touch any table
 * @param work what it does to which of them
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record SqlStatement(SqlKind kind, Set<String> tables, boolean tablesKnown, Operation.Statement work) {

    /**
     * Creates a statement.
     *
     * @param kind what it is for
     * @param tables its tables
     * @param tablesKnown whether these are all
     * @param work what it does to which of them
     */
    public SqlStatement {
        tables = tablesKnown ? Collections.unmodifiableSet(new LinkedHashSet<>(tables)) : Set.of();
    }

    static SqlStatement of(SqlKind kind, Set<String> tables, List<Effect> effects, Set<String> calls) {
        return new SqlStatement(kind, tables, true, new Operation.Statement(kind.name(), effects, calls, true));
    }

    static SqlStatement ofUnknownTables(SqlKind kind) {
        return ofUnknownTables(kind, Set.of());
    }

    static SqlStatement ofUnknownTables(SqlKind kind, Set<String> calls) {
        Effect read = new Effect(SqlKind.READ.name(), null, false);
        List<Effect> effects = switch (kind) {
            case INSERT, UPDATE, DELETE, MERGE, DDL -> List.of(new Effect(kind.name(), null, false), read);
            case READ, SESSION -> List.of(read);
            case CALL, OTHER, TRANSACTION -> List.of();
        };
        boolean understood = kind != SqlKind.CALL && kind != SqlKind.OTHER;
        return new SqlStatement(
                kind, Set.of(), false, new Operation.Statement(kind.name(), effects, calls, understood));
    }

    static SqlStatement ofNoTable(SqlKind kind) {
        return of(kind, Set.of(), List.of(), Set.of());
    }

    /** Returns what does something else to its tables: of several, nobody knows which. */
    SqlStatement doing(SqlKind other) {
        if (!tablesKnown) {
            return ofUnknownTables(other);
        }
        boolean certain = other == SqlKind.READ || tables.size() == 1;
        return of(
                other,
                tables,
                tables.stream()
                        .map(table -> new Effect(other.name(), table, certain))
                        .toList(),
                Set.of());
    }
}
