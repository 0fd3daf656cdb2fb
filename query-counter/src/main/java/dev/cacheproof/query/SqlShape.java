package dev.cacheproof.query;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What an SQL text asks for, and what texts have in common that differ in literals, lists, comments and white space.
 *
 * @param text the fingerprint
 * @param statements the statements of the text, none for one of comments and white space
 */
record SqlShape(String text, List<SqlStatement> statements) {

    SqlShape {
        statements = List.copyOf(statements);
    }

    /** Finds the shape of any text, in time that grows as its length does; never fails. */
    static SqlShape parse(String sql) {
        SqlTokens tokens = SqlTokenizer.tokenize(sql);
        List<SqlTokens> statements =
                tokens.flaw() == SqlTokens.Flaw.AMBIGUOUS ? List.of(tokens) : SqlDivider.divide(tokens);
        return new SqlShape(
                SqlFingerprint.of(tokens),
                statements.stream().map(SqlClassifier::classify).toList());
    }

    /** Returns the kind that all statements of the text have; {@link SqlKind#OTHER} if they differ or there are none. */
    SqlKind kind() {
        List<SqlKind> kinds =
                statements.stream().map(SqlStatement::kind).distinct().toList();
        return kinds.size() == 1 ? kinds.get(0) : SqlKind.OTHER;
    }

    /**
     * Says whether the text is one statement that begins, ends or divides a transaction. Such a text is counted as no query,
     * and one of several statements is not among them, whatever they are.
     */
    boolean isTransactionControl() {
        return statements.size() == 1 && statements.get(0).kind() == SqlKind.TRANSACTION;
    }

    /** Remembers shapes: finding one costs a pass over the text, and an application sends few texts often. Thread-safe. */
    static final class Memo {
        private static final int MOST = 2_000;
        private static final int LONGEST = 10_000;

        private final Map<String, SqlShape> shapes = new ConcurrentHashMap<>();

        SqlShape of(String sql) {
            SqlShape known = shapes.get(sql);
            if (known != null) {
                return known;
            }
            SqlShape shape = parse(sql);
            if (sql.length() <= LONGEST && shapes.size() < MOST) {
                shapes.put(sql, shape);
            }
            return shape;
        }
    }
}
