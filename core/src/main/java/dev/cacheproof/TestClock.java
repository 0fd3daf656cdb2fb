package dev.cacheproof;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
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

    /** Guards everything below. Never held while a due action runs. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition moved = lock.newCondition();
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingLong(Due::number));
    private final List<Runnable> afterSteps = new CopyOnWriteArrayList<>();
    private final String name;
    private final ZoneId zone;
    private final Instant startInstant = Instant.now();
    private final long startNanos = System.nanoTime();
    private Duration offset = Duration.ZERO;
    private @Nullable Duration frozenAt;
    private long numbers;

    private record Due(Duration at, long number, Runnable action) {}

    private TestClock(String name, ZoneId zone) {
        this.name = name;
        this.zone = zone;
    }

    /**
     * Creates a running clock that shows the real time, in UTC.
     *
     * @return the clock
     */
    public static TestClock create() {
        return create("clock " + ProcessState.nextClock());
    }

    /**
     * Creates a running clock that shows the real time, in UTC.
     *
     * @param name the name to show in failures
     * @return the clock
     */
    public static TestClock create(String name) {
        return new TestClock(Objects.requireNonNull(name, "name"), ZoneOffset.UTC);
    }

    /**
     * Moves time forward. Before it returns, everything that falls due has run on this thread, in the order of its time,
     * and saw the clock at that time; then the actions of {@link #afterStep} have run.
     *
     * @param step how far; not negative
     * @throws IllegalArgumentException if the step is negative: time never runs backwards
     */
    public void advance(Duration step) {
        if (step.isNegative()) {
            throw new IllegalArgumentException(
                    "step must not be negative, but is " + step + ": " + name + " never runs backwards");
        }
        Duration target = elapsed().plus(step);
        for (Due next = takeDue(target); next != null; next = takeDue(target)) {
            next.action.run();
        }
        moveTo(target);
        afterSteps.forEach(Runnable::run);
    }

    private @Nullable Due takeDue(Duration target) {
        lock.lock();
        try {
            Due next = due.peek();
            if (next == null || next.at.compareTo(target) > 0) {
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
     */
    public void schedule(Duration delay, Runnable action) {
        Objects.requireNonNull(action, "action");
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay must not be negative, but is " + delay);
        }
        lock.lock();
        try {
            due.add(new Due(elapsed().plus(delay), numbers++, action));
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
     * Waits until this clock has moved on by a duration.
     *
     * @param duration how far
     * @throws IllegalStateException if ten real seconds pass before; the text names this clock, and says whether it is
     *     frozen
     * @throws InterruptedException if the thread is interrupted
     */
    public void await(Duration duration) throws InterruptedException {
        Deadline deadline = Deadline.after(LONGEST_REAL_WAIT);
        lock.lock();
        try {
            Duration end = elapsed().plus(duration);
            while (elapsed().compareTo(end) < 0) {
                if (deadline.hasPassed()) {
                    throw new IllegalStateException("Waited " + LONGEST_REAL_WAIT.toSeconds() + " s in vain for " + name
                            + " to move on by " + duration
                            + (frozenAt == null ? "" : ": it is frozen at " + instant())
                            + ". Call advance(...) on another thread" + (frozenAt == null ? "." : ", or resume()."));
                }
                Duration missing = end.minus(elapsed());
                long nanos = frozenAt == null ? saturatedNanos(missing) : Long.MAX_VALUE;
                moved.awaitNanos(Math.min(nanos, deadline.remainingNanos()));
            }
        } finally {
            lock.unlock();
        }
    }

    private static long saturatedNanos(Duration duration) {
        return duration.compareTo(Duration.ofDays(365)) > 0 ? Long.MAX_VALUE : duration.toNanos();
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
        return zone;
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
