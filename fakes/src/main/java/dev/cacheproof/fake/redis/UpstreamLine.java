package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.redis.RespFrames.Frame;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection to the server behind a proxy. Requests are sent by the thread that serves the client, one at a
 * time; a thread of its own reads what the server answers, and what it says unasked.
 */
final class UpstreamLine implements AutoCloseable {

    /** Who is told what comes. Called on the reading thread. */
    interface Listener {
        /** Says whether messages look like replies: the client has subscribed to something, and does not speak RESP3. */
        boolean isLimited();

        /** Something that nobody asked for. */
        void told(Frame push);

        /** The server has ended the connection, or something went wrong; called once. */
        void ended(@Nullable Exception defect);
    }

    private static final int CONNECT_MILLIS = 5_000;
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final Set<String> MESSAGES = Set.of("message", "pmessage", "smessage");

    private final Socket socket;
    private final OutputStream output;
    private final RespFrames frames;
    private final Listener listener;
    private final Queue<UpstreamReply> outstanding = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    UpstreamLine(InetSocketAddress server, String name, Listener listener) throws IOException {
        this.socket = new Socket();
        this.listener = listener;
        try {
            socket.setTcpNoDelay(true);
            socket.connect(server, CONNECT_MILLIS);
            this.output = socket.getOutputStream();
            this.frames = new RespFrames(socket.getInputStream());
        } catch (IOException notConnected) {
            socket.close();
            throw notConnected;
        }
        Thread reader = new Thread(this::read, name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Sends a request, whose answer the reply takes. */
    void send(List<Bytes> words, UpstreamReply reply) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        head(request, '*', words.size());
        for (Bytes word : words) {
            head(request, '$', word.length());
            request.writeBytes(word.array());
            request.writeBytes(LINE_END);
        }
        outstanding.add(reply);
        request.writeTo(output);
    }

    private static void head(ByteArrayOutputStream request, char type, int count) {
        request.write(type);
        request.writeBytes(String.valueOf(count).getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(LINE_END);
    }

    private void read() {
        Exception defect = null;
        try {
            List<Frame> confirmations = new ArrayList<>();
            while (true) {
                Frame frame = frames.next();
                UpstreamReply head = outstanding.peek();
                if (isUnasked(frame, head)) {
                    listener.told(frame);
                    continue;
                }
                confirmations.add(frame);
                if (head != null && (confirmations.size() == head.frames || !isConfirmation(frame, head))) {
                    outstanding.remove();
                    List<Frame> answer = List.copyOf(confirmations);
                    confirmations.clear();
                    head.answered.accept(answer);
                }
            }
        } catch (IOException ended) {
            defect = closed || ended instanceof EOFException ? null : ended;
        } catch (RuntimeException broken) {
            defect = broken;
        } finally {
            closeQuietly();
            listener.ended(defect);
        }
    }

    private static boolean isConfirmation(Frame frame, UpstreamReply head) {
        return head.confirmation != null && frame.begins(head.confirmation);
    }

    /** Before RESP3, nothing but its words tells a message from a reply. */
    private boolean isUnasked(Frame frame, @Nullable UpstreamReply head) {
        if (head == null) {
            return true;
        }
        if (isConfirmation(frame, head)) {
            return false;
        }
        return frame.isPush()
                || (listener.isLimited()
                        && !frame.words().isEmpty()
                        && MESSAGES.contains(frame.words().get(0)));
    }

    private void closeQuietly() {
        try {
            socket.close();
        } catch (IOException e) {
            System.getLogger(UpstreamLine.class.getName()).log(System.Logger.Level.DEBUG, "close failed", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        closeQuietly();
    }
}
