package dev.cacheproof.query.sql;

import java.util.Set;

/** Finds the table that a {@code CREATE}, {@code ALTER}, {@code DROP} or {@code TRUNCATE} is about. */
final class SqlDefinition {

    private static final Set<String> BEFORE_OBJECT = Set.of(
            "or",
            "replace",
            "global",
            "local",
            "temporary",
            "temp",
            "unlogged",
            "cached",
            "memory",
            "foreign",
            "materialized",
            "recursive",
            "force",
            "unique",
            "fulltext",
            "spatial",
            "constraint");

    private static final Set<String> BEFORE_NAME = Set.of("if", "not", "exists", "only", "concurrently");
    private static final Set<String> QUERY = Set.of("select", "with", "values", "table");

    private final SqlTokens tokens;
    private final SqlTables tables;
    private int at = 1;

    SqlDefinition(SqlTokens tokens, SqlTables tables) {
        this.tokens = tokens;
        this.tables = tables;
    }

    SqlStatement classify() {
        return readTables() ? tables.effects().of(SqlKind.DDL) : SqlStatement.ofUnknownTables(SqlKind.DDL);
    }

    /** Returns whether the object is a table or part of one; a schema or a function may be about any table. */
    private boolean readTables() {
        boolean creates = tokens.get(0).is("create");
        boolean drops = tokens.get(0).is("drop");
        if (tokens.get(0).is("truncate")) {
            at += tokens.get(at).is("table") ? 1 : 0;
            tables.readList(SqlKind.DDL, at);
            return true;
        }
        boolean stored = true;
        while (BEFORE_OBJECT.contains(tokens.get(at).word())) {
            stored &= !tokens.get(at).is("recursive");
            at++;
        }
        boolean materialized = tokens.get(at - 1).is("materialized");
        switch (tokens.get(at++).word()) {
            case "table" -> readTable(creates, drops, stored);
            case "view" -> readTable(creates, drops, materialized);
            case "index", "trigger" -> {
                return readOn();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void readTable(boolean creates, boolean drops, boolean readsQuery) {
        while (BEFORE_NAME.contains(tokens.get(at).word()) && tokens.get(at + 1).isName()) {
            at++;
        }
        if (drops) {
            tables.readList(SqlKind.DDL, at);
            return;
        }
        tables.readTarget(SqlKind.DDL, at);
        if (creates && readsQuery && tables.position() > at) {
            int next = tables.position();
            boolean columns = tokens.get(next).is('(') && !isQuery(next + 1);
            tables.read(columns && tokens.closing(next) > 0 ? tokens.closing(next) + 1 : next);
        }
    }

    private boolean isQuery(int first) {
        return QUERY.contains(tokens.get(first).word()) || tokens.get(first).is('(');
    }

    private boolean readOn() {
        while (at < tokens.size() && !tokens.get(at).is('(')) {
            if (tokens.get(at++).is("on")) {
                at += tokens.get(at).is("only") ? 1 : 0;
                tables.readTarget(SqlKind.DDL, at);
                return true;
            }
        }
        return false;
    }
}
