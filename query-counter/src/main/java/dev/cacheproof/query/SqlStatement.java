package dev.cacheproof.query;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One of the statements of an SQL text.
 *
 * @param kind what it is for
 * @param tables the tables and views that it reads or changes, or that it defines, as they are written but for quotes: a
 *     schema stays, and so does the case. Not those that only a view, a function or a trigger names, nor what a foreign key
 *     points to. Empty if they are not known
 * @param tablesKnown whether these are all; false means that the statement may touch any table
 */
record SqlStatement(SqlKind kind, Set<String> tables, boolean tablesKnown) {

    SqlStatement {
        tables = tablesKnown ? Collections.unmodifiableSet(new LinkedHashSet<>(tables)) : Set.of();
    }

    static SqlStatement ofUnknownTables(SqlKind kind) {
        return new SqlStatement(kind, Set.of(), false);
    }

    static SqlStatement ofNoTable(SqlKind kind) {
        return new SqlStatement(kind, Set.of(), true);
    }
}
