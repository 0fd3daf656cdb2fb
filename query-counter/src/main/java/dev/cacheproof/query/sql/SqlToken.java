package dev.cacheproof.query.sql;

/**
 * A word, a value or a sign of an SQL text.
 *
 * @param type what it is
 * @param word an unquoted word in lower case, by which keywords are found; empty for all else, and for a word that can only
 *     be a name because a dot or an at sign stands before it
 * @param sign the first character of a {@link Type#SIGN}, else NUL
 * @param spaced whether white space or a comment stands before it
 * @param start where it begins in the text
 * @param end where it ends, exclusive
 */
record SqlToken(Type type, String word, char sign, boolean spaced, int start, int end) {

    /** Stands before the first token and after the last, so that nobody has to ask whether there is one. */
    static final SqlToken NONE = new SqlToken(Type.NONE, "", '\0', false, 0, 0);

    enum Type {
        NONE,
        WORD,
        /** A name between double quotes or back quotes. */
        QUOTED,
        /** A quoted name that does not end, and so is none. */
        UNFINISHED,
        LITERAL,
        PLACEHOLDER,
        SIGN
    }

    boolean is(char wanted) {
        return sign == wanted && type == Type.SIGN;
    }

    boolean is(String wanted) {
        return word.equals(wanted);
    }

    boolean isName() {
        return type == Type.WORD || type == Type.QUOTED;
    }

    boolean isValue() {
        return type == Type.LITERAL || type == Type.PLACEHOLDER;
    }
}
