package dev.cacheproof.fake.redis;

import dev.cacheproof.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The storage behind a fake, and the one place where commands run. Thread-safe. */
final class Engine {

    static final Duration LONGEST_STANDSTILL = Duration.ofSeconds(10);

    private static final int DATABASES = 16;
    private static final long UNKNOWN = Long.MIN_VALUE;
    /** Fixed, so that a test that fails once fails again. */
    private static final long SEED = 42;

    /**
     * Guards everything below, all databases and all sessions. Held by every command, every step of the clock and every
     * inspection; nothing waits while holding it, and replies are written after it is released.
     */
    private final ReentrantLock lock = new ReentrantLock();

    private final TestClock clock;
    private final @Nullable Bytes password;
    private final List<Database> databases = new ArrayList<>();
    private final Map<Long, Session> sessions = new LinkedHashMap<>();
    private final Statistics statistics = new Statistics();
    private final Map<String, String> settings = ServerSettings.defaults();
    private final Instant startedAt;
    private final Random random = new Random(SEED);
    private final Waits waits;
    private final PubSub pubSub = new PubSub();
    private final Scripts scripts = new Scripts(new ScriptHost(this));
    private long reads;
    private long sessionNumbers;
    private long now = UNKNOWN;

    Engine(TestClock clock, @Nullable String password) {
        this(clock, password, LONGEST_STANDSTILL);
    }

    Engine(TestClock clock, @Nullable String password, Duration longestStandstill) {
        this.clock = clock;
        this.password = password == null ? null : Bytes.of(password);
        this.startedAt = clock.instant();
        this.waits = new Waits(this, longestStandstill);
        for (int i = 0; i < DATABASES; i++) {
            databases.add(new Database(random, waits));
        }
    }

    /** Runs one request; returns null where the client asked for no answer. */
    @Nullable
    Reply execute(Session session, List<Bytes> words, Distortion distortion) {
        lock.lock();
        try {
            now = UNKNOWN;
            removeExpired();
            statistics.commands++;
            long hits = statistics.hits;
            long misses = statistics.misses;
            session.absent = 0;
            session.ahead.addAll(session.takePushes());
            Reply reply = Dispatcher.dispatch(this, session, words, distortion);
            session.ahead.addAll(session.takePushes());
            waits.serve();
            session.hits = (int) (statistics.hits - hits);
            session.misses = (int) (statistics.misses - misses) + session.absent;
            return reply;
        } finally {
            lock.unlock();
        }
    }

    /** Runs a command whose words are known to fit; the caller holds the lock. */
    Reply run(Session session, Command command, List<Bytes> words, Distortion distortion) {
        Call call = new Call(this, session, command, words, distortion);
        return run(call, () -> command.run(call));
    }

    /** Lets a client that waits take what has come; the caller holds the lock. */
    Reply take(Waiting waiting, Bytes key) {
        return run(waiting.call, () -> waiting.service.take(waiting.call, key));
    }

    private Reply run(Call call, Supplier<Reply> action) {
        Supplier<Reply> refusable = () -> {
            try {
                return action.get();
            } catch (Refusal refusal) {
                return refusal.reply();
            }
        };
        // A script does nothing itself: its commands are distorted.
        return call.distortion().isNone() || call.command().is(Command.Trait.SCRIPT)
                ? refusable.get()
                : call.distortion().around(this, call.database(), call.keys(), refusable);
    }

    /** Keeps what keys hold now, or forgets it. */
    void keepHistory(boolean keep) {
        lock.lock();
        try {
            databases.forEach(each -> each.keepHistory(keep));
        } finally {
            lock.unlock();
        }
    }

