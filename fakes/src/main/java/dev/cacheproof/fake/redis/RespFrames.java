package dev.cacheproof.fake.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts what a server sends into whole replies, of RESP2 or RESP3, and leaves their bytes alone. Used by one thread. */
final class RespFrames {

    /** What is nested deeper is no reply of a server. */
    private static final int DEEPEST = 64;

    private final InputStream input;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<String> beginning = new ArrayList<>();

    RespFrames(InputStream input) {
        this.input = new BufferedInputStream(input);
    }

    /**
     * A whole reply.
     *
     * @param type its first byte
     * @param bytes all of it
     * @param elements how many it has; for one that holds none, 1, or 0 where it is missing
     * @param missing how many of its own elements are missing
     * @param words the texts that it begins with, at most two
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(char type, byte[] bytes, int elements, int missing, List<String> words) {

        boolean isPush() {
            return type == '>';
        }

        boolean isError() {
            return type == '-' || type == '!';
        }

        /** Returns the text of the line behind its first byte. */
        String line() {
            return new String(bytes, 1, bytes.length - 3, StandardCharsets.ISO_8859_1);
        }

        /** Says whether it tells that a command waits for EXEC. */
        boolean isQueued() {
            return type == '+' && line().equals("QUEUED");
        }

        /** Returns where what follows the first line begins. */
        private int body() {
            int index = 0;
            while (bytes[index] != '\n') {
                index++;
            }
            return index + 1;
        }

        /** Returns the bytes of a bulk string; null where it is missing, or this is none. */
        byte @Nullable [] block() {
            int start = body();
            return type != '$' || start == bytes.length ? null : Arrays.copyOfRange(bytes, start, bytes.length - 2);
        }

        /** Returns one of its elements. */
        Frame element(int index) {
            int start = body();
            RespFrames rest = new RespFrames(new ByteArrayInputStream(bytes, start, bytes.length - start));
            try {
                Frame element = rest.next();
                for (int i = 0; i < index; i++) {
                    element = rest.next();
                }
                return element;
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }

        boolean begins(String word) {
            return !words.isEmpty() && words.get(0).equals(word);
        }
    }

    /** Waits for the next reply. */
    Frame next() throws IOException {
        bytes.reset();
        beginning.clear();
        int first = read();
        if (first == '|') { // attributes of the reply that follows
            elements(2L * count(), 1);
            first = read();
        }
        int[] missing = new int[1];
        int elements = value((char) first, 0, missing);
        return new Frame((char) first, bytes.toByteArray(), elements, missing[0], List.copyOf(beginning));
    }

    /** Reads the rest of a value; returns how many elements it has, 0 where it is missing. */
    private int value(char type, int depth, int[] missing) throws IOException {
        switch (type) {
            case '+', '-', ':', ',', '#', '(' -> {
                text(line(), depth);
                return 1;
            }
            case '_' -> {
                line();
                return 0;
            }
            case '$', '=', '!' -> {
                long length = count();
                if (length < 0) {
                    return 0;
                }
                text(block(length), depth);
                return 1;
            }
            case '*', '~', '>' -> {
                long count = count();
                missing[0] = elements(Math.max(0, count), depth + 1);
                return (int) Math.max(0, count);
            }
            case '%' -> {
                long pairs = count();
                elements(2 * pairs, depth + 1);
                return (int) pairs;
            }
            default -> throw new IOException("no reply of Redis begins with \"" + type + "\"");
        }
    }

    private int elements(long count, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("a reply is nested more than " + DEEPEST + " times");
        }
        int missing = 0;
        for (long i = 0; i < count; i++) {
            if (value((char) read(), depth, new int[1]) == 0) {
                missing++;
            }
        }
        return missing;
    }

    private void text(String text, int depth) {
        if (depth == 1 && beginning.size() < 2) {
            beginning.add(text);
        }
    }

    private long count() throws IOException {
        String line = line();
        try {
            return Long.parseLong(line);
        } catch (NumberFormatException broken) {
            throw new IOException("no length: " + line, broken);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = read(); next != '\n'; next = read()) {
            line.append((char) next);
        }
        line.setLength(line.length() - 1); // the carriage return
        return line.toString();
    }

    private String block(long length) throws IOException {
        byte[] block = input.readNBytes((int) length + 2);
        if (block.length < length + 2) {
            throw new EOFException();
        }
        bytes.write(block);
        return length > 64 ? "" : new String(block, 0, (int) length, StandardCharsets.ISO_8859_1);
    }

    private int read() throws IOException {
        int next = input.read();
        if (next < 0) {
            throw new EOFException();
        }
        bytes.write(next);
        return next;
    }
}
