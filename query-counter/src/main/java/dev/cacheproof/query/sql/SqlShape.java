package dev.cacheproof.query.sql;

import dev.cacheproof.Operation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apiguardian.api.API;

/**
 * What an SQL text asks for, and what texts have in common that differ in literals, lists, comments and white space.
 *
 * @param text the fingerprint
 * @param statements the statements of the text, none for one of comments and white space
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record SqlShape(String text, List<SqlStatement> statements) {

    /**
     * Creates a shape.
     *
     * @param text the fingerprint
     * @param statements its statements
     */
    public SqlShape {
        statements = List.copyOf(statements);
    }

    /**
     * Tells an operation what it does: the kinds of all its statements, and their tables, if all are known.
     *
     * @param request the operation
     * @param shapes the shapes of all texts that are sent; a single one is run for each row, where there are rows
     * @return the operation
     */
    public static Operation.Request describe(Operation.Request request, List<SqlShape> shapes) {
        List<SqlStatement> statements = shapes.size() == 1
                ? shapes.get(0).statements
                : shapes.stream().flatMap(shape -> shape.statements.stream()).toList();
        boolean perRow = shapes.size() == 1;
        if (statements.size() == 1) {
            SqlStatement only = statements.get(0);
            return request.doing(
                    only.kind().names(), only.tablesKnown() ? only.tables() : null, List.of(only.work()), perRow);
        }
        Set<String> kinds = new LinkedHashSet<>();
        Set<String> tables = new LinkedHashSet<>();
        statements.forEach(statement -> {
            kinds.addAll(statement.kind().names());
            tables.addAll(statement.tables());
        });
        boolean known = statements.stream().allMatch(SqlStatement::tablesKnown);
        List<Operation.Statement> work =
                statements.stream().map(SqlStatement::work).toList();
        return request.doing(kinds, known ? tables : null, work, perRow);
    }

    /**
     * Finds the shape of any text, in time that grows as its length does; never fails.
     *
     * @param sql the text
     * @return its shape
     */
    public static SqlShape parse(String sql) {
        SqlTokens tokens = SqlTokenizer.tokenize(sql);
        List<SqlTokens> statements =
                tokens.flaw() == SqlTokens.Flaw.AMBIGUOUS ? List.of(tokens) : SqlDivider.divide(tokens);
        return new SqlShape(
                SqlFingerprint.of(tokens),
                statements.stream().map(SqlClassifier::classify).toList());
    }

    /**
     * Returns the shape of what does something else to the tables of a single statement.
     *
     * @param kind what it does
     * @return the shape, of unknown tables where there are several statements
     */
    public SqlShape doing(SqlKind kind) {
        return new SqlShape(
                text,
                List.of(statements.size() == 1 ? statements.get(0).doing(kind) : SqlStatement.ofUnknownTables(kind)));
    }

    /**
     * Returns the kind that all statements of the text have.
     *
     * @return the kind; {@link SqlKind#OTHER} if they differ or there are none
     */
    public SqlKind kind() {
        List<SqlKind> kinds =
                statements.stream().map(SqlStatement::kind).distinct().toList();
        return kinds.size() == 1 ? kinds.get(0) : SqlKind.OTHER;
    }

    /**
     * Says whether the text is one statement that begins, ends or divides a transaction. Such a text is counted as no query,
     * and one of several statements is not among them, whatever they are.
     *
     * @return false for all other texts
     */
    public boolean isTransactionControl() {
        return statements.size() == 1 && statements.get(0).kind() == SqlKind.TRANSACTION;
    }

    /** Remembers shapes: finding one costs a pass over the text, and an application sends few texts often. Thread-safe. */
    public static final class Memo {
        private static final int MOST = 2_000;
        private static final int LONGEST = 10_000;

        private final Map<String, SqlShape> shapes = new ConcurrentHashMap<>();

        /** Creates a memory that knows nothing yet. */
        public Memo() {}

        /**
         * Returns the shape of a text.
         *
         * @param sql the text
         * @return its shape
         */
        public SqlShape of(String sql) {
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
