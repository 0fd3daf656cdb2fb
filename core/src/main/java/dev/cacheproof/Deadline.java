package dev.cacheproof;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * The end of a wait, on the real clock. No wait of the toolkit goes on past its deadline, unless
 * {@code cacheproof.deadlines = off}. Immutable and thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Deadline {

    private static final long POLL_NANOS = 200_000;
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Duration allowed;
    private final long endNanos;
    private final boolean enforced;

    private Deadline(Duration allowed, boolean enforced) {
        this.allowed = allowed;
        this.endNanos = System.nanoTime() + saturatedNanos(allowed);
        this.enforced = enforced;
    }

    /**
     * Starts a deadline now.
     *
     * @param allowed how long to wait at most; positive
     * @return the deadline
     */
    public static Deadline after(Duration allowed) {
        Objects.requireNonNull(allowed, "allowed");
        if (allowed.isNegative() || allowed.isZero()) {
            throw new IllegalArgumentException("allowed must be positive, but is " + allowed);
        }
        return new Deadline(allowed, Settings.current().deadlines() == Settings.Deadlines.ON);
    }

    /**
     * Waits until a condition holds, polling it.
     *
     * @param condition what to wait for; must be cheap
     * @param waitedFor what to say when the deadline passes: who is waited for, and where that is stuck
     * @throws IllegalStateException if the deadline passes first
     * @throws InterruptedException if the thread is interrupted
     */
    public void await(BooleanSupplier condition, Supplier<String> waitedFor) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            if (hasPassed()) {
                throw new IllegalStateException("Waited " + allowed.toMillis() + " ms in vain for " + waitedFor.get());
            }
            LockSupport.parkNanos(POLL_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** A duration may be longer than the 292 years that fit into nanoseconds. */
    static long saturatedNanos(Duration duration) {
        return duration.compareTo(LONGEST) < 0 ? duration.toNanos() : LONGEST.toNanos();
    }

    boolean hasPassed() {
        return enforced && System.nanoTime() - endNanos >= 0;
    }

    long remainingNanos() {
        return enforced ? Math.max(0, endNanos - System.nanoTime()) : Long.MAX_VALUE;
    }
}
