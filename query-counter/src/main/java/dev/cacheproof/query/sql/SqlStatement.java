package dev.cacheproof.query.sql;

import java.util.Collections;
import java.util.LinkedHashSet;
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
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record SqlStatement(SqlKind kind, Set<String> tables, boolean tablesKnown) {

    /**
     * Creates a statement.
     *
     * @param kind what it is for
     * @param tables its tables
     * @param tablesKnown whether these are all
     */
    public SqlStatement {
        tables = tablesKnown ? Collections.unmodifiableSet(new LinkedHashSet<>(tables)) : Set.of();
    }

    static SqlStatement ofUnknownTables(SqlKind kind) {
        return new SqlStatement(kind, Set.of(), false);
    }

    static SqlStatement ofNoTable(SqlKind kind) {
        return new SqlStatement(kind, Set.of(), true);
    }
}
