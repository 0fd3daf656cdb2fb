package dev.cacheproof.query;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What SQL texts that differ in literals, lists, comments and white space have in common.
 *
 * @param text the fingerprint
 * @param isTransactionControl whether the statement begins, ends or divides a transaction
 */
record SqlShape(String text, boolean isTransactionControl) {

    /** The start of a list: the number of its values is not a difference. */
    private static final Pattern LIST = Pattern.compile("\\bin ?\\(", Pattern.CASE_INSENSITIVE);

    private static final Pattern TRAILING = Pattern.compile("[; ]+$");

    /**
     * One statement that does nothing but begin, end or divide a transaction. Strict, because what this matches is not
     * counted: {@code COMMIT; SELECT 1} is a query, and so is a procedural {@code BEGIN ... END}, which some databases
     * take without a semicolon.
     */
    private static final Pattern TRANSACTION_CONTROL = Pattern.compile(
            "(?:begin|start transaction)(?:[ ,]+(?:work|tran|transaction|isolation|level|serializable|repeatable|read"
                    + "|committed|uncommitted|write|only|not|deferrable|deferred|immediate|exclusive|with|consistent"
                    + "|snapshot)){0,20}"
                    + "|(?:commit|end|abort|rollback)(?: (?:work|tran|transaction))?(?: and(?: no)? chain)?"
                    + "(?: (?:no )?release)?"
                    + "|(?:commit|rollback) prepared \\?"
                    + "|(?:rollback(?: (?:work|transaction))? to(?: savepoint)?|savepoint|release(?: savepoint)?) "
                    + "(?:\\w+|\"[^\"]*\"|`[^`]*`)",
            Pattern.CASE_INSENSITIVE);

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

    static SqlShape parse(String sql) {
        String shape = withoutLists(new Scanner(sql).scan());
        String statement = TRAILING.matcher(shape).replaceFirst("");
        return new SqlShape(shape, TRANSACTION_CONTROL.matcher(statement).matches());
    }

    /** Not one regular expression, since that would need a stack as deep as the list is long. */
    private static String withoutLists(String sql) {
        StringBuilder shape = new StringBuilder();
        Matcher list = LIST.matcher(sql);
        int done = 0;
        while (list.find(done)) {
            int end = endOfValues(sql, list.end());
            shape.append(sql, done, list.end());
            if (end < sql.length()
                    && sql.charAt(end) == ')'
                    && sql.substring(list.end(), end).contains(",")) {
                shape.append("?...");
                done = end;
            } else {
                done = list.end();
            }
        }
        return shape.append(sql, done, sql.length()).toString();
    }

    private static int endOfValues(String sql, int from) {
        int end = from;
        while (end < sql.length() && (" ,?$:".indexOf(sql.charAt(end)) >= 0 || Character.isDigit(sql.charAt(end)))) {
            end++;
        }
        return end;
    }

    /** Replaces literals by question marks, and drops comments and needless white space; never fails. */
    private static final class Scanner {
        private final String sql;
        private final StringBuilder shape = new StringBuilder();
        private int at;

        Scanner(String sql) {
            this.sql = sql;
        }

        String scan() {
            while (at < sql.length()) {
                char c = sql.charAt(at);
                if (Character.isWhitespace(c)) {
                    at++;
                    space();
                } else if (sql.startsWith("--", at)) {
                    skipPast("\n");
                    space();
                } else if (sql.startsWith("/*", at)) {
                    skipPast("*/");
                    space();
                } else if (c == '\'') {
                    quoted(c);
                    shape.append('?');
                } else if (c == '"' || c == '`') {
                    shape.append(sql, at, quoted(c));
                } else if (c == '$' && dollarQuoteEnd() > at) {
                    skipPast(sql.substring(at, dollarQuoteEnd()));
                    shape.append('?');
                } else if (isWordPart(c)) {
                    word();
                } else {
                    shape.append(c);
                    at++;
                }
            }
            return shape.toString().strip();
        }

        private void space() {
            if (!shape.isEmpty() && shape.charAt(shape.length() - 1) != ' ') {
                shape.append(' ');
            }
        }

        /** Moves past the next occurrence after the present one; to the end where there is none. */
        private void skipPast(String end) {
            int found = sql.indexOf(end, at + end.length());
            at = found < 0 ? sql.length() : found + end.length();
        }

        private int quoted(char quote) {
            for (at++; at < sql.length(); at++) {
                if (sql.charAt(at) == quote) {
                    if (at + 1 < sql.length() && sql.charAt(at + 1) == quote) {
                        at++;
                    } else {
                        return ++at;
                    }
                }
            }
            return at;
        }

        /** PostgreSQL's {@code $tag$ ... $tag$}; returns the end of the opening tag, or the present position. */
        private int dollarQuoteEnd() {
            int end = at + 1;
            boolean insideName = at > 0 && isWordPart(sql.charAt(at - 1));
            if (insideName || (end < sql.length() && Character.isDigit(sql.charAt(end)))) {
                return at;
            }
            while (end < sql.length() && isWordPart(sql.charAt(end))) {
                end++;
            }
            return end < sql.length() && sql.charAt(end) == '$' ? end + 1 : at;
        }

        private static boolean isWordPart(char c) {
            return Character.isLetterOrDigit(c) || c == '_';
        }

        private void word() {
            int start = at;
            boolean number = Character.isDigit(sql.charAt(at));
            while (at < sql.length() && (isWordPart(sql.charAt(at)) || (number && sql.charAt(at) == '.'))) {
                at++;
            }
            boolean partOfPlaceholder = start > 0 && sql.charAt(start - 1) == '$';
            shape.append(number && !partOfPlaceholder ? "?" : sql.substring(start, at));
        }
    }
}
