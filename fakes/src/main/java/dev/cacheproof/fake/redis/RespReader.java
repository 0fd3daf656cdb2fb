package dev.cacheproof.fake.redis;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes bytes in whatever pieces they arrive, and gives requests: arrays of bulk strings, or inline commands. Answers broken
 * input with the errors of redis-server's {@code processMultibulkBuffer} and {@code processInlineBuffer}. Used by one thread
 * at a time.
 */
final class RespReader {

    private static final int FIRST_SIZE = 4_096;
    private static final int LONGEST_INLINE = 64 * 1_024;
    private static final int MOST_ARGUMENTS = Integer.MAX_VALUE;
    private static final int MOST_STRANGERS_ARGUMENTS = 10;
    private static final int LONGEST_STRANGERS_BULK = 16_384;
    private static final long LONGEST_BULK = 512L * 1_024 * 1_024;

    /** Says whether the client still owes a password: it may not make the server allocate much. */
    private final BooleanSupplier isStranger;

    private byte[] buffer = new byte[FIRST_SIZE];
    private int start;
    private int end;

    /** How many arguments of a request are still missing; 0 between requests. */
    private int missing;

    /** The length of the argument that is being read; -1 where its header is not read yet. */
    private int bulkLength = -1;

    private List<Bytes> arguments = new ArrayList<>();

    RespReader(BooleanSupplier isStranger) {
        this.isStranger = isStranger;
    }

    /** Input that no server understands; the connection is closed after the error was sent. */
    static final class ProtocolError extends Exception {
        private static final long serialVersionUID = 1;

        ProtocolError(String message) {
            super("ERR Protocol error: " + message, null, false, false);
        }
    }

    void feed(ByteBuffer input) {
        reserve(input.remaining());
        int count = input.remaining();
        input.get(buffer, end, count);
        end += count;
    }

    void feed(byte[] input, int offset, int count) {
        reserve(count);
        System.arraycopy(input, offset, buffer, end, count);
        end += count;
    }

    private void reserve(int count) {
        if (start == end) {
            start = 0;
            end = 0;
        }
        if (buffer.length - end < count) {
            if (start > 0) {
                System.arraycopy(buffer, start, buffer, 0, end - start);
                end -= start;
                start = 0;
            }
            if (buffer.length - end < count) {
                buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, end + count));
            }
        }
    }

    /** Returns the next request; null until more bytes arrive. An empty request is to be ignored. */
    @Nullable
    List<Bytes> next() throws ProtocolError {
        if (missing == 0) {
            if (start == end) {
                return null;
            }
            if (buffer[start] != '*') {
                return inline();
            }
            if (!readCount()) {
                return null;
            }
            if (missing <= 0) {
                missing = 0;
                return List.of();
            }
            arguments = new ArrayList<>(Math.min(missing, 1_024));
        }
        while (missing > 0) {
            if (!readArgument()) {
                return null;
            }
        }
        return arguments;
    }

    /** Says whether the beginning of a request has arrived, and its end has not. */
    boolean isMidRequest() {
        return missing > 0 || start < end;
    }

    private boolean readCount() throws ProtocolError {
        int lineEnd = lineEnd("too big mbulk count string");
        if (lineEnd < 0) {
            return false;
        }
        Long count = Numbers.strictLong(buffer, start + 1, lineEnd);
        if (count == null || count > MOST_ARGUMENTS) {
            throw new ProtocolError("invalid multibulk length");
        }
        if (count > MOST_STRANGERS_ARGUMENTS && isStranger.getAsBoolean()) {
            throw new ProtocolError("unauthenticated multibulk length");
        }
        start = lineEnd + 2;
        missing = count <= 0 ? 0 : (int) (long) count;
        return true;
    }

    private boolean readArgument() throws ProtocolError {
        if (bulkLength < 0) {
            int lineEnd = lineEnd("too big bulk count string");
            if (lineEnd < 0) {
                return false;
            }
            if (buffer[start] != '$') {
                throw new ProtocolError("expected '$', got '" + printable(buffer[start]) + "'");
            }
            Long length = Numbers.strictLong(buffer, start + 1, lineEnd);
            if (length == null || length < 0 || length > LONGEST_BULK) {
                throw new ProtocolError("invalid bulk length");
            }
            if (length > LONGEST_STRANGERS_BULK && isStranger.getAsBoolean()) {
                throw new ProtocolError("unauthenticated bulk length");
            }
            bulkLength = (int) (long) length;
            start = lineEnd + 2;
        }
        if (end - start < bulkLength + 2) {
            return false;
        }
        arguments.add(new Bytes(Arrays.copyOfRange(buffer, start, start + bulkLength)));
        start += bulkLength + 2;
        bulkLength = -1;
        missing--;
        return true;
    }

    private static char printable(byte value) {
        return (char) (value & 0xff);
    }

    /** Returns where the line ends; -1 until its end arrives. */
    private int lineEnd(String tooLong) throws ProtocolError {
        int carriageReturn = find('\r');
        if (carriageReturn < 0 && end - start > LONGEST_INLINE) {
            throw new ProtocolError(tooLong);
        }
        return carriageReturn + 1 < end ? carriageReturn : -1;
    }

    /** Returns where a character is; -1 where there is none yet, or a zero byte before it, where redis-server's search ends. */
    private int find(char wanted) {
        for (int i = start; i < end && buffer[i] != 0; i++) {
            if (buffer[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private @Nullable List<Bytes> inline() throws ProtocolError {
        int newline = find('\n');
        if (newline < 0) {
            if (end - start > LONGEST_INLINE) {
                throw new ProtocolError("too big inline request");
            }
            return null;
        }
        int lineEnd = newline > start && buffer[newline - 1] == '\r' ? newline - 1 : newline;
        byte[] line = Arrays.copyOfRange(buffer, start, lineEnd);
        start = newline + 1;
        List<Bytes> words = InlineWords.split(line);
        if (words == null) {
            throw new ProtocolError("unbalanced quotes in request");
        }
        return words;
    }
}
