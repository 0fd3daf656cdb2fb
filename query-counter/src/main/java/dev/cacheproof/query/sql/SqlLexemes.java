package dev.cacheproof.query.sql;

/** Finds where the literals, names and placeholders of one SQL text end. */
final class SqlLexemes {

    private final String sql;

    /** Whether a backslash escapes in all strings, as in MySQL, or only in PostgreSQL's {@code E''}. */
    private final boolean escaping;

    private boolean doubtful;
    private boolean unfinished;
    private boolean escaped;

    SqlLexemes(String sql, boolean escaping) {
        this.sql = sql;
        this.escaping = escaping;
    }

    /** Says whether a backslash stood before a quote, so that dialects disagree on where the string ends. */
    boolean isDoubtful() {
        return doubtful;
    }

    boolean isUnfinished() {
        return unfinished;
    }

    /** Says whether the name that was found last has an escaped quote: in MySQL, that is a string between double quotes. */
    boolean isStringOfMySql() {
        return escaped;
    }

    /** Returns where a literal ends; its start if there is none. */
    int literalEnd(int start, boolean follows) {
        char c = sql.charAt(start);
        if (c == '\'') {
            return quotedEnd(start, c, escaping);
        }
        if (isDigit(c)) {
            return numberEnd(start);
        }
        if (c == '.') {
            return !follows && isDigit(charAt(start + 1)) ? numberEnd(start) : start;
        }
        if (c == '$') {
            return dollarQuotedEnd(start);
        }
        if (charAt(start + 1) == '\'' && "nNbBxXeE".indexOf(c) >= 0) {
            return quotedEnd(start + 1, '\'', escaping || c == 'e' || c == 'E');
        }
        return isUnicodePrefix(start, '\'') ? quotedEnd(start + 2, '\'', escaping) : start;
    }

    /** Returns where a name between quotes ends; its start if there is none. */
    int quotedNameEnd(int start) {
        char c = sql.charAt(start);
        escaped = false;
        if (c == '`') {
            return quotedEnd(start, c, false);
        }
        if (c == '"') {
            return quotedEnd(start, c, escaping);
        }
        return isUnicodePrefix(start, '"') ? quotedEnd(start + 2, '"', escaping) : start;
    }

    private boolean isUnicodePrefix(int start, char quote) {
        char c = sql.charAt(start);
        return (c == 'u' || c == 'U') && charAt(start + 1) == '&' && charAt(start + 2) == quote;
    }

    private int quotedEnd(int open, char quote, boolean escapes) {
        int backslashes = 0;
        for (int i = open + 1; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (c == '\\') {
                backslashes++;
                continue;
            }
            if (c == quote) {
                boolean odd = backslashes % 2 == 1;
                doubtful |= odd && quote != '`' && !(escapes && !escaping);
                if (odd && escapes) {
                    escaped = true;
                } else if (charAt(i + 1) != quote) {
                    return i + 1;
                } else {
                    i++;
                }
            }
            backslashes = 0;
        }
        unfinished = true;
        return sql.length();
    }

    /** Finds PostgreSQL's {@code $tag$ ... $tag$}. */
    private int dollarQuotedEnd(int start) {
        int tag = start + 1;
        if (isDigit(charAt(tag))) {
            return start;
        }
        while (isWordPart(charAt(tag))) {
            tag++;
        }
        if (charAt(tag) != '$') {
            return start;
        }
        String quote = sql.substring(start, tag + 1);
        int close = sql.indexOf(quote, tag + 1);
        unfinished |= close < 0;
        return close < 0 ? sql.length() : close + quote.length();
    }

    /**
     * Returns where a number ends. What goes on with a letter or an underscore is none: it may be a name of MySQL, and two
     * tables must not have one fingerprint.
     */
    private int numberEnd(int start) {
        int end = radixEnd(start);
        if (end == start) {
            end = decimalEnd(start);
            if (isWordAt(end) && charAt(digitsEnd(start)) == '.') {
                end = digitsEnd(start); // and a name behind the dot
            }
        }
        return isWordAt(end) ? start : end;
    }

    private int decimalEnd(int start) {
        int end = digitsEnd(start);
        if (charAt(end) == '.' && charAt(end + 1) != '.') {
            end = digitsEnd(end + 1);
        }
        if (charAt(end) == 'e' || charAt(end) == 'E') {
            int power = charAt(end + 1) == '-' || charAt(end + 1) == '+' ? end + 2 : end + 1;
            end = isDigit(charAt(power)) ? digitsEnd(power) : end;
        }
        return end;
    }

    private boolean isWordAt(int index) {
        return isWordPart(charAt(index)) || charAt(index) == '$';
    }

    private int radixEnd(int start) {
        if (sql.charAt(start) != '0') {
            return start;
        }
        int radix = switch (charAt(start + 1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 0;
        };
        int end = start + 2;
        while (radix > 0 && charAt(end) < 0x80 && Character.digit(charAt(end), radix) >= 0) {
            end++;
        }
        return end == start + 2 ? start : end;
    }

    int digitsEnd(int start) {
        int end = start;
        while (isDigit(charAt(end))) {
            end++;
        }
        return end;
    }

    /** Returns where {@code ?}, {@code ?1}, {@code $1} or {@code :name} ends; its start if there is none. */
    int placeholderEnd(int start) {
        return switch (sql.charAt(start)) {
            case '?' -> digitsEnd(start + 1);
            case '$' -> isDigit(charAt(start + 1)) ? digitsEnd(start + 1) : start;
            case ':' -> isCast(start) || isDigit(charAt(start + 1)) ? start : Math.max(start, nameEnd(start));
            default -> start;
        };
    }

    private boolean isCast(int colon) {
        return charAt(colon + 1) == ':';
    }

    private int nameEnd(int colon) {
        return isWordPart(charAt(colon + 1)) ? wordEnd(colon + 1) : colon;
    }

    /** Returns where a word ends; its start if there is none. */
    int wordEnd(int start) {
        int end = start;
        if (isWordPart(sql.charAt(end))) {
            while (isWordPart(charAt(end)) || charAt(end) == '$') {
                end++;
            }
        }
        return end;
    }

    private char charAt(int index) {
        return index < sql.length() ? sql.charAt(index) : '\0';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Any character beyond ASCII may be part of a name, in the databases as well. */
    private static boolean isWordPart(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || isDigit(c)
                || c == '_'
                || (c >= 0x80 && !Character.isWhitespace(c));
    }
}
