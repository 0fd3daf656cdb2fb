package dev.cacheproof.fake.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A connection that shows replies as they came, byte by byte; every character is one byte. */
final class Wire implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream input;

    Wire(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            input = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String encode(List<String> words) {
        StringBuilder text = new StringBuilder("*" + words.size() + "\r\n");
        words.forEach(word -> text.append('$')
                .append(word.length())
                .append("\r\n")
                .append(word)
                .append("\r\n"));
        return text.toString();
    }

    String ask(String... words) {
        send(encode(List.of(words)));
        return reply();
    }

    void send(String bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says whether something has come that was not read yet. */
    boolean isAnswered() {
        try {
            return input.available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads all that has come. */
    String replies() {
        StringBuilder replies = new StringBuilder();
        while (isAnswered()) {
            replies.append(reply());
        }
        return replies.toString();
    }

    /** Reads one reply; what the server closed instead is {@code (closed)}. */
    String reply() {
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        try {
            read(reply);
        } catch (EOFException e) {
            reply.writeBytes("(closed)".getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException("After '" + reply + "'", e);
        }
        return reply.toString(StandardCharsets.ISO_8859_1);
    }

    private void read(ByteArrayOutputStream reply) throws IOException {
        String line = line(reply);
        char type = line.isEmpty() ? '?' : line.charAt(0);
        if (type == '$' || type == '=') {
            int length = Integer.parseInt(line.substring(1));
            for (int i = 0; i < length + 2 && length >= 0; i++) {
                reply.write(next());
            }
        } else if (type == '*' || type == '%' || type == '>' || type == '~') {
            int count = Integer.parseInt(line.substring(1)) * (type == '%' ? 2 : 1);
            for (int i = 0; i < count; i++) {
                read(reply);
            }
        }
    }

    private String line(ByteArrayOutputStream reply) throws IOException {
        StringBuilder line = new StringBuilder();
        int last = 0;
        while (true) {
            int next = next();
            reply.write(next);
            if (last == '\r' && next == '\n') {
                return line.substring(0, line.length() - 1);
            }
            line.append((char) next);
            last = next;
        }
    }

    private int next() throws IOException {
        int next = input.read();
        if (next < 0) {
            throw new EOFException();
        }
        return next;
    }

    /** Says that nothing more will be sent. */
    void endOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
