package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.internal.FaultPlan;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A client's socket. Used by the serving thread only, but for {@link #disconnect()} and the addresses. */
final class TcpConnection implements Session.Link {

    /** With more than this to send, a client that does not read is not read from either. */
    private static final int MOST_UNREAD = 1_024 * 1_024;

    private static final long SOON_NANOS = 1_000_000;
    private static final long FAR_AWAY_NANOS = Long.MAX_VALUE / 2;

    private final TcpServer server;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final String remoteAddress;
    private final String localAddress;
    private final Conversation conversation;

    /** When the server will look whether a pause is over, on the clock of {@link System#nanoTime()}; null where it will not. */
    private @Nullable Long lookAt;

    TcpConnection(
            TcpServer server,
            Backend backend,
            FaultPlan plan,
            CommandJournal journal,
            SocketChannel channel,
            SelectionKey key)
            throws IOException {
        this.server = server;
        this.channel = channel;
        this.key = key;
        this.remoteAddress = text(channel.getRemoteAddress());
        this.localAddress = text(channel.getLocalAddress());
        this.conversation = new Conversation(backend, plan, journal, this);
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? TcpServer.HOST + ":" + inet.getPort() : address.toString();
    }

    void begin() {
        attempt(conversation::begin);
    }

    /** Returns when the requests that wait behind a pause are looked at, far away if that is not known; empty where none wait. */
    OptionalLong waitsUntil() {
        if (!conversation.isPaused() || !conversation.input().isMidRequest()) {
            return OptionalLong.empty();
        }
        if (conversation.comesSoon()) {
            return OptionalLong.of(System.nanoTime() + SOON_NANOS);
        }
        Long resumeAt = conversation.resumeAt();
        return OptionalLong.of(resumeAt == null ? System.nanoTime() + FAR_AWAY_NANOS : resumeAt);
    }

    void ready() {
        attempt(() -> {
            if (key.isValid() && key.isReadable()) {
                read();
            }
        });
    }

    @Override
    public void expectEnd() {
        server.lookAtWaits();
    }

    @Override
    public void wake() {
        server.note(this);
        server.later(this::resume);
    }

    /** Sends what the client is told that is no reply. */
    void tell() {
        attempt(() -> {
            if (key.isValid()) {
                conversation.deliver();
            }
        });
    }

    @Override
    public void settle() {
        if (conversation.isHeld()) {
            resume();
        }
    }

    private void resume() {
        attempt(() -> {
            while (key.isValid() && read()) {
                // Whether the client has gone is known only when all has been read that it had sent before.
            }
            if (key.isValid()) {
                conversation.resume();
            }
        });
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /** Does something, and sends what came of it. What goes wrong ends this connection, and no other. */
    private void attempt(Step step) {
        try {
            step.run();
            server.tell();
            if (key.isValid()) {
                flush();
                pauseIfAsked();
            }
        } catch (IOException e) {
            // The client is gone, or killed the connection: nobody is left to tell.
            leave();
        } catch (RuntimeException | Error defect) {
            TcpServer.report("A defect of the fake, whose connection is closed", defect);
            end();
        }
    }

    private void pauseIfAsked() {
        Long resumeAt = conversation.isPaused() ? conversation.resumeAt() : null;
        if (resumeAt != null && (lookAt == null || resumeAt - lookAt < 0)) {
            lookAt = resumeAt;
            server.at(resumeAt, () -> {
                lookAt = null;
                resume();
            });
        }
    }

    /** Takes what has arrived; returns whether there was anything. */
    private boolean read() throws IOException {
        ByteBuffer buffer = server.readBuffer();
        buffer.clear();
        int count = channel.read(buffer);
        if (count < 0) {
            leave();
            return false;
        }
        buffer.flip();
        conversation.input().feed(buffer);
        conversation.answer();
        return count > 0;
    }

    private void flush() throws IOException {
        RespWriter output = conversation.output();
        if (!output.isEmpty()) {
            output.sent(channel.write(output.pending()));
        }
        if (output.isEmpty() && conversation.isOver()) {
            if (conversation.isReset()) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            end();
            return;
        }
        int read = output.size() > MOST_UNREAD || conversation.isOver() ? 0 : SelectionKey.OP_READ;
        int wanted = read | (output.isEmpty() ? 0 : SelectionKey.OP_WRITE);
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    private void leave() {
        conversation.leave();
        close();
    }

    /** Ends this connection; has no effect on one that ended. */
    void end() {
        conversation.end();
        close();
    }

    private void close() {
        key.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            System.getLogger(TcpConnection.class.getName()).log(System.Logger.Level.DEBUG, "close failed", e);
        }
    }

    @Override
    public String remoteAddress() {
        return remoteAddress;
    }

    @Override
    public String localAddress() {
        return localAddress;
    }

    @Override
    public void disconnect() {
        server.later(this::end);
    }
}
