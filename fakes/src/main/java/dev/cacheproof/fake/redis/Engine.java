package dev.cacheproof.fake.redis;

import dev.cacheproof.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The storage behind a fake, and the one place where commands run. Thread-safe. */
final class Engine implements Backend {

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
    private final String version;
    private final List<Database> databases = new ArrayList<>();
    private final Map<Long, Session> sessions = new LinkedHashMap<>();
    private final Statistics statistics = new Statistics();
    private final Map<String, String> settings = ServerSettings.defaults();
    private final Eviction eviction;
    private final Expiry expiry;
    private final Instant startedAt;
    private final Random random = new Random(SEED);
    private final Waits waits;
    private final PubSub pubSub = new PubSub();
    private final KeyspaceEvents events = new KeyspaceEvents(pubSub);
    private final Tracking tracking = new Tracking(sessions);
    private final Scripts scripts = new Scripts(new ScriptHost(this));
    /** Is told what the running request reads and writes; null where nobody wants to know. */
    private @Nullable Footprint footprint;

    private long reads;
    private long sessionNumbers;
    private long now = UNKNOWN;

    Engine(TestClock clock, @Nullable String password) {
        this(clock, password, ServerCommands.VERSION, LONGEST_STANDSTILL);
    }

    Engine(TestClock clock, @Nullable String password, String version, Duration longestStandstill) {
        this.clock = clock;
        this.version = version;
        this.password = password == null ? null : Bytes.of(password);
        this.startedAt = clock.instant();
        this.waits = new Waits(this, longestStandstill);
        this.eviction = new Eviction(databases, random);
        this.expiry = new Expiry(databases, clock);
        for (int i = 0; i < DATABASES; i++) {
            int number = i;
            Changes changes = new Changes(i, events, tracking, key -> changed(number, key));
            databases.add(new Database(i, random, waits, changes, eviction, this::now));
        }
    }

    @Override
    public @Nullable Reply execute(
            Session session, List<Bytes> words, Distortion distortion, @Nullable Footprint trace) {
        lock.lock();
        try {
            now = UNKNOWN;
            removeExpired();
            footprint = trace;
            statistics.commands++;
            long hits = statistics.hits;
            long misses = statistics.misses;
            session.absent = 0;
            session.ahead.addAll(session.takePushes());
            tracking.begin(session);
            statistics.evicted += eviction.makeRoom();
            tracking.execute();
            Reply reply = Dispatcher.dispatch(this, session, words, distortion);
            session.ahead.addAll(session.takePushes());
            tracking.end(session, words);
            session.behind.addAll(session.takePushes());
            endFootprint();
            waits.serve();
            session.hits = (int) (statistics.hits - hits);
            session.misses = (int) (statistics.misses - misses) + session.absent;
            return reply;
        } finally {
            footprint = null;
            tracking.rest();
            expiry.tell(events.wants(KeyspaceEvents.Kind.EXPIRED) || tracking.size() > 0);
            lock.unlock();
        }
    }

    /** What others are served with then is no work of this request. */
    private void endFootprint() {
        if (footprint != null) {
            footprint.settle(now());
            footprint = null;
        }
    }

    private void changed(int database, Bytes key) {
        if (footprint != null) {
            footprint.changed(database(database), key);
        }
    }

    /** Runs a command whose words are known to fit; the caller holds the lock. */
    Reply run(Session session, Command command, List<Bytes> words, Distortion distortion) {
        if (footprint != null) {
            footprint.begin(command, words, database(session.database), distortion.misleads());
        }
        Call call = new Call(this, session, command, words, distortion);
        Reply reply = run(call, () -> command.run(call));
        tracking.read(session, command, words);
        return reply;
    }

    /** Lets a client that waits take what has come; the caller holds the lock. */
    Reply take(Waiting waiting, Bytes key) {
        tracking.serve(waiting.call.session());
        try {
            return run(waiting.call, () -> waiting.service.take(waiting.call, key));
        } finally {
            tracking.serve(null);
        }
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

    @Override
    public void keepHistory(boolean keep) {
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
            tracking.broadcast();
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

    private void removeExpired() {
        statistics.expired += expiry.removeBefore(now());
    }

    /** Returns when something expires next, or somebody waits no longer; null where nothing does. */
    @Nullable
    Instant nextDue() {
        lock.lock();
        try {
            Long end = waits.nextEnd();
            return expiry.earliest(end == null ? Long.MAX_VALUE : end);
        } finally {
            lock.unlock();
        }
    }

    /** Drops what has expired, and says whether somebody may have been told of it, or waits no longer. */
    boolean endDue() {
        lock.lock();
        try {
            long expired = statistics.expired;
            boolean hasEnded = inspect(waits::endDue);
            return hasEnded || statistics.expired != expired;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Duration> lookAtWaits() {
        return inspect(() -> Stream.of(Optional.ofNullable(waits.look()), Optional.ofNullable(expiry.untilNext()))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder()));
    }

    @Override
    public boolean tellsWhatExpires() {
        return expiry.isTold();
    }

    /** Loses what clients should be told of changes, or does no more; the caller holds the lock. */
    void mute(boolean muted) {
        events.mute(muted);
        tracking.mute(muted);
    }

    KeyspaceEvents events() {
        return events;
    }

    Eviction eviction() {
        return eviction;
    }

    Tracking tracking() {
        return tracking;
    }

    Scripts scripts() {
        return scripts;
    }

    PubSub pubSub() {
        return pubSub;
    }

    @Override
    public List<Reply> takePushes(Session session) {
        lock.lock();
        try {
            return session.takePushes();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean broadcast() {
        boolean isDue = tracking.isBroadcastDue();
        if (isDue) {
            inspect(this::instant);
        }
        return isDue;
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
    Entry read(Database database, Bytes key, boolean uses) {
        Entry entry = uses ? database.use(key) : database.find(key);
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
            events.want("");
            eviction.configure(settings);
            scripts.flush();
            return settings;
        });
    }

    Instant startedAt() {
        return startedAt;
    }

    /** Returns the version that the server says it has. */
    String version() {
        return version;
    }

    boolean needsPassword() {
        return password != null;
    }

    boolean accepts(Bytes user, Bytes offered) {
        return user.equals(Bytes.of("default")) && (password == null || password.equals(offered));
    }

    @Override
    public Session open(Session.Link link) {
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

    @Override
    public List<Session> connected() {
        return inspect(this::sessions);
    }

    @Override
    public void close(Session session) {
        lock.lock();
        try {
            session.endTransaction();
            waits.leave(session);
            pubSub.leave(session);
            tracking.disable(session);
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
        long evicted;

        void reset() {
            commands = 0;
            connections = 0;
            hits = 0;
            misses = 0;
            expired = 0;
            evicted = 0;
        }
    }
}
