package dev.cacheproof.query.sql;

import dev.cacheproof.query.sql.SqlTokens.Flaw;
import java.util.Set;

/** Finds the kind and the tables of one statement by the words that it begins with. */
final class SqlClassifier {

    private static final Set<String> QUERIES = Set.of("select", "values", "table", "with");
    private static final Set<String> CHANGES = Set.of("insert", "update", "delete", "merge", "replace", "upsert");

    private final SqlTokens tokens;
    private final SqlTables tables;

    private SqlClassifier(SqlTokens tokens) {
        this.tokens = tokens;
        this.tables = new SqlTables(tokens);
    }

    /** Returns what a statement is; never fails. */
    static SqlStatement classify(SqlTokens tokens) {
        if (tokens.flaw() == Flaw.AMBIGUOUS) {
            return SqlStatement.ofUnknownTables(SqlKind.OTHER);
        }
        if (SqlTransactionControl.matches(tokens)) {
            return SqlStatement.ofNoTable(SqlKind.TRANSACTION);
        }
        SqlStatement statement = new SqlClassifier(tokens).classify();
        return tokens.flaw() == Flaw.NONE ? statement : SqlStatement.ofUnknownTables(statement.kind());
    }

    private SqlStatement classify() {
        SqlToken first = tokens.get(0);
        String second = tokens.get(1).word();
        return switch (first.word()) {
            case "select", "values", "table", "with", "insert", "update", "delete", "merge", "replace", "upsert" ->
                data(0);
            case "create", "alter", "drop", "truncate" -> new SqlDefinition(tokens, tables).classify();
            case "rename", "comment", "grant", "revoke", "security", "reassign", "reindex", "refresh", "import" ->
                SqlStatement.ofUnknownTables(SqlKind.DDL);
            case "set" -> session();
            case "reset", "use", "show", "listen", "unlisten", "discard", "deallocate", "move", "close" ->
                SqlStatement.ofNoTable(SqlKind.SESSION);
            case "lock", "unlock" -> SqlStatement.ofUnknownTables(SqlKind.SESSION);
            case "prepare" ->
                second.equals("transaction") || second.equals("commit")
                        ? SqlStatement.ofUnknownTables(SqlKind.OTHER)
                        : SqlStatement.ofNoTable(SqlKind.SESSION);
            case "call", "exec", "execute", "do" -> SqlStatement.ofUnknownTables(SqlKind.CALL);
            case "load" -> load(second);
            case "copy" -> copy();
            case "declare" -> cursor();
            case "fetch" -> SqlStatement.ofUnknownTables(SqlKind.READ);
            default ->
                first.is('(') ? data(0) : SqlStatement.ofUnknownTables(escapesCall() ? SqlKind.CALL : SqlKind.OTHER);
        };
    }

    /** Of what reads or changes data, the words of the statement itself decide whether it is one at all. */
    private SqlStatement data(int from) {
        int main = main(from);
        boolean query = QUERIES.contains(tokens.get(main).word());
        // In parentheses of its own, COPY alone takes a change.
        boolean change = CHANGES.contains(tokens.get(main).word())
                && (from > 0 || !tokens.get(main - 1).is('('));
        if (!query && !change) {
            return SqlStatement.ofUnknownTables(SqlKind.OTHER);
        }
        SqlEffects effects = tables.read(from);
        Set<SqlKind> changes = effects.changes();
        if (change && changes.isEmpty()) {
            return SqlStatement.ofUnknownTables(SqlKind.OTHER);
        }
        SqlKind kind = changes.isEmpty()
                ? SqlKind.READ
                : changes.size() == 1 ? changes.iterator().next() : SqlKind.OTHER;
        return effects.of(kind);
    }

    /** Returns the index of the word that the statement begins with, past parentheses and common table expressions. */
    private int main(int from) {
        int main = from;
        while (tokens.get(main).is('(') || tokens.get(main).is("with")) {
            if (tokens.get(main).is('(')) {
                main++;
            } else {
                SqlWithClause clause = SqlWithClause.read(tokens, main);
                if (clause == null) {
                    return tokens.size();
                }
                main = clause.main();
            }
        }
        return main;
    }

    /** MySQL and H2 take a query for a value. */
    private SqlStatement session() {
        return tables.read(0).of(SqlKind.SESSION);
    }

    private SqlStatement load(String what) {
        if (what.equals("index")) {
            return SqlStatement.ofUnknownTables(SqlKind.OTHER);
        }
        if (!what.equals("data") && !what.equals("xml")) {
            return SqlStatement.ofNoTable(SqlKind.SESSION);
        }
        int into = indexOf("into");
        return tokens.get(into + 1).is("table")
                ? tables.readTarget(SqlKind.INSERT, into + 2).of(SqlKind.INSERT)
                : SqlStatement.ofUnknownTables(SqlKind.INSERT);
    }

    private SqlStatement copy() {
        if (tokens.get(1).is('(')) {
            return data(1);
        }
        int to = indexOf("to");
        int from = indexOf("from");
        if (to == from) {
            return SqlStatement.ofUnknownTables(SqlKind.OTHER);
        }
        SqlKind kind = to < from ? SqlKind.READ : SqlKind.INSERT;
        return tables.readTarget(kind, 1).of(kind);
    }

    private SqlStatement cursor() {
        boolean cursor = indexOf("cursor") < tokens.size() && !tokens.get(1).is("cursor");
        return cursor ? data(indexOf("for") + 1) : SqlStatement.ofUnknownTables(SqlKind.OTHER);
    }

    /** Returns the first index of a word; the number of tokens if there is none. */
    private int indexOf(String word) {
        int i = 0;
        while (i < tokens.size() && !tokens.get(i).is(word)) {
            i++;
        }
        return i;
    }

    /** JDBC's <code>{call f(?)}</code> and <code>{? = call f(?)}</code>. */
    private boolean escapesCall() {
        int call = tokens.get(1).isValue() && tokens.get(2).is('=') ? 3 : 1;
        return tokens.get(0).is('{') && tokens.get(call).is("call");
    }
}
