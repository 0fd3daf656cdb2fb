package dev.cacheproof.query.sql;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tokens of an SQL text, or those of one of its statements. Used by one thread. */
final class SqlTokens {

    private final String sql;
    private final List<SqlToken> list;
    private final Flaw flaw;

    private int @Nullable [] closings;

    SqlTokens(String sql, List<SqlToken> list, Flaw flaw) {
        this.sql = sql;
        this.list = list;
        this.flaw = flaw;
    }

    /** What may keep a text from being understood. */
    enum Flaw {
        NONE,
        /** A quote or a comment has no end, so that nobody knows what the rest was to be. */
        UNFINISHED,
        /** Dialects disagree on where its quotes end, and nothing in the text tells which of them is meant. */
        AMBIGUOUS
    }

    String sql() {
        return sql;
    }

    Flaw flaw() {
        return flaw;
    }

    int size() {
        return list.size();
    }

    /** Returns a token; before the first and after the last, one that is nothing. */
    SqlToken get(int index) {
        return index < 0 || index >= list.size() ? SqlToken.NONE : list.get(index);
    }

    SqlTokens part(int from, int to) {
        return new SqlTokens(sql, list.subList(from, to), flaw);
    }

    /** Returns the text of a token as it was written, a name without its quotes. */
    String text(SqlToken token) {
        if (token.type() != SqlToken.Type.QUOTED) {
            return sql.substring(token.start(), token.end());
        }
        int open = token.start();
        while (sql.charAt(open) != '"' && sql.charAt(open) != '`') {
            open++;
        }
        String quote = sql.substring(open, open + 1);
        return sql.substring(open + 1, token.end() - 1).replace(quote + quote, quote);
    }

    /** Returns the index past a name of any number of parts; the given one where there is none. */
    int nameEnd(int from) {
        if (!get(from).isName()) {
            return from;
        }
        int end = from + 1;
        while (get(end).is('.') && get(end + 1).isName()) {
            end += 2;
        }
        return end;
    }

    /** Returns the name between two indexes without quotes and white space. */
    String name(int from, int to) {
        StringBuilder name = new StringBuilder();
        for (int i = from; i < to; i++) {
            name.append(text(get(i)));
        }
        return name.toString();
    }

    /** Returns where the parenthesis that is opened at an index is closed; -1 if nowhere. */
    int closing(int open) {
        if (closings == null) {
            closings = closings();
        }
        return open < closings.length ? closings[open] : -1;
    }

    private int[] closings() {
        int[] found = new int[list.size()];
        Arrays.fill(found, -1);
        int[] opened = new int[list.size()];
        int depth = 0;
        for (int i = 0; i < found.length; i++) {
            if (list.get(i).is('(')) {
                opened[depth++] = i;
            } else if (list.get(i).is(')') && depth > 0) {
                found[opened[--depth]] = i;
            }
        }
        return found;
    }
}
