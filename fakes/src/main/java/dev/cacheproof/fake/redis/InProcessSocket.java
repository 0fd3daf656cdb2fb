package dev.cacheproof.fake.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/** Looks like a socket to Jedis, and runs what is written into it at once. Used by one thread at a time. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // a virtual thread that runs commands must not be pinned
final class InProcessSocket extends Socket implements Session.Link {

    private final FakeRedis redis;
    private final Conversation conversation;
    private volatile boolean closedHere;
    private volatile boolean closedThere;
    /** What Jedis takes for a socket that it has not made itself, unless it sets another: its own default. */
    private volatile int timeout = 2_000;

    InProcessSocket(FakeRedis redis) {
        this.redis = redis;
        this.conversation = new Conversation(redis.engine(), redis.plan(), redis.journal(), this);
        conversation.begin();
    }

    private final OutputStream output = new OutputStream() {
        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            requireOpen();
            requireNoReset();
            if (conversation.isOver() || closedThere || redis.isClosed()) {
                throw new SocketException("Broken pipe");
            }
            conversation.input().feed(bytes, offset, count);
            conversation.answer();
            String refusal = conversation.refusal();
            if (refusal != null) {
                // What Jedis still holds in its buffer must not be sent when it closes the connection.
                InProcessSocket.this.close();
                throw new SocketException("A gate refused the command: " + refusal);
            }
        }
    };

    private final InputStream input = new InputStream() {
        @Override
        public int read() throws IOException {
            byte[] single = new byte[1];
            return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            requireOpen();
            RespWriter replies = conversation.output();
            while (replies.isEmpty() && conversation.isPaused()) {
                awaitPause();
            }
            if (replies.isEmpty()) {
                requireNoReset();
                if (conversation.isOver() || closedThere || redis.isClosed()) {
                    return -1;
                }
                // Nothing comes without a request: what would be a wait is over already.
                throw new SocketTimeoutException("Read timed out");
            }
            ByteBuffer pending = replies.pending();
            int taken = Math.min(count, pending.remaining());
            pending.get(bytes, offset, taken);
            replies.sent(taken);
            return taken;
        }

        @Override
        public int available() {
            return conversation.output().size();
        }
    };

    private void requireNoReset() throws SocketException {
        if (conversation.isReset()) {
            throw new SocketException("Connection reset");
        }
    }

    /** Waits for an answer that is to come later, as long as the client would. */
    private void awaitPause() throws SocketTimeoutException {
        long remaining = conversation.resumeAt() - System.nanoTime();
        if (timeout > 0 && remaining > timeout * 1_000_000L) {
            throw new SocketTimeoutException("Read timed out");
        }
        while (remaining > 0) {
            LockSupport.parkNanos(remaining);
            if (Thread.currentThread().isInterrupted()) {
                throw new SocketTimeoutException("Interrupted while an answer was late");
            }
            remaining = conversation.resumeAt() - System.nanoTime();
        }
        conversation.resume();
    }

    private void requireOpen() throws SocketException {
        if (closedHere) {
            throw new SocketException("Socket closed");
        }
    }

    @Override
    public OutputStream getOutputStream() {
        return output;
    }

    @Override
    public InputStream getInputStream() {
        return input;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closedHere;
    }

    @Override
    public boolean isInputShutdown() {
        return closedHere;
    }

    @Override
    public boolean isOutputShutdown() {
        return closedHere;
    }

    @Override
    public void setSoTimeout(int millis) {
        timeout = millis;
    }

    @Override
    public int getSoTimeout() {
        return timeout;
    }

    @Override
    public InetAddress getInetAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public int getPort() {
        return redis.port();
    }

    @Override
    public void disconnect() {
        closedThere = true;
    }

    @Override
    public void close() {
        if (!closedHere) {
            closedHere = true;
            conversation.end();
        }
    }

    @Override
    public String remoteAddress() {
        return "in-process:" + conversation.id();
    }

    @Override
    public String localAddress() {
        return TcpServer.HOST + ":" + redis.port();
    }
}
