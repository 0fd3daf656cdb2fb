package dev.cacheproof;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Real time plus an offset that the test adds to. Give it to the code under test as its {@link Clock}, and to a cache as
 * its ticker ({@code Caffeine.newBuilder().ticker(clock::nanoTime)}); then {@link #advance} makes entries expire without
 * waiting.
 *
 * <p>Time never runs backwards. Thread-safe; a step is visible to all threads when {@link #advance} returns.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TestClock extends Clock {

    private static final Duration LONGEST_REAL_WAIT = Duration.ofSeconds(10);

    /** Nanoseconds as a long, which tickers show, reach for 292 years. */
    private static final Duration LONGEST_LIFE = Duration.ofDays(365 * 290);

    /** Guards everything below. Never held while a due action runs. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition moved = lock.newCondition();
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::number));
    private final List<Runnable> afterSteps = new CopyOnWriteArrayList<>();
    private final String name;
    private final Duration longestRealWait;
    private final Instant startInstant = Instant.now();
    private final long startNanos = System.nanoTime();
    private Duration offset = Duration.ZERO;
    private @Nullable Duration frozenAt;
    private long numbers;

    /** Everything in whose time this clock is; asked by {@link #advance}, never with the lock held. */
    private final List<Timeline> timelines = new CopyOnWriteArrayList<>();

    /**
     * Something that keeps its own list of what falls due, such as a server whose keys expire. {@link #advance} asks it how
     * far it may go, and lets it run what is due there, in turn with everything else that the clock drives.
     *
     * @since 0.1
     */
    @API(status = API.Status.EXPERIMENTAL, since = "0.1")
    public interface Timeline {

        /**
         * Returns when something falls due next.
         *
         * @return the time; null where nothing is due ever
         */
        @Nullable
        Instant nextDue();

        /** Runs everything that is due by now, so that {@link #nextDue()} lies ahead; a step fails where it does not. */
        void runDue();

        /**
         * Called before time is moved, and may refuse it.
         *
         * @throws AssertionError if somebody would be disturbed; time stands where it stood then
         */
        default void beforeStep() {}

        /**
         * Called before time is stopped, and may refuse it.
         *
         * @throws AssertionError if somebody would be disturbed; time goes on then
         */
        default void beforeFreeze() {}
    }

    private record Due(Duration at, long number, Runnable action) {}

    private TestClock(String name, Duration longestRealWait) {
        this.name = Objects.requireNonNull(name, "name");
        this.longestRealWait = longestRealWait;
    }

    /**
     * Creates a running clock that shows the real time, in UTC.
     *
     * @return the clock
     */
    public static TestClock create() {
        // Not by +, whose first use in a JVM costs a fifth of the time that the first start of a fake takes.
        return create("clock ".concat(String.valueOf(ProcessState.nextClock())));
    }

    /**
     * Creates a running clock that shows the real time, in UTC.
     *
     * @param name the name to show in failures
     * @return the clock
     */
    public static TestClock create(String name) {
        return create(name, LONGEST_REAL_WAIT);
    }

    static TestClock create(String name, Duration longestRealWait) {
        return new TestClock(name, longestRealWait);
    }

    /**
     * Moves time forward. Before it returns, everything that falls due has run on this thread, in the order of its time,
     * and saw the clock at that time; then the actions of {@link #afterStep} have run. Steps that two threads make at the
     * same time overlap: they do not add up.
     *
     * <p>A clock that runs arrives where the next millisecond begins, so that what was to live for the step is over, also
     * where times are rounded to milliseconds. One that is {@linkplain #freeze() frozen} moves by exactly the step.
     *
     * @param step how far; not negative
     * @throws IllegalArgumentException if the step is negative, because time never runs backwards, or leads out of the 290
     *     years that a ticker can show
     */
    public void advance(Duration step) {
        Duration target = arrival(ahead("step", step), step);
        timelines.forEach(Timeline::beforeStep);
        while (runNext(target)) {
            // In the order of time, whoever keeps the list.
        }
        moveTo(target);
        afterSteps.forEach(Runnable::run);
    }

    /** Returns the time after a duration from now. */
    private Duration ahead(String parameter, Duration duration) {
        Objects.requireNonNull(duration, parameter);
        if (duration.isNegative()) {
            throw new IllegalArgumentException(
                    parameter + " must not be negative, but is " + duration + ": " + name + " never runs backwards");
        }
        Duration now = elapsed();
        if (duration.compareTo(LONGEST_LIFE.minus(now)) > 0) {
            throw new IllegalArgumentException(
                    parameter + " must end within 290 years of the start of " + name + ", but is " + duration);
        }
        return now.plus(duration);
    }

    private Duration arrival(Duration target, Duration step) {
        lock.lock();
        try {
            if (frozenAt != null || step.isZero()) {
                return target;
            }
        } finally {
            lock.unlock();
        }
        // Real time only adds to a step. Without this it were chance whether a time that was rounded down has passed.
        Instant next = startInstant.plus(target).truncatedTo(ChronoUnit.MILLIS).plusMillis(1);
        return Duration.between(startInstant, next);
    }

    private boolean runNext(Duration target) {
        Timeline first = null;
        Duration earliest = target;
        for (Timeline each : timelines) {
            Instant nextDue = each.nextDue();
            Duration at = nextDue == null ? null : Duration.between(startInstant, nextDue);
            if (at != null && at.compareTo(earliest) <= 0 && (first == null || at.compareTo(earliest) < 0)) {
                first = each;
                earliest = at;
            }
        }
        Due action = takeDue(earliest);
        if (action != null) {
            action.action.run();
            return true;
        }
        if (first == null) {
            return false;
        }
        moveTo(earliest);
        first.runDue();
        Instant next = first.nextDue();
        if (next != null && !next.isAfter(startInstant.plus(earliest))) {
            // Else it would be asked again for ever.
            throw new IllegalStateException(first + " was to run what is due at " + startInstant.plus(earliest)
                    + ", and still has something due at " + next);
        }
        return true;
    }

    private @Nullable Due takeDue(Duration latest) {
        lock.lock();
        try {
            Due next = due.peek();
            if (next == null || next.at.compareTo(latest) > 0) {
                return null;
            }
            moveTo(next.at);
            return due.poll();
        } finally {
            lock.unlock();
        }
    }

    private void moveTo(Duration target) {
        lock.lock();
        try {
            Duration missing = target.minus(elapsed());
            if (!missing.isNegative()) {
                offset = offset.plus(missing);
                frozenAt = frozenAt == null ? null : frozenAt.plus(missing);
            }
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Stops time, until {@link #resume()}; {@link #advance} still moves it. */
    public void freeze() {
        timelines.forEach(Timeline::beforeFreeze);
        lock.lock();
        try {
            frozenAt = elapsed();
        } finally {
            lock.unlock();
        }
    }

    /** Lets time run on from where it stands; has no effect on a clock that is not frozen. */
    public void resume() {
        lock.lock();
        try {
            if (frozenAt != null) {
                offset = frozenAt.minus(realElapsed());
                frozenAt = null;
                moved.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs an action when {@link #advance} passes a time.
     *
     * @param delay how far ahead of now; not negative
     * @param action the action, run on the advancing thread
     * @throws IllegalArgumentException if the delay is negative, or longer than the 290 years that a ticker can show
     */
    public void schedule(Duration delay, Runnable action) {
        Objects.requireNonNull(action, "action");
        lock.lock();
        try {
            due.add(new Due(ahead("delay", delay), numbers++, action));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs an action at the end of every {@link #advance}: the clean-up of a cache that drops what expired only when it
     * is used, such as {@code cache::cleanUp}.
     *
     * @param action the action, run on the advancing thread
     * @return this clock
     */
    public TestClock afterStep(Runnable action) {
        afterSteps.add(Objects.requireNonNull(action, "action"));
        return this;
    }

    /**
     * Lets this clock drive a timeline, until {@link #release}.
     *
     * @param timeline what falls due in this clock's time
     */
    public void drive(Timeline timeline) {
        timelines.add(Objects.requireNonNull(timeline, "timeline"));
    }

    /**
     * Drives a timeline no more; has no effect on one that it does not drive.
     *
     * @param timeline the timeline
     */
    public void release(Timeline timeline) {
        timelines.remove(Objects.requireNonNull(timeline, "timeline"));
    }

    /**
     * Waits until this clock has moved on by a duration.
     *
     * @param duration how far; not negative
     * @throws IllegalStateException if ten real seconds pass before; the text names this clock, and says whether it is
     *     frozen
     * @throws InterruptedException if the thread is interrupted
     */
    public void await(Duration duration) throws InterruptedException {
        Deadline deadline = Deadline.after(longestRealWait);
        lock.lock();
        try {
            Duration end = ahead("duration", duration);
            for (Duration now = elapsed(); now.compareTo(end) < 0; now = elapsed()) {
                if (deadline.hasPassed()) {
                    throw new IllegalStateException(waitedInVain(duration));
                }
                long nanos = frozenAt == null ? Deadline.saturatedNanos(end.minus(now)) : Long.MAX_VALUE;
                moved.awaitNanos(Math.min(nanos, deadline.remainingNanos()));
            }
        } finally {
            lock.unlock();
        }
    }

    private String waitedInVain(Duration duration) {
        String waited =
                "Waited " + longestRealWait.toMillis() + " ms in vain for " + name + " to move on by " + duration;
        return frozenAt == null
                ? waited + ". Call advance(...) on another thread."
                : waited + ": it is frozen at " + instant() + ". Call advance(...) on another thread, or resume().";
    }

    /** {@inheritDoc} */
    @Override
    public Instant instant() {
        return startInstant.plus(elapsed());
    }

    /**
     * Returns this clock's time as a ticker's.
     *
     * @return nanoseconds since an arbitrary origin
     */
    public long nanoTime() {
        return elapsed().toNanos();
    }

    private Duration elapsed() {
        lock.lock();
        try {
            return frozenAt != null ? frozenAt : realElapsed().plus(offset);
        } finally {
            lock.unlock();
        }
    }

    private Duration realElapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /**
     * Returns a view of this clock in another zone, which follows every step of it.
     *
     * @param zone the zone
     * @return the view
     */
    @Override
    public Clock withZone(ZoneId zone) {
        Objects.requireNonNull(zone, "zone");
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return zone;
            }

            @Override
            public Clock withZone(ZoneId other) {
                return TestClock.this.withZone(other);
            }

            @Override
            public Instant instant() {
                return TestClock.this.instant();
            }
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
