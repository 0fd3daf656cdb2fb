package dev.cacheproof.query.sql;

import dev.cacheproof.query.sql.SqlTokens.Flaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Divides an SQL text into tokens as H2, PostgreSQL and MySQL do, in one pass over the text; never fails.
 *
 * <p>Where they disagree: Comments are nested as in PostgreSQL and H2, but for a text in which that leaves a comment open.
 * {@code --} begins a comment without a space as well, {@code #} only where a statement begins, since it is an operator of
 * PostgreSQL elsewhere. The content of MySQL's {@code /*! ... *}{@code /} counts. A backslash before a quote is escape or
 * content: see {@link #tokenize}.
 */
final class SqlTokenizer {

    private final String sql;
    private final SqlLexemes lexemes;
    private final List<SqlToken> tokens = new ArrayList<>();

    private int at;
    private boolean spaced;
    private boolean finished = true;
    private boolean stray;

    /** Off after a comment that does not end if comments are nested. */
    private boolean nesting = true;

    /** How many of MySQL's executable comments are open. */
    private int executable;

    private SqlTokenizer(String sql, boolean escaping) {
        this.sql = sql;
        this.lexemes = new SqlLexemes(sql, escaping);
    }

    /**
     * Reads a text. For {@code 'a\'} it tries both readings: standard SQL ends the string there, MySQL goes on. The one that
     * leaves no quote open and no backslash outside of quotes is meant, since any database refuses the other. Where that does
     * not tell, the text is ambiguous, and nothing may be concluded from its tokens.
     */
    static SqlTokens tokenize(String sql) {
        SqlTokenizer standard = new SqlTokenizer(sql, false);
        standard.read();
        if (!standard.lexemes.isDoubtful()) {
            return standard.result();
        }
        SqlTokenizer escaping = new SqlTokenizer(sql, true);
        escaping.read();
        if (standard.isSound() == escaping.isSound()) {
            return new SqlTokens(sql, standard.tokens, Flaw.AMBIGUOUS);
        }
        return (standard.isSound() ? standard : escaping).result();
    }

    private boolean isSound() {
        return isFinished() && !stray;
    }

    private boolean isFinished() {
        return finished && executable == 0 && !lexemes.isUnfinished();
    }

    private SqlTokens result() {
        return new SqlTokens(sql, tokens, isFinished() ? Flaw.NONE : Flaw.UNFINISHED);
    }

    private void read() {
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                spaced = true;
            } else if (isComment(c)) {
                spaced = true;
            } else {
                token(c);
            }
        }
    }

    /** Moves past a comment if there is one. */
    private boolean isComment(char c) {
        if (sql.startsWith("--", at) || (c == '#' && (tokens.isEmpty() || last().is(';')))) {
            while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
                at++;
            }
        } else if (sql.startsWith("/*!", at) || sql.startsWith("/*M!", at)) {
            executable++;
            at = lexemes.digitsEnd(sql.indexOf('!', at) + 1);
        } else if (sql.startsWith("/*", at)) {
            at = commentEnd();
        } else if (executable > 0 && sql.startsWith("*/", at)) {
            executable--;
            at += 2;
        } else {
            return false;
        }
        return true;
    }

    private int commentEnd() {
        int first = sql.indexOf("*/", at + 2);
        int end = nesting ? nestedEnd() : first;
        if (end < 0) {
            // Not tried again for the next comment, or many of them would take quadratic time.
            nesting = false;
            end = first;
        }
        if (first < 0) {
            finished = false;
            return sql.length();
        }
        return nesting ? end : first + 2;
    }

    /** Returns where the comment ends with those in it; -1 if it does not. */
    private int nestedEnd() {
        int depth = 1;
        for (int i = at + 2; i + 1 < sql.length(); i++) {
            if (sql.startsWith("*/", i)) {
                i++;
                if (--depth == 0) {
                    return i + 1;
                }
            } else if (sql.startsWith("/*", i)) {
                i++;
                depth++;
            }
        }
        return -1;
    }

    private void token(char c) {
        int end = lexemes.literalEnd(at, follows());
        if (end > at) {
            add(SqlToken.Type.LITERAL, end);
        } else if ((end = lexemes.quotedNameEnd(at)) > at) {
            add(typeOfQuoted(), end);
        } else if ((end = lexemes.wordEnd(at)) > at) {
            add(SqlToken.Type.WORD, end);
        } else if ((end = lexemes.placeholderEnd(at)) > at) {
            add(SqlToken.Type.PLACEHOLDER, end);
        } else {
            stray |= c == '\\';
            add(SqlToken.Type.SIGN, sql.startsWith("::", at) ? at + 2 : at + 1);
        }
    }

    private SqlToken.Type typeOfQuoted() {
        if (lexemes.isStringOfMySql()) {
            return SqlToken.Type.LITERAL;
        }
        return lexemes.isUnfinished() ? SqlToken.Type.UNFINISHED : SqlToken.Type.QUOTED;
    }

    /** Says whether the present position goes on where a name, a value or a parenthesis ends, so that a dot divides a name. */
    private boolean follows() {
        SqlToken last = last();
        return !spaced && (last.isName() || last.isValue() || last.is(')') || last.is(']'));
    }

    /** Other dots divide no name: a range has two, and a list in a fingerprint three. */
    private boolean isBehindQualifier() {
        SqlToken qualifier = tokens.size() < 2 ? SqlToken.NONE : tokens.get(tokens.size() - 2);
        return last().is('.') && (qualifier.isName() || qualifier.is(']'));
    }

    private SqlToken last() {
        return tokens.isEmpty() ? SqlToken.NONE : tokens.get(tokens.size() - 1);
    }

    private void add(SqlToken.Type type, int end) {
        boolean keyword = type == SqlToken.Type.WORD && !isBehindQualifier() && !(last().is('@') && !spaced);
        String word = keyword ? sql.substring(at, end).toLowerCase(Locale.ROOT) : "";
        tokens.add(new SqlToken(type, word, type == SqlToken.Type.SIGN ? sql.charAt(at) : '\0', spaced, at, end));
        at = end;
        spaced = false;
    }
}
