package dev.cacheproof.query.sql;

import dev.cacheproof.query.sql.SqlTokens.Flaw;
import java.util.Set;

/**
 * Writes tokens so that texts which differ in literals, in the length of lists, in comments and in white space become one.
 * Names and keywords are kept as they were written, and so are placeholders outside of lists, and strings of MySQL between
 * double quotes, which are names elsewhere. A list of one value differs from one of several, and so does one row from several.
 * An ambiguous text is kept whole: two statements must not become one. What was written is its own fingerprint.
 */
final class SqlFingerprint {

    /** What follows the value of a list, or a row of {@code VALUES}, that stands for several. */
    private static final String SEVERAL = "...";

    /** Ends the search for a list: its values would not be plain, and a list in a list would be read again and again. */
    private static final Set<String> NOT_IN_LISTS = Set.of("in", "values", "value", "select", "table", "with");

    /** Words after which a minus is a sign and no operator. */
    private static final Set<String> BEFORE_SIGN = Set.of(
            "select", "and", "or", "not", "where", "having", "on", "when", "then", "else", "between", "like", "limit",
            "offset", "by", "return", "values");

    private final SqlTokens tokens;
    private final StringBuilder shape = new StringBuilder();

    private SqlFingerprint(SqlTokens tokens) {
        this.tokens = tokens;
    }

    static String of(SqlTokens tokens) {
        if (tokens.flaw() == Flaw.AMBIGUOUS) {
            return tokens.sql().strip();
        }
        return new SqlFingerprint(tokens).write();
    }

    private String write() {
        int i = 0;
        while (i < tokens.size()) {
            SqlToken token = tokens.get(i);
            i = write(i, shape, false);
            if (token.is("in") && tokens.get(i).is('(')) {
                i = writeList(i);
            } else if (token.is("values") || token.is("value")) {
                i = writeRows(i);
            }
        }
        return shape.toString().strip();
    }

    /** Writes a token, or a number with its sign, and returns the index of the next. */
    private int write(int i, StringBuilder to, boolean inList) {
        SqlToken token = tokens.get(i);
        if (!to.isEmpty() && isSpaced(to.charAt(to.length() - 1), token)) {
            to.append(' ');
        }
        if (isSigned(i)) {
            to.append('?');
            return i + 2;
        }
        if (token.type() == SqlToken.Type.LITERAL || (inList && isAnyValue(token))) {
            to.append('?');
        } else {
            to.append(tokens.sql(), token.start(), token.end());
        }
        return i + 1;
    }

    private boolean isSpaced(char before, SqlToken token) {
        if (!token.spaced()) {
            // Behind a literal, lest it becomes a placeholder with a number.
            return before == '?'
                    && token.type() == SqlToken.Type.WORD
                    && Character.isDigit(tokens.sql().charAt(token.start()));
        }
        boolean opens = before == '(' || before == '[';
        return !opens && !token.is(')') && !token.is(']') && !token.is(',') && !token.is(';');
    }

    private boolean isSigned(int i) {
        SqlToken sign = tokens.get(i);
        if (!(sign.is('-') || sign.is('+')) || tokens.get(i + 1).type() != SqlToken.Type.LITERAL) {
            return false;
        }
        SqlToken before = tokens.get(i - 1);
        return BEFORE_SIGN.contains(before.word())
                || (before.type() == SqlToken.Type.SIGN && "(,=<>[".indexOf(before.sign()) >= 0);
    }

    private static boolean isAnyValue(SqlToken token) {
        return token.isValue() || token.is("null") || token.is("true") || token.is("false");
    }

    /** Writes {@code (?...} for a list of several values of one shape; returns the index past it, or the given one. */
    private int writeList(int open) {
        int close = tokens.closing(open);
        Series values = new Series();
        int from = open + 1;
        while (from <= close) {
            int end = valueEnd(from, close);
            if (!values.add(from, end)) {
                return open;
            }
            from = end + 1;
        }
        if (!values.isSeveral()) {
            return open;
        }
        write(open, shape, false);
        shape.append(values.first).append(SEVERAL);
        return close;
    }

    private int valueEnd(int from, int close) {
        int end = from;
        while (end < close && !tokens.get(end).is(',')) {
            end = tokens.get(end).is('(') ? tokens.closing(end) + 1 : end + 1;
        }
        return end;
    }

    /** Writes {@code (?, ?)...} for several rows of one shape; returns the index past them, or the given one. */
    private int writeRows(int from) {
        Series rows = new Series();
        int end = from - 1;
        do {
            int next = end + 1;
            end = rowEnd(next);
            if (end == 0 || !rows.add(next, end)) {
                return from;
            }
        } while (tokens.get(end).is(','));
        if (!rows.isSeveral()) {
            return from;
        }
        shape.append(tokens.get(from).spaced() ? " " : "").append(rows.first).append(SEVERAL);
        return end;
    }

    /** Returns the index past {@code (...)} or MySQL's {@code row(...)}; 0 where there is none. */
    private int rowEnd(int from) {
        int open = tokens.get(from).is("row") ? from + 1 : from;
        return tokens.get(open).is('(') ? tokens.closing(open) + 1 : 0;
    }

    /** Values or rows that follow each other. */
    private final class Series {
        private String first = "";
        private boolean several;

        /** Adds one, if it has the shape of those before. */
        boolean add(int from, int to) {
            StringBuilder text = new StringBuilder();
            int i = from;
            while (i < to) {
                if (NOT_IN_LISTS.contains(tokens.get(i).word())) {
                    return false;
                }
                i = write(i, text, true);
            }
            several = !first.isEmpty();
            if (!several) {
                first = text.toString();
            }
            return !first.isEmpty() && first.contentEquals(text);
        }

        /** A list of columns is none. */
        boolean isSeveral() {
            return several && first.indexOf('?') >= 0;
        }
    }
}
