package dev.cacheproof.fake.redis;

import dev.cacheproof.Recorder;
import dev.cacheproof.Scope;
import dev.cacheproof.TestClock;
import dev.cacheproof.fake.Faults;
import dev.cacheproof.fake.internal.Attempt;
import dev.cacheproof.fake.internal.FaultPlan;
import dev.cacheproof.fake.internal.FaultTarget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a real Redis: clients connect to it, and are answered what that server answers, with the faults, gates and
 * journal of a {@link FakeRedis}. It knows every command of the server.
 *
 * <pre>{@code
 * try (RedisProxy redis = FakeRedis.proxying("127.0.0.1", 6379);
 *         JedisPooled jedis = new JedisPooled(redis.uri())) {
 *     redis.faults().begin(Condition.LOST_DELETES);
 *     jedis.del("user:1");                              // 1, and it is still there
 * }
 * }</pre>
 *
 * <p>Faults that no client notices exchange entries by WATCH, DUMP, RESTORE and EXEC on the client's own connection, so that
 * other clients of the server see nothing of it. They cannot strike inside a client's own transaction, a client that watches
 * keys, or a command that waits: there, it is answered with an error that says so. {@link dev.cacheproof.fake.Fault#staleRead() Stale reads} show
 * what keys held when they were first changed through this proxy after the fault began. Faults on keys strike the commands that
 * {@link FakeRedis} knows, and no others.
 *
 * <p>It listens on 127.0.0.1 only and connects to servers on this machine only. MONITOR, SYNC, PSYNC and CLIENT REPLY are
 * refused. Requests of one connection are passed on one after the other, so that a pipeline takes as long as its commands do.
 * The journal does not know which entries were written. Thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RedisProxy implements AutoCloseable {

    private static final int LARGEST_PORT = 65_535;

    private final TestClock clock;
    private final FaultPlan plan;
    private final Faults faults;
    private final Upstream upstream;
    private final TcpServer listener;
    private final Recorder.Watch watch;
    private final TestClock.Timeline faultTurns;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RedisProxy(InetSocketAddress server) {
        String name = "redis at " + server.getHostString() + ":" + server.getPort();
        this.clock = TestClock.create("clock of the faults of " + name);
        this.plan = new FaultPlan(clock);
        this.faults = Faults.of(plan, new Target());
        this.upstream = new Upstream(server, clock);
        CommandJournal journal = new CommandJournal(name, null);
        Scope.current()
                .map(Scope::root)
                .filter(scope -> scope.test().isPresent())
                .ifPresent(journal::addOwner);
        this.listener = TcpServer.start(upstream, plan, journal, 0);
        this.watch = journal.watch(listener::catchUp);
        this.faultTurns = new FaultTurns(plan, () -> {
            settle();
            upstream.keepHistory(plan.needsHistory());
        });
        clock.drive(faultTurns);
    }

    /** Connects no client yet; see {@link FakeRedis#proxying}. */
    static RedisProxy to(String host, int port) {
        Objects.requireNonNull(host, "host");
        if (port < 1 || port > LARGEST_PORT) {
            throw new IllegalArgumentException("port must be 1 to " + LARGEST_PORT + ", but is " + port);
        }
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
            if (!address.isLoopbackAddress() && NetworkInterface.getByInetAddress(address) == null) {
                throw new IllegalArgumentException("host must be this machine, but is " + host
                        + ": a test that lets a server fail must not do so to one that others use");
            }
        } catch (UnknownHostException | SocketException unknown) {
            throw new IllegalArgumentException("host must be this machine, but is " + host, unknown);
        }
        return new RedisProxy(new InetSocketAddress(address, port));
    }

    /**
     * Returns the address in the form that clients take, without a password: clients give that of the server behind it.
     *
     * @return {@code redis://127.0.0.1:port}
     * @throws IllegalStateException if the proxy is closed: nobody, or somebody else, listens there
     */
    public String uri() {
        requireOpen();
        return "redis://" + host() + ":" + port();
    }

    /**
     * Returns the address that the proxy listens on.
     *
     * @return always {@code 127.0.0.1}
     */
    public String host() {
        return TcpServer.HOST;
    }

    /**
     * Returns the port that the proxy listens on, or listened on until it was closed.
     *
     * @return the port
     */
    public int port() {
        return listener.port();
    }

    /**
     * Returns the clock in whose time faults begin and end. The server behind the proxy knows nothing of it.
     *
     * @return the proxy's own clock
     */
    public TestClock clock() {
        return clock;
    }

    /**
     * Returns the faults of this proxy, which a test adds to. All of them may be used by any thread.
     *
     * @return the faults; none at first
     */
    public Faults faults() {
        return faults;
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException(this + " is closed. Start a new one, or close it later.");
        }
    }

    private void settle() {
        listener.perform(() -> upstream.connected().forEach(session -> session.link.settle()));
    }

    /**
     * Ends all connections and frees the port, before it returns. A second call has no effect.
     *
     * @throws AssertionError if a fault had to fire and never did; the proxy is closed nevertheless
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            clock.release(faultTurns);
            listener.close();
            watch.close();
            faults.verify();
        }
    }

    /** What faults must know of this proxy. */
    private final class Target implements FaultTarget {

        @Override
        public Instant now() {
            return clock.instant();
        }

        @Override
        public @Nullable Set<Attempt.Kind> kindsOf(String command) {
            Command known = CommandTable.find(Bytes.of(command));
            return known != null ? known.kinds() : RealCommands.contains(command) ? Set.of() : null;
        }

        @Override
        public boolean isMissing(String command) {
            return false;
        }

        @Override
        public void requireFree(String change) {
            requireOpen();
        }

        @Override
        public void planChanged() {
            upstream.keepHistory(plan.needsHistory());
        }

        @Override
        public void silenceEnded() {
            settle();
        }
    }

    /** Returns the address that it listens on. */
    @Override
    public String toString() {
        return "RedisProxy(" + host() + ":" + port() + ")";
    }
}
