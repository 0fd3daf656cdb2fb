package dev.cacheproof.fake.redis;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Splits a line that a person typed into words: quotes, and escapes within double quotes, as redis-server does. */
final class InlineWords {

    private final byte[] line;
    private int at;

    private InlineWords(byte[] line) {
        this.line = line;
    }

    /** Returns the words; null where a quote does not end, or more follows right behind it. */
    static @Nullable List<Bytes> split(byte[] line) {
        return new InlineWords(line).split();
    }

    private @Nullable List<Bytes> split() {
        List<Bytes> words = new ArrayList<>();
        while (true) {
            while (at < line.length && isSpace(line[at])) {
                at++;
            }
            // A zero byte ends the line, as it ends a C string.
            if (at == line.length || line[at] == 0) {
                return words;
            }
            Bytes word = word();
            if (word == null) {
                return null;
            }
            words.add(word);
        }
    }

    private @Nullable Bytes word() {
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        while (at < line.length && line[at] != 0 && !isSpace(line[at])) {
            byte next = line[at++];
            if (next == '"' || next == '\'') {
                boolean ended = next == '"' ? doubleQuoted(word) : singleQuoted(word);
                return ended && (at == line.length || isSpace(line[at])) ? new Bytes(word.toByteArray()) : null;
            }
            word.write(next);
        }
        return new Bytes(word.toByteArray());
    }

    private boolean doubleQuoted(ByteArrayOutputStream word) {
        while (at < line.length && line[at] != 0) {
            byte next = line[at++];
            if (next == '"') {
                return true;
            }
            if (next == '\\' && at < line.length) {
                escaped(word);
            } else {
                word.write(next);
            }
        }
        return false;
    }

    private void escaped(ByteArrayOutputStream word) {
        byte next = line[at++];
        if (next == 'x' && at + 1 < line.length && hex(line[at]) >= 0 && hex(line[at + 1]) >= 0) {
            word.write(hex(line[at]) * 16 + hex(line[at + 1]));
            at += 2;
            return;
        }
        word.write(
                switch (next) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'b' -> '\b';
                    case 'a' -> 7;
                    default -> next;
                });
    }

    private boolean singleQuoted(ByteArrayOutputStream word) {
        while (at < line.length && line[at] != 0) {
            byte next = line[at++];
            if (next == '\'') {
                return true;
            }
            if (next == '\\' && at < line.length && line[at] == '\'') {
                word.write('\'');
                at++;
            } else {
                word.write(next);
            }
        }
        return false;
    }

    private static int hex(byte digit) {
        return digit < 0 ? -1 : Character.digit(digit, 16);
    }

    private static boolean isSpace(byte next) {
        return next == ' ' || (next >= '\t' && next <= '\r');
    }
}
