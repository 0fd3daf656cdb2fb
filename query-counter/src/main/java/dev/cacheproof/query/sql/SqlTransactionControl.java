package dev.cacheproof.query.sql;

import java.util.Set;

/**
 * Recognizes a statement that does nothing but begin, end or divide a transaction. Strict, because what this matches is not
 * counted: {@code COMMIT SELECT 1} is a query, and so is a procedural {@code BEGIN ... END}.
 */
final class SqlTransactionControl {

    private static final Set<String> MODES = Set.of(
            "work",
            "tran",
            "transaction",
            "isolation",
            "level",
            "serializable",
            "repeatable",
            "read",
            "committed",
            "uncommitted",
            "write",
            "only",
            "not",
            "deferrable",
            "deferred",
            "immediate",
            "exclusive",
            "with",
            "consistent",
            "snapshot");

    private final SqlTokens statement;
    private int at;

    private SqlTransactionControl(SqlTokens statement) {
        this.statement = statement;
    }

    static boolean matches(SqlTokens statement) {
        SqlTransactionControl control = new SqlTransactionControl(statement);
        return control.begins() && control.at == statement.size();
    }

    /** Moves past what is understood; the statement is one if nothing is left then. */
    private boolean begins() {
        String first = statement.get(at++).word();
        switch (first) {
            case "begin" -> {
                return modes();
            }
            case "start" -> {
                return skip("transaction") && modes();
            }
            case "commit", "rollback" -> {
                if (skip("prepared")) {
                    return statement.get(at++).isValue();
                }
                skip("work", "tran", "transaction");
                boolean partly = first.equals("rollback") && skip("to");
                return partly ? savepoint("savepoint") : ending();
            }
            case "end", "abort" -> {
                skip("work", "tran", "transaction");
                return ending();
            }
            case "savepoint" -> {
                return savepoint("");
            }
            case "release" -> {
                return savepoint("savepoint");
            }
            default -> {
                return false;
            }
        }
    }

    private boolean modes() {
        while (MODES.contains(statement.get(at).word()) || statement.get(at).is(',')) {
            at++;
        }
        return true;
    }

    private boolean ending() {
        if (skip("and")) {
            skip("no");
            if (!skip("chain")) {
                return false;
            }
        }
        boolean no = skip("no");
        return skip("release") || !no;
    }

    /** The optional word may be the name as well. */
    private boolean savepoint(String optional) {
        if (statement.size() > at + 1) {
            skip(optional);
        }
        return statement.get(at++).isName();
    }

    private boolean skip(String... words) {
        for (String word : words) {
            if (!word.isEmpty() && statement.get(at).is(word)) {
                at++;
                return true;
            }
        }
        return false;
    }
}
