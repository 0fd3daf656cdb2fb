package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.internal.FaultPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Serves all connections of one fake on one thread. */
final class TcpServer implements AutoCloseable {

    static final String HOST = "127.0.0.1";

    /** A clock that stands still must not keep the thread busy that looks at it. */
    private static final Duration SHORTEST_LOOK = Duration.ofMillis(10);

    private static final int READ_SIZE = 64 * 1_024;
    private static final int BACKLOG = 511;
    private static final long LONGEST_WAIT_MILLIS = 5_000;
    private static final long SHORT_WAIT_MILLIS = 50;

    private final Backend backend;
    private final FaultPlan plan;
    private final CommandJournal journal;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final Thread thread;
    private final int port;

    /** What other threads want the serving thread to do. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    private record Timer(long at, Runnable task) {}

    /** What the serving thread does later. Used by that thread only. */
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::at));

    /** On the heap: memory outside of it would be kept, start after start, until the next collection. */
    private final ByteBuffer readBuffer = ByteBuffer.allocate(READ_SIZE);

    /** Who is told something by what is done at the moment for another. Used by the serving thread only. */
    private final Set<TcpConnection> told = new LinkedHashSet<>();

    /** When the next look at those who wait is due, on the clock of {@link System#nanoTime()}. Used by that thread only. */
    private @Nullable Long lookAt;

    private volatile boolean open = true;

    private TcpServer(
            Backend backend, FaultPlan plan, CommandJournal journal, Selector selector, ServerSocketChannel listener)
            throws IOException {
        this.backend = backend;
        this.plan = plan;
        this.journal = journal;
        this.selector = selector;
        this.listener = listener;
        this.port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        // Not by +, whose first use in a JVM costs a fifth of the time that the first start of a fake takes.
        this.thread = new Thread(this::serve, "fake-redis-".concat(String.valueOf(port)));
        thread.setDaemon(true);
    }

    static TcpServer start(Backend backend, FaultPlan plan, CommandJournal journal, int port) {
        try {
            Selector selector = Selector.open();
            ServerSocketChannel listener = null;
            try {
                listener = ServerSocketChannel.open();
                listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                listener.bind(
                        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), BACKLOG);
                listener.configureBlocking(false);
                listener.register(selector, SelectionKey.OP_ACCEPT);
                TcpServer server = new TcpServer(backend, plan, journal, selector, listener);
                server.thread.start();
                return server;
            } catch (IOException e) {
                selector.close();
                if (listener != null) {
                    listener.close();
                }
                throw e;
            }
        } catch (BindException e) {
            throw new IllegalStateException(
                    "Port " + port + " on " + HOST
                            + " is in use. Stop what listens there, or leave the port out: then any"
                            + " free one is taken.",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not start a fake on " + HOST + ":" + port, e);
        }
    }

    int port() {
        return port;
    }

    ByteBuffer readBuffer() {
        return readBuffer;
    }

    /** Lets the serving thread do something soon. */
    void later(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Notes who is to be told something; what is not done on the serving thread is told soon. */
    void note(TcpConnection connection) {
        if (Thread.currentThread() == thread) {
            told.add(connection);
        }
    }

    /** Tells what was noted: clients that keep what they read know of a change before whoever made it goes on. */
    void tell() {
        List<TcpConnection> all = List.copyOf(told);
        told.clear();
        all.forEach(TcpConnection::tell);
    }

    /** Lets the serving thread do something, and waits until it has; there is nothing to do once it has ended. */
    void perform(Runnable task) {
        CountDownLatch done = new CountDownLatch(1);
        later(() -> {
            try {
                task.run();
            } finally {
                done.countDown();
            }
        });
        long end = System.nanoTime() + LONGEST_WAIT_MILLIS * 1_000_000;
        try {
            while (thread.isAlive() && !done.await(SHORT_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - end > 0) {
                    throw new IllegalStateException("The fake on port " + port + " has been busy for "
                            + LONGEST_WAIT_MILLIS + " ms, and could not go on with what a fault had held back");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers what has reached the sockets before it returns; false where that takes too long. */
    boolean catchUp() {
        CatchUp catchUp = new CatchUp(this);
        later(catchUp);
        return catchUp.await(thread);
    }

    /** Reads what is there to be read, once, and says whether there was anything; called on the serving thread. */
    boolean serveOnce() throws IOException {
        return selector.selectNow(this::handle) > 0;
    }

    /** Returns the connections; called on the serving thread. */
    Stream<TcpConnection> connections() {
        return selector.keys().stream()
                .map(SelectionKey::attachment)
                .filter(TcpConnection.class::isInstance)
                .map(TcpConnection.class::cast);
    }

    private void serve() {
        try {
            while (open) {
                selector.select(this::handle, runTimers());
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    attempt(task);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The fake on port " + port + " broke down", e);
        } finally {
            closeAll();
        }
    }

    /** Lets the serving thread do something at a time; called on that thread. */
    void at(long nanoTime, Runnable task) {
        timers.add(new Timer(nanoTime, task));
    }

    /** Runs what is due, and returns how many milliseconds to wait for the next; 0 where nothing is to come. */
    private long runTimers() {
        for (Timer next = timers.peek(); next != null; next = timers.peek()) {
            long nanos = next.at() - System.nanoTime();
            if (nanos > 0) {
                return nanos / 1_000_000 + 1;
            }
            timers.remove();
            attempt(next.task());
        }
        return 0;
    }

    /** Ends waits as real time passes, which a clock that runs follows; called on the serving thread. */
    void lookAtWaits() {
        Optional<Duration> next = backend.lookAtWaits();
        if (next.isEmpty()) {
            return;
        }
        Duration ahead = next.get().compareTo(SHORTEST_LOOK) > 0 ? next.get() : SHORTEST_LOOK;
        long due = System.nanoTime() + ahead.toNanos();
        if (lookAt == null || due - lookAt < 0) {
            lookAt = due;
            at(due, () -> {
                if (lookAt != null && lookAt == due) {
                    lookAt = null;
                    lookAtWaits();
                }
            });
        }
    }

    private void handle(SelectionKey key) {
        if (key.attachment() instanceof TcpConnection connection) {
            connection.ready();
        } else {
            accept();
        }
    }

    /** Does what concerns no connection alone: what we got wrong must not end the server for all clients. */
    private static void attempt(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error defect) {
            report("A defect of the fake, which goes on", defect);
        }
    }

    static void report(String what, Throwable defect) {
        System.getLogger(TcpServer.class.getName()).log(System.Logger.Level.ERROR, what, defect);
    }

    private void accept() {
        try {
            for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
                TcpConnection connection = new TcpConnection(this, backend, plan, journal, channel, key);
                key.attach(connection);
                connection.begin();
            }
        } catch (IOException e) {
            // That client went away before it was let in; the next one is not concerned.
            System.getLogger(TcpServer.class.getName()).log(System.Logger.Level.DEBUG, "accept failed", e);
        }
    }

    private void closeAll() {
        connections().toList().forEach(TcpConnection::end);
        try {
            listener.close();
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Could not close the fake on port " + port, e);
        }
    }

    /** Ends all connections and frees the port before it returns. */
    @Override
    public void close() {
        open = false;
        selector.wakeup();
        boolean interrupted = false;
        long end = System.nanoTime() + LONGEST_WAIT_MILLIS * 1_000_000;
        while (thread.isAlive() && thread != Thread.currentThread() && System.nanoTime() < end) {
            try {
                thread.join(LONGEST_WAIT_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
