package dev.cacheproof.fake.redis.script;

import java.math.BigDecimal;
import java.util.Set;

/**
 * Reads the tokens of a script as Lua 5.1 does, with its errors. On the way, it writes the same script for luaj, line by
 * line: with numbers in decimal digits, and without the backslashes that mean something to Lua 5.2 alone.
 */
final class Lexer {

    private static final Set<String> WORDS = Set.of(
            "and",
            "break",
            "do",
            "else",
            "elseif",
            "end",
            "false",
            "for",
            "function",
            "if",
            "in",
            "local",
            "nil",
            "not",
            "or",
            "repeat",
            "return",
            "then",
            "true",
            "until",
            "while");

    /** Words that are names in Lua 5.1, and are not in luaj. */
    private static final Set<String> TAKEN = Set.of("goto", "_ENV");

    private static final String ESCAPES = "abfnrtv\\\"'\n\r";

    private final String source;
    private final String chunk;
    private final StringBuilder translated = new StringBuilder();
    private int at;
    private int line = 1;

    Lexer(String source, String chunk) {
        this.source = source;
        this.chunk = chunk;
    }

    String translated() {
        return translated.toString();
    }

    int line() {
        return line;
    }

    SyntaxError error(String text) {
        return new SyntaxError(chunk + ":" + line + ": " + text);
    }

    SyntaxError error(String text, String near) {
        int zero = near.indexOf('\0');
        return new SyntaxError(
                chunk + ":" + line + ": " + text + " near '" + (zero < 0 ? near : near.substring(0, zero)) + "'");
    }

    private char peek(int ahead) {
        return at + ahead < source.length() ? source.charAt(at + ahead) : '\uffff';
    }

    private boolean isEnd() {
        return at >= source.length();
    }

    private void take(int count) {
        translated.append(source, at, at + count);
        at += count;
    }

    private void takeLineEnd() {
        char first = peek(0);
        take(1);
        if ((peek(0) == '\n' || peek(0) == '\r') && peek(0) != first) {
            take(1);
        }
        line++;
    }

    Token next() throws SyntaxError {
        while (!isEnd()) {
            char c = peek(0);
            if (c == '\n' || c == '\r') {
                takeLineEnd();
            } else if (c == '-' && peek(1) == '-') {
                comment();
            } else if (CharClass.isSpace(c)) {
                take(1);
            } else {
                return token(c);
            }
        }
        return new Token(Token.END, Token.END, line);
    }

    private void comment() throws SyntaxError {
        // luaj reads what is in a comment in its own way, so it is given an empty one.
        at += 2;
        if (peek(0) == '[' && level(0) >= 0) {
            int start = translated.length();
            readLong(level(0), false);
            int lines = (int) translated
                    .substring(start)
                    .chars()
                    .filter(each -> each == '\n')
                    .count();
            translated.setLength(start);
            translated.append(' ').append("\n".repeat(lines));
            return;
        }
        while (!isEnd() && peek(0) != '\n' && peek(0) != '\r') {
            at++;
        }
    }

    private Token token(char c) throws SyntaxError {
        if (c == '[') {
            int level = level(0);
            if (level >= 0) {
                return readLong(level, true);
            }
            if (level < -1) {
                throw error("invalid long string delimiter", source.substring(at, at - level - 1));
            }
        }
        if (c == '"' || c == '\'') {
            return readString(c);
        }
        if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            return readNumber();
        }
        if (CharClass.matches(c, 'a') || c == '_') {
            return readWord();
        }
        for (String sign : new String[] {"...", "..", "==", "<=", ">=", "~="}) {
            if (source.startsWith(sign, at)) {
                take(sign.length());
                return new Token(sign, sign, line);
            }
        }
        take(1);
        return new Token(String.valueOf(c), CharClass.matches(c, 'c') ? "char(" + (int) c + ")" : "" + c, line);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Counts the signs between two brackets; -1 for a single bracket, less where the second one is missing. */
    private int level(int ahead) {
        int count = 0;
        while (peek(ahead + 1 + count) == '=') {
            count++;
        }
        return peek(ahead + 1 + count) == peek(ahead) ? count : -count - 1;
    }

    private Token readLong(int level, boolean isString) throws SyntaxError {
        int start = at;
        take(level + 2);
        while (true) {
            if (isEnd()) {
                throw error(isString ? "unfinished long string" : "unfinished long comment", Token.END);
            }
            char c = peek(0);
            if (c == ']' && level(0) == level) {
                take(level + 2);
                return new Token(Token.STRING, source.substring(start, at), line);
            } else if (c == '[' && level == 0 && peek(1) == '[') {
                throw error("nesting of [[...]] is deprecated", "[");
            } else if (c == '\n' || c == '\r') {
                takeLineEnd();
            } else {
                take(1);
            }
        }
    }

    private Token readString(char quote) throws SyntaxError {
        StringBuilder value = new StringBuilder().append(quote);
        take(1);
        while (peek(0) != quote || isEnd()) {
            if (isEnd()) {
                throw error("unfinished string", Token.END);
            }
            char c = peek(0);
            if (c == '\n' || c == '\r') {
                throw error("unfinished string", value.toString());
            } else if (c == '\\') {
                escape(value);
            } else {
                value.append(c);
                take(1);
            }
        }
        take(1);
        return new Token(Token.STRING, value.append(quote).toString(), line);
    }

    private void escape(StringBuilder value) throws SyntaxError {
        char c = peek(1);
        if (isDigit(c)) {
            int digits = 1;
            while (digits < 3 && isDigit(peek(1 + digits))) {
                digits++;
            }
            int code = Integer.parseInt(source.substring(at + 1, at + 1 + digits));
            if (code > 0xFF) {
                throw error("escape sequence too large", value.toString());
            }
            value.append((char) code);
            take(1 + digits);
        } else if (at + 1 >= source.length()) {
            at++;
        } else if (c == '\n' || c == '\r') {
            value.append('\n');
            take(1);
            takeLineEnd();
        } else if (ESCAPES.indexOf(c) >= 0) {
            int index = "abfnrtv".indexOf(c);
            value.append(index < 0 ? c : "\u0007\b\f\n\r\t\u000b".charAt(index));
            take(2);
        } else {
            at++;
            value.append(c);
            take(1);
        }
    }

    private Token readNumber() throws SyntaxError {
        int start = at;
        while (isDigit(peek(0)) || peek(0) == '.') {
            at++;
        }
        if (peek(0) == 'e' || peek(0) == 'E') {
            at += peek(1) == '+' || peek(1) == '-' ? 2 : 1;
        }
        while (CharClass.matches(peek(0), 'w') || peek(0) == '_') {
            at++;
        }
        String text = source.substring(start, at);
        Double number = NumberText.parse(text);
        if (number == null) {
            throw error("malformed number", text);
        }
        translated.append(Double.isInfinite(number) ? "1e999" : new BigDecimal(number).toPlainString());
        return new Token(Token.NUMBER, text, line);
    }

    private Token readWord() throws SyntaxError {
        int start = at;
        int end = at;
        while (end < source.length() && (CharClass.matches(source.charAt(end), 'w') || source.charAt(end) == '_')) {
            end++;
        }
        String word = source.substring(start, end);
        if (TAKEN.contains(word)) {
            throw new SyntaxError(chunk + ":" + line + ": the name '" + word
                    + "' is not in this fake: redis-server takes it for any other name, luaj does not");
        }
        take(end - start);
        return WORDS.contains(word) ? new Token(word, word, line) : new Token(Token.NAME, word, line);
    }
}
