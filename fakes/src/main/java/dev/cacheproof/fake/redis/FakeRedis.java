package dev.cacheproof.fake.redis;

import dev.cacheproof.Recorder;
import dev.cacheproof.Scope;
import dev.cacheproof.TestClock;
import dev.cacheproof.fake.Faults;
import dev.cacheproof.fake.internal.Attempt;
import dev.cacheproof.fake.internal.FaultPlan;
import dev.cacheproof.fake.internal.FaultTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A Redis in memory that real clients connect to, by RESP2 and RESP3 over TCP. It listens on 127.0.0.1 only, answers as
 * redis-server 7.0 does, and serves all connections on one daemon thread.
 *
 * <pre>{@code
 * try (FakeRedis redis = FakeRedis.start();
 *         JedisPooled jedis = new JedisPooled(redis.uri())) {
 *     jedis.setex("user:1", 60, "Ada");
 *     redis.clock().advance(Duration.ofSeconds(60));
 *     assertThat(jedis.get("user:1")).isNull();
 * }
 * }</pre>
 *
 * <p>Its time is that of its {@link #clock()}: keys expire when the clock passes their time, before
 * {@link TestClock#advance} returns. As on a real server, a key lives through the millisecond that it expires at: a clock that
 * runs passes it in a step of the key's time to live, one that is {@linkplain TestClock#freeze() frozen} in a millisecond
 * more. Times that clients compute from their own clock
 * ({@code EXPIREAT}, {@code SET ... EXAT}) move only if the client is given {@link #clock()} as well.
 *
 * <p>Who waits for an element by {@code BLPOP} and its kin is served as on a real server, and waits no longer when the clock has
 * passed the time-out. Where a frozen clock has not moved for ten real seconds, such a client is told so by an error; one that
 * waits without a time-out is not. A fault strikes commands that are sent while it lasts: it ends no connection of who waits, or
 * has subscribed, since before.
 *
 * <p>Events about keys are published as {@code notify-keyspace-events} asks for, by {@code CONFIG SET}. That a key has expired
 * is published when the clock has passed its time: before {@link TestClock#advance} returns, or soon where the clock runs by
 * itself. A client that listens to events about what it does itself is told of them before the
 * reply, where redis-server sends some behind it, or within.
 *
 * <p>{@code CONFIG SET maxmemory} and {@code maxmemory-policy} limit what it holds, as on a real server, but exactly: before a
 * command, what was used longest ago goes, or least often, or what expires first, of all keys and not of a sample; uses are
 * counted, not estimated, and where chance decides, it does so in the same way in each run. How much room a key takes is a
 * model: 64 bytes, those of its name and of its value, and 16 for each element of a collection, 24 in a sorted set; an empty
 * server takes none.
 *
 * <p>It knows strings, counters, hashes, lists, sets, sorted sets, keys, expiry, scans, transactions and messages to
 * subscribers, and tells clients that keep what they read of changes ({@code CLIENT TRACKING}); other commands are unknown to it, and answered as redis-server answers unknown ones. The journal of the test says
 * so, where a real server would know the command. Thread-safe. What a command did is visible here as soon as the client has its
 * reply.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FakeRedis implements AutoCloseable {

    private static final Duration SHORTEST_LIFE = Duration.ofMillis(1);
    private static final Duration LONGEST_LIFE = Duration.ofDays(365 * 290);

    private final Engine engine;
    private final TestClock clock;
    private final TcpServer server;
    private final CommandJournal journal;
    private final Recorder.Watch watch;
    private final FaultPlan plan;
    private final Faults faults;
    private final @Nullable String password;

    /** Whether a test framework has started it, and ends it. */
    private final boolean isManaged;

    private final AtomicBoolean closed = new AtomicBoolean();
    private final TestClock.Timeline faultTurns;
    private volatile Consumer<String> guard = change -> {};

    private final TestClock.Timeline expiry = new TestClock.Timeline() {
        @Override
        public @Nullable Instant nextDue() {
            return engine.nextDue();
        }

        @Override
        public void runDue() {
            if (engine.endDue()) {
                // Who waits no longer, or listens to what expires, is told before the step returns.
                server.perform(() -> {});
            }
        }

        @Override
        public void beforeStep() {
            guard.accept("moved in time");
        }

        @Override
        public void beforeFreeze() {
            guard.accept("frozen in time");
        }
    };

    private FakeRedis(Builder builder) {
        // Not by +, whose first use in a JVM costs a fifth of the time that the first start of a fake takes.
        this.clock = builder.clock == null ? TestClock.create("clock of ".concat(builder.name)) : builder.clock;
        this.password = builder.password;
        this.isManaged = builder.isManaged;
        this.engine = new Engine(clock, password, builder.version, builder.longestStandstill);
        this.plan = new FaultPlan(clock);
        this.faults = Faults.of(plan, new Target());
        this.journal = new CommandJournal(builder.name, builder.application);
        this.server = TcpServer.start(engine, plan, journal, builder.port);
        this.watch = journal.watch(server::catchUp);
        this.faultTurns = new FaultTurns(plan, () -> {
            settle();
            keepHistoryIfNeeded();
        });
        clock.drive(expiry);
        clock.drive(faultTurns);
    }

    /**
     * Starts a fake on any free port, without a password, with a clock of its own. Whose commands are that it is sent is said
     * at {@link Builder#start()}.
     *
     * @return the fake; close it after use
     */
    public static FakeRedis start() {
        return builder().start();
    }

    /**
     * Starts a proxy that lets a real server fail.
     *
     * @param host the address of a server on this machine
     * @param port its port
     * @return the proxy; close it after use
     * @throws IllegalArgumentException if the host is not this machine
     */
    public static RedisProxy proxying(String host, int port) {
        return RedisProxy.to(host, port);
    }

    /**
     * Starts to describe a fake.
     *
     * @return the description, to be changed and started
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the address in the form that clients take.
     *
     * @return {@code redis://127.0.0.1:port}, with the password where one is set
     * @throws IllegalStateException if the fake is closed: nobody, or somebody else, listens there
     */
    public String uri() {
        requireOpen();
        String credentials = password == null ? "" : ":" + password + "@";
        return "redis://" + credentials + host() + ":" + port();
    }

    /**
     * Returns the address that the fake listens on.
     *
     * @return always {@code 127.0.0.1}
     */
    public String host() {
        return TcpServer.HOST;
    }

    /**
     * Returns the port that the fake listens on, or listened on until it was closed.
     *
     * @return the port
     */
    public int port() {
        return server.port();
    }

    /**
     * Returns the clock in whose time keys expire: a step by the time to live of a key that is there ends it, unless the
     * clock is {@linkplain TestClock#freeze() frozen}; then it takes a millisecond more.
     *
     * @return the clock that was given to the builder, or the fake's own
     * @throws IllegalStateException if the fake is closed: its keys follow the clock no more
     */
    public TestClock clock() {
        requireOpen();
        return clock;
    }

    /**
     * Returns the faults of this fake, which a test adds to.
     *
     * @return the faults; none at first
     */
    public Faults faults() {
        return faults;
    }

    /**
     * Returns the keys of database 0.
     *
     * @return a copy, sorted
     * @throws IllegalStateException if the fake is closed
     */
    public SortedSet<String> keys() {
        return inspect(database -> {
            SortedSet<String> keys = new TreeSet<>();
            database.all().forEach(entry -> keys.add(entry.key.text()));
            return keys;
        });
    }

    /**
     * Returns the value of a key of database 0, without counting as a hit or a miss.
     *
     * @param key the key, which is looked up in UTF-8
     * @return the value; empty where the key is absent or has expired
     * @throws IllegalStateException if the key holds something other than a string, or the fake is closed
     */
    public Optional<String> get(String key) {
        return inspect(key, Text.class).map(value -> value.bytes().text());
    }

    /**
     * Returns the fields of a hash of database 0 with their values, without counting as a hit or a miss.
     *
     * @param key the key, which is looked up in UTF-8
     * @return a copy; empty where the key is absent or has expired
     * @throws IllegalStateException if the key holds something other than a hash, or the fake is closed
     */
    public Map<String, String> getHash(String key) {
        Map<String, String> fields = new LinkedHashMap<>();
        inspect(key, HashValue.class)
                .ifPresent(hash -> hash.fields().forEach((field, value) -> fields.put(field.text(), value.text())));
        return fields;
    }

    /**
     * Returns the elements of a list of database 0 from the left, without counting as a hit or a miss.
     *
     * @param key the key, which is looked up in UTF-8
     * @return a copy; empty where the key is absent or has expired
     * @throws IllegalStateException if the key holds something other than a list, or the fake is closed
     */
    public List<String> getList(String key) {
        List<String> elements = new ArrayList<>();
        inspect(key, ListValue.class).ifPresent(list -> list.elements().forEach(each -> elements.add(each.text())));
        return elements;
    }

    /**
     * Returns the members of a set of database 0, without counting as a hit or a miss.
     *
     * @param key the key, which is looked up in UTF-8
     * @return a copy; empty where the key is absent or has expired
     * @throws IllegalStateException if the key holds something other than a set, or the fake is closed
     */
    public Set<String> getSet(String key) {
        Set<String> members = new LinkedHashSet<>();
        inspect(key, SetValue.class).ifPresent(set -> set.members().forEach(member -> members.add(member.text())));
        return members;
    }

    /**
     * Returns the members of a sorted set of database 0 with their scores, without counting as a hit or a miss.
     *
     * @param key the key, which is looked up in UTF-8
     * @return a copy, from the lowest score to the highest; empty where the key is absent or has expired
     * @throws IllegalStateException if the key holds something other than a sorted set, or the fake is closed
     */
    public Map<String, Double> getSortedSet(String key) {
        Map<String, Double> scores = new LinkedHashMap<>();
        inspect(key, SortedSetValue.class)
                .ifPresent(set ->
                        set.members().forEach(each -> scores.put(each.member().text(), each.score())));
        return scores;
    }

    /**
     * Returns how long a key of database 0 still has to live.
     *
     * @param key the key
     * @return the time, to the millisecond; empty where the key is absent or does not expire
     * @throws IllegalStateException if the fake is closed
     */
    public Optional<Duration> ttl(String key) {
        Bytes name = Bytes.of(requireKey(key));
        return inspect(database -> Optional.ofNullable(database.find(name))
                .filter(Entry::expires)
                .map(entry -> Duration.ofMillis(Math.max(0, entry.expiresAt - engine.now()))));
    }

    /**
     * Counts the keys of database 0.
     *
     * @return how many there are that have not expired
     * @throws IllegalStateException if the fake is closed
     */
    public int size() {
        return inspect(Database::size);
    }

    /**
     * Writes a value into database 0, as a fixture: no command, and not counted as one. It does not expire. Clients are told
     * of it as if another had written it.
     *
     * @param key the key
     * @param value the value
     * @throws IllegalStateException if the fake is closed
     */
    public void put(String key, String value) {
        Bytes name = Bytes.of(requireKey(key));
        Text text = Text.of(Bytes.of(Objects.requireNonNull(value, "value")));
        inspect(database -> database.putFixture(name, text));
    }

    /**
     * Writes a value that expires into database 0, as a fixture: no command, and not counted as one. Clients are told of it
     * as if another had written it.
     *
     * @param key the key
     * @param value the value
     * @param ttl how long it lives; at least a millisecond, at most 290 years
     * @throws IllegalStateException if the fake is closed
     */
    public void put(String key, String value, Duration ttl) {
        Bytes name = Bytes.of(requireKey(key));
        Text text = Text.of(Bytes.of(Objects.requireNonNull(value, "value")));
        if (Objects.requireNonNull(ttl, "ttl").compareTo(SHORTEST_LIFE) < 0 || ttl.compareTo(LONGEST_LIFE) > 0) {
            throw new IllegalArgumentException("ttl must be a millisecond to 290 years, but is " + ttl);
        }
        inspect(database -> {
            Entry entry = database.putFixture(name, text);
            database.expireAt(entry, engine.now() + ttl.toMillis());
            database.changes().event(KeyspaceEvents.Kind.GENERIC, "expire", name);
            return entry;
        });
    }

    /**
     * Drops all keys of all databases. Clients that keep what they read in a cache of their own are told to forget it.
     *
     * @throws IllegalStateException if the fake is closed
     */
    public void clear() {
        requireOpen();
        guard.accept("emptied");
        dropAll();
    }

    /** Drops all keys for whoever has made sure that nobody else needs them. */
    void dropAll() {
        inspect(any -> {
            // Key by key, too: the cache of Lettuce does not understand that all are gone.
            engine.databases().forEach(each -> {
                each.all().forEach(entry -> each.changes().changed(entry.key));
                each.clear();
            });
            any.changes().flushed();
            return any;
        });
    }

    private static String requireKey(String key) {
        return Objects.requireNonNull(key, "key");
    }

    private <T extends Value> Optional<T> inspect(String key, Class<T> type) {
        Bytes name = Bytes.of(requireKey(key));
        return inspect(database -> Optional.ofNullable(database.find(name)).map(entry -> {
            if (!type.isInstance(entry.value)) {
                throw new IllegalStateException(this + " holds a " + entry.value.type() + " under " + key
                        + ": ask for it by " + entry.value.inspection() + ".");
            }
            return type.cast(entry.value.snapshot());
        }));
    }

    private <T> T inspect(Function<Database, T> inspection) {
        requireOpen();
        Supplier<T> onFirst = () -> inspection.apply(engine.database(0));
        return engine.inspect(onFirst);
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException(
                    isManaged
                            ? this + " is closed: it ended with its test. A field that is static keeps it for all tests"
                                    + " of the class."
                            : this + " is closed. Start a new one, or close it later.");
        }
    }

    /** Sets who is asked before this is given a fault or rid of all, moved in time or frozen, or emptied. */
    void guard(Consumer<String> guard) {
        this.guard = guard;
    }

    void renew() {
        try {
            faults.verify();
        } finally {
            // What faults have held back comes first, so that it goes with the rest.
            faults.forget();
            dropAll();
            engine.restoreSettings();
            clock.resume();
        }
    }

    private void keepHistoryIfNeeded() {
        engine.keepHistory(plan.needsHistory());
    }

    /** Goes on with what faults have held back that are over, before it returns. */
    private void settle() {
        server.perform(() -> engine.connected().forEach(session -> session.link.settle()));
    }

    /** Looks from now on whether somebody waits in vain, as real time passes. */
    void lookAtWaits() {
        server.later(server::lookAtWaits);
    }

    /** Counts how often keys were read. */
    long reads() {
        return engine.inspect(engine::reads);
    }

    Optional<String> password() {
        return Optional.ofNullable(password);
    }

    boolean isClosed() {
        return closed.get();
    }

    FaultPlan plan() {
        return plan;
    }

    CommandJournal journal() {
        return journal;
    }

    Engine engine() {
        requireOpen();
        return engine;
    }

    /**
     * Ends all connections and frees the port, before it returns. Has no effect on a fake that is closed.
     *
     * @throws AssertionError if a fault had to fire and never did; the fake is closed nevertheless
     * @throws IllegalStateException if a test framework has started the fake, which also ends it
     */
    @Override
    public void close() {
        if (isManaged) {
            throw new IllegalStateException(
                    this + " ends with its test: leave close() out. For a server that is gone, call"
                            + " faults().begin(Condition.DOWN).");
        }
        end();
    }

    void end() {
        if (closed.compareAndSet(false, true)) {
            clock.release(faultTurns);
            clock.release(expiry);
            server.close();
            watch.close();
            faults.verify();
        }
    }

    /** What faults must know of this fake. */
    private final class Target implements FaultTarget {

        @Override
        public Instant now() {
            return clock.instant();
        }

        @Override
        public @Nullable Set<Attempt.Kind> kindsOf(String command) {
            Command known = CommandTable.find(Bytes.of(command));
            return known == null ? null : known.kinds();
        }

        @Override
        public boolean isMissing(String command) {
            return kindsOf(command) == null && RealCommands.contains(command);
        }

        @Override
        public void requireFree(String change) {
            requireOpen();
            guard.accept(change);
        }

        @Override
        public void planChanged() {
            keepHistoryIfNeeded();
        }

        @Override
        public void silenceEnded() {
            settle();
        }
    }

    /** Returns the address, without the password. */
    @Override
    public String toString() {
        return "FakeRedis(" + host() + ":" + port() + ")";
    }

    /**
     * Describes a fake that is not started yet. Used by one thread.
     *
     * @since 0.1
     */
    @API(status = API.Status.EXPERIMENTAL, since = "0.1")
    public static final class Builder {

        private static final int LARGEST_PORT = 65_535;
        private static final Pattern VERSION = Pattern.compile("\\d{1,4}(\\.\\d{1,4}){1,2}");

        private int port;
        private String name = "redis";
        private @Nullable String password;
        private String version = ServerCommands.VERSION;
        private @Nullable TestClock clock;
        private @Nullable String application;
        private boolean isManaged;
        private Duration longestStandstill = Engine.LONGEST_STANDSTILL;

        private Builder() {}

        /**
         * Sets the port to listen on; 0, the default, takes any free one.
         *
         * @param port 0 to 65535
         * @return this
         */
        public Builder port(int port) {
            if (port < 0 || port > LARGEST_PORT) {
                throw new IllegalArgumentException("port must be 0 to " + LARGEST_PORT + ", but is " + port);
            }
            this.port = port;
            return this;
        }

        /**
         * Sets the name that the journal and failures show; {@code redis} unless set.
         *
         * @param name the name; not blank
         * @return this
         */
        public Builder name(String name) {
            if (Objects.requireNonNull(name, "name").isBlank()) {
                throw new IllegalArgumentException("name must not be blank; leave it out for \"redis\"");
            }
            this.name = name;
            return this;
        }

        /**
         * Sets the password that clients must give; by default none is needed.
         *
         * @param password the password of the user {@code default}; not empty
         * @return this
         */
        public Builder password(String password) {
            if (Objects.requireNonNull(password, "password").isEmpty()) {
                throw new IllegalArgumentException(
                        "password must not be empty; leave it out for a fake that needs none");
            }
            this.password = password;
            return this;
        }

        /**
         * Sets the version that the fake says it has, by {@code HELLO} and {@code INFO}; {@code 7.0.15} unless set. It answers
         * as redis-server 7.0 does whatever it says: this is for clients that look at nothing but the version, such as
         * Jedis, whose client-side cache asks for 7.4. What newer servers alone can do is unknown to it all the same.
         *
         * @param version two or three numbers with points between them, such as {@code 7.4}
         * @return this
         */
        public Builder version(String version) {
            if (!VERSION.matcher(Objects.requireNonNull(version, "version")).matches()) {
                throw new IllegalArgumentException(
                        "version must be two or three numbers, such as 7.4 or 7.4.2, but is \"" + version + "\"");
            }
            this.version = version;
            return this;
        }

        /**
         * Sets the clock in whose time keys expire; by default the fake has its own.
         *
         * @param clock a clock, which several fakes and the code under test may share
         * @return this
         */
        public Builder clock(TestClock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /** Says which application alone is connected to it. */
        Builder within(String application) {
            this.application = application;
            return this;
        }

        /** Sets how long a frozen clock may keep a client waiting for the end of its time-out, in real time. */
        Builder longestStandstill(Duration longest) {
            this.longestStandstill = longest;
            return this;
        }

        /**
         * Starts the fake. In a test, what clients send it over sockets belongs to that test, for as long as the test runs.
         * Afterwards, and outside of tests, it may be any test's and is not counted for certain. For a fake that several
         * tests use, put {@code @Fake} on a static field: it knows which of them is running.
         *
         * @return the fake, which accepts connections already; close it after use
         * @throws IllegalStateException if the port is in use
         */
        public FakeRedis start() {
            FakeRedis redis = startForNobody();
            Scope.current()
                    .map(Scope::root)
                    .filter(scope -> scope.test().isPresent())
                    .ifPresent(redis.journal::addOwner);
            return redis;
        }

        FakeRedis startForNobody() {
            return new FakeRedis(this);
        }

        /** Starts a fake that belongs to no scope yet, and that only a test framework ends. */
        FakeRedis startManaged() {
            isManaged = true;
            return startForNobody();
        }
    }
}
