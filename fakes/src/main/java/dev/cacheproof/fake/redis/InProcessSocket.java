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
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Looks like a socket to Jedis, and runs what is written into it at once. Used by one thread at a time. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // a virtual thread that runs commands must not be pinned
final class InProcessSocket extends Socket implements Session.Link {

    /** A fake that is closed wakes nobody. */
    private static final long LONGEST_PARK_NANOS = 100_000_000;

    private final FakeRedis redis;

    /** Guards the conversation, which goes on by itself where a fault has held it back. Nobody waits for a reply with it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Conversation conversation;
    private volatile boolean closedHere;
    private volatile boolean closedThere;

    /** Who waits for an answer that somebody else will cause. */
    private volatile @Nullable Thread reader;

    /** Jedis asks for it, and sets another for a command that blocks. */
    private volatile int timeout;

    InProcessSocket(FakeRedis redis, int timeoutMillis) {
        this.redis = redis;
        this.timeout = timeoutMillis;
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
            lock.lock();
            try {
                requireNoReset();
                if (isOver()) {
                    throw new SocketException("Broken pipe");
                }
                conversation.input().feed(bytes, offset, count);
                conversation.answer();
            } finally {
                lock.unlock();
            }
            // Who listens reads on one thread, and writes on another.
            wake();
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
            long since = System.nanoTime();
            // Before it is looked whether there is something: who brings it later then knows whom to wake.
            reader = Thread.currentThread();
            try {
                for (Integer taken = take(bytes, offset, count); ; taken = take(bytes, offset, count)) {
                    if (taken != null) {
                        return taken;
                    }
                    if (conversation.isPaused() && !conversation.isAwaiting()) {
                        awaitPause();
                    } else {
                        awaitWake(since);
                    }
                    requireOpen();
                }
            } finally {
                reader = null;
            }
        }

        @Override
        public int available() {
            lock.lock();
            try {
                if (conversation.output().isEmpty() && !isOver()) {
                    // What the client is told that is no reply waits until somebody looks.
                    conversation.resume();
                }
                return conversation.output().size();
            } finally {
                lock.unlock();
            }
        }
    };

    /** Takes what is answered; -1 where nothing will be, null where the answer is to come later. */
    private @Nullable Integer take(byte[] bytes, int offset, int count) throws IOException {
        lock.lock();
        try {
            RespWriter replies = conversation.output();
            if (replies.isEmpty() && !isOver()) {
                conversation.resume();
            }
            if (!replies.isEmpty()) {
                ByteBuffer pending = replies.pending();
                int taken = Math.min(count, pending.remaining());
                pending.get(bytes, offset, taken);
                replies.sent(taken);
                return taken;
            }
            requireNoReset();
            if (isOver()) {
                return -1;
            }
            if (conversation.isHeld() || !(conversation.isPaused() || conversation.isSubscriber())) {
                // Nothing comes without a request, nor while a fault lasts: what would be a wait is over already.
                throw new SocketTimeoutException("Read timed out");
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver() {
        return conversation.isOver() || closedThere || redis.isClosed();
    }

    private void requireNoReset() throws SocketException {
        if (conversation.isReset()) {
            throw new SocketException("Connection reset");
        }
    }

    /** Waits for an answer that is to come later, as long as the client would. */
    private void awaitPause() throws SocketTimeoutException {
        Long resumeAt = conversation.resumeAt();
        long remaining = resumeAt == null ? 0 : resumeAt - System.nanoTime();
        if (timeout > 0 && remaining > timeout * 1_000_000L) {
            throw new SocketTimeoutException("Read timed out");
        }
        while (resumeAt != null && remaining > 0) {
            LockSupport.parkNanos(remaining);
            if (Thread.currentThread().isInterrupted()) {
                throw new SocketTimeoutException("Interrupted while an answer was late");
            }
            remaining = resumeAt - System.nanoTime();
        }
    }

    /** Waits until somebody may have caused an answer, as long as the client would since it began to read. */
    private void awaitWake(long since) throws SocketTimeoutException {
        long remaining = timeout > 0 ? since + timeout * 1_000_000L - System.nanoTime() : LONGEST_PARK_NANOS;
        if (remaining <= 0) {
            throw new SocketTimeoutException("Read timed out");
        }
        LockSupport.parkNanos(this, Math.min(remaining, LONGEST_PARK_NANOS));
        if (Thread.currentThread().isInterrupted()) {
            throw new SocketTimeoutException("Interrupted while waiting for an answer");
        }
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
        wake();
    }

    @Override
    public void expectEnd() {
        redis.lookAtWaits();
    }

    @Override
    public void wake() {
        // Of nobody, it has no effect.
        LockSupport.unpark(reader);
    }

    @Override
    public void settle() {
        if (conversation.isHeld()) {
            lock.lock();
            try {
                if (!closedHere) {
                    conversation.settle();
                }
            } catch (RuntimeException | Error defect) {
                // Whoever ends a fault has not made it, and other connections are not concerned.
                TcpServer.report("A defect of the fake, whose connection in process is closed", defect);
                disconnect();
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public void close() {
        if (!closedHere) {
            closedHere = true;
            conversation.leave();
            wake();
        }
    }

    @Override
    public boolean isCallers() {
        return true;
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
