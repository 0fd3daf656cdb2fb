package dev.cacheproof.fake.redis.script;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;

/** Reads JSON as {@code cjson} does, with its errors. */
final class JsonDecoder {

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(0[xX](\\p{XDigit}+\\.?\\p{XDigit}*|\\.\\p{XDigit}+)([pP][+-]?\\d+)?"
                    + "|(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?|(?i:inf(inity)?|nan))");
    private static final Pattern INVALID = Pattern.compile("\\+.*|-?(0\\d.*|0[xX].*|(?i:inf|nan).*)", Pattern.DOTALL);
    private static final String ESCAPES = "\"\\/bfnrt";
    private static final String ESCAPED = "\"\\/\b\f\n\r\t";

    private enum Kind {
        T_OBJ_BEGIN,
        T_OBJ_END,
        T_ARR_BEGIN,
        T_ARR_END,
        T_STRING,
        T_NUMBER,
        T_BOOLEAN,
        T_NULL,
        T_COLON,
        T_COMMA,
        T_END,
        T_ERROR
    }

    private final JsonFunctions settings;
    private final Machine machine;
    private final String text;
    private int at;
    private int depth;

    private Kind kind = Kind.T_END;
    private int index;
    private LuaValue value = LuaValue.NIL;
    private String error = "";

    JsonDecoder(JsonFunctions settings, Machine machine, String text) {
        this.settings = settings;
        this.machine = machine;
        this.text = text;
    }

    LuaValue decode() {
        if (text.length() >= 2 && (text.charAt(0) == 0 || text.charAt(1) == 0)) {
            throw machine.wrong("JSON parser does not support UTF-16 or UTF-32");
        }
        advance();
        LuaValue result = readValue();
        advance();
        if (kind != Kind.T_END) {
            throw expected("the end");
        }
        return result;
    }

    private Raised expected(String what) {
        String found = kind == Kind.T_ERROR ? error : kind.name();
        return machine.wrong("Expected " + what + " but found " + found + " at character " + (index + 1));
    }

    private LuaValue readValue() {
        return switch (kind) {
            case T_STRING, T_NUMBER, T_BOOLEAN, T_NULL -> value;
            case T_OBJ_BEGIN -> readObject();
            case T_ARR_BEGIN -> readArray();
            default -> throw expected("value");
        };
    }

    private void descend() {
        if (++depth > settings.decodeDepth) {
            throw machine.wrong("Found too many nested data structures (" + depth + ") at character " + at);
        }
    }

    private LuaValue readObject() {
        descend();
        LuaTable table = new HashedTable();
        advance();
        if (kind == Kind.T_OBJ_END) {
            depth--;
            return table;
        }
        while (true) {
            if (kind != Kind.T_STRING) {
                throw expected("object key string");
            }
            LuaValue key = value;
            advance();
            if (kind != Kind.T_COLON) {
                throw expected("colon");
            }
            advance();
            table.rawset(key, readValue());
            advance();
            if (kind == Kind.T_OBJ_END) {
                depth--;
                return table;
            }
            if (kind != Kind.T_COMMA) {
                throw expected("comma or object end");
            }
            advance();
        }
    }

    private LuaValue readArray() {
        descend();
        LuaTable table = new HashedTable();
        advance();
        for (int i = 1; kind != Kind.T_ARR_END; i++) {
            table.rawset(i, readValue());
            advance();
            if (kind == Kind.T_ARR_END) {
                break;
            }
            if (kind != Kind.T_COMMA) {
                throw expected("comma or array end");
            }
            advance();
            if (kind == Kind.T_ARR_END) {
                throw expected("value");
            }
        }
        depth--;
        return table;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void advance() {
        machine.spend(Native.COST);
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        index = at;
        char c = peek();
        int sign = "{}[]:,\0".indexOf(c);
        if (sign >= 0) {
            kind = new Kind[] {
                        Kind.T_OBJ_BEGIN,
                        Kind.T_OBJ_END,
                        Kind.T_ARR_BEGIN,
                        Kind.T_ARR_END,
                        Kind.T_COLON,
                        Kind.T_COMMA,
                        Kind.T_END
                    }
                    [sign];
            at += kind == Kind.T_END ? 0 : 1;
        } else if (c == '"') {
            readString();
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            if (!settings.readsInvalidNumbers && INVALID.matcher(rest()).matches()) {
                fail("invalid number");
            } else {
                readNumber();
            }
        } else if (!readWord()) {
            if (settings.readsInvalidNumbers
                    && "+iInN".indexOf(c) >= 0
                    && INVALID.matcher(rest()).matches()) {
                readNumber();
            } else {
                fail("invalid token");
            }
        }
    }

    private String rest() {
        return text.substring(at, Math.min(text.length(), at + 400));
    }

    private boolean readWord() {
        for (String word : new String[] {"true", "false", "null"}) {
            if (text.startsWith(word, at)) {
                at += word.length();
                kind = word.equals("null") ? Kind.T_NULL : Kind.T_BOOLEAN;
                value = word.equals("null") ? JsonFunctions.NULL : LuaValue.valueOf(word.equals("true"));
                return true;
            }
        }
        return false;
    }

    private void fail(String why) {
        kind = Kind.T_ERROR;
        index = at;
        error = why;
    }

    private void readNumber() {
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        Double read = number.lookingAt() ? NumberText.parse(number.group()) : null;
        if (read == null) {
            fail("invalid number");
            return;
        }
        at = number.end();
        kind = Kind.T_NUMBER;
        value = LuaValue.valueOf(read);
    }

    private void readString() {
        StringBuilder string = new StringBuilder();
        at++;
        while (peek() != '"' || at >= text.length()) {
            char c = peek();
            if (c == 0) {
                fail("unexpected end of string");
                return;
            }
            if (c != '\\') {
                string.append(c);
                at++;
                continue;
            }
            String why = escape(string);
            if (why != null) {
                fail(why);
                return;
            }
        }
        at++;
        kind = Kind.T_STRING;
        value = LuaString.valueOf(string.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads an escape; returns what is wrong with it, or null. */
    private @Nullable String escape(StringBuilder string) {
        char c = at + 1 < text.length() ? text.charAt(at + 1) : 0;
        if (c == 'u') {
            return unicode(string) ? null : "invalid unicode escape code";
        }
        int known = c == 0 ? -1 : ESCAPES.indexOf(c);
        if (known < 0) {
            return "invalid escape code";
        }
        string.append(ESCAPED.charAt(known));
        at += 2;
        return null;
    }

    private boolean unicode(StringBuilder string) {
        int code = hexadecimal(at + 2);
        int length = 6;
        if (code < 0 || (code >= 0xDC00 && code <= 0xDFFF)) {
            return false;
        }
        if (code >= 0xD800 && code <= 0xDBFF) {
            int low = text.startsWith("\\u", at + 6) ? hexadecimal(at + 8) : -1;
            if (low < 0xDC00 || low > 0xDFFF) {
                return false;
            }
            code = Character.toCodePoint((char) code, (char) low);
            length = 12;
        }
        byte[] bytes = Character.toString(code).getBytes(StandardCharsets.UTF_8);
        string.append(new String(bytes, StandardCharsets.ISO_8859_1));
        at += length;
        return true;
    }

    private int hexadecimal(int from) {
        int number = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0 || text.charAt(i) > 0x7F) {
                return -1;
            }
            number = number * 16 + digit;
        }
        return number;
    }
}