    <T> T inspect(Supplier<T> inspection) {
        lock.lock();
        try {
            now = UNKNOWN;
            removeExpired();
            return inspection.get();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the time of the running command, which does not move while it runs: milliseconds since 1970. */
    long now() {
        if (now == UNKNOWN) {
            now = clock.millis();
        }
        return now;
    }

    Instant instant() {
        return clock.instant();
    }

    /** Drops what has expired, in the order of time. A key lives through the millisecond that it expires at. */
    private void removeExpired() {
        for (Database database : databases) {
            for (Entry next = database.nextToExpire(); next != null; next = database.nextToExpire()) {
                if (next.expiresAt >= now()) {
                    break;
                }
                database.remove(next.key);
                statistics.expired++;
            }
        }
    }

    /** Returns when something expires next, or somebody waits no longer; null where nothing does. */
    @Nullable
    Instant nextDue() {
        lock.lock();
        try {
            Long end = waits.nextEnd();
            long earliest = end == null ? Long.MAX_VALUE : end;
            for (Database database : databases) {
                Entry next = database.nextToExpire();
                earliest = next == null ? earliest : Math.min(earliest, next.expiresAt);
            }
            return earliest == Long.MAX_VALUE ? null : Instant.ofEpochMilli(earliest + 1);
        } finally {
            lock.unlock();
        }
    }

    /** Drops what has expired, and says whether somebody waits no longer. */
    boolean endDue() {
        return inspect(waits::endDue);
    }

    /** Ends what is waited for in vain; returns when to look again in real time, where there is need to. */
    Optional<Duration> lookAtWaits() {
        return inspect(() -> Optional.ofNullable(waits.look()));
    }

    Scripts scripts() {
        return scripts;
    }

    PubSub pubSub() {
        return pubSub;
    }

    /** Returns what a client is to be told that is no reply, once. */
    List<Reply> takePushes(Session session) {
        lock.lock();
        try {
            return session.takePushes();
        } finally {
            lock.unlock();
        }
    }

    Waits waits() {
        return waits;
    }

    TestClock clock() {
        return clock;
    }

    boolean hasDatabase(int number) {
        return number >= 0 && number < DATABASES;
    }

    Database database(int number) {
        return databases.get(number);
    }

    List<Database> databases() {
        return databases;
    }

    /** Finds a key for a command that reads it, which counts as a hit or a miss. */
    @Nullable
    Entry read(Database database, Bytes key) {
        Entry entry = database.find(key);
        reads++;
        if (entry == null) {
            statistics.misses++;
        } else {
            statistics.hits++;
        }
        return entry;
    }

    /** Counts how often keys were read since the start. */
    long reads() {
        return reads;
    }

    Random random() {
        return random;
    }

    Statistics statistics() {
        return statistics;
    }

    Map<String, String> settings() {
        return settings;
    }

    void restoreSettings() {
        inspect(() -> {
            settings.clear();
            settings.putAll(ServerSettings.defaults());
            scripts.flush();
            return settings;
        });
    }

    Instant startedAt() {
        return startedAt;
    }

    boolean needsPassword() {
        return password != null;
    }

    boolean accepts(Bytes user, Bytes offered) {
        return user.equals(Bytes.of("default")) && (password == null || password.equals(offered));
    }

    Session open(Session.Link link) {
        lock.lock();
        try {
            Session session = new Session(++sessionNumbers, link, password == null, clock.millis());
            sessions.put(session.id, session);
            statistics.connections++;
            return session;
        } finally {
            lock.unlock();
        }
    }

    void close(Session session) {
        lock.lock();
        try {
            session.endTransaction();
            waits.leave(session);
            pubSub.leave(session);
            sessions.remove(session.id);
        } finally {
            lock.unlock();
        }
    }

    List<Session> sessions() {
        return List.copyOf(sessions.values());
    }

    /** What INFO tells and CONFIG RESETSTAT forgets. Guarded by the engine's lock. */
    static final class Statistics {
        long commands;
        long connections;
        long hits;
        long misses;
        long expired;

        void reset() {
            commands = 0;
            connections = 0;
            hits = 0;
            misses = 0;
            expired = 0;
        }
    }
}
