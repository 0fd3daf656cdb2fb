package dev.cacheproof.samples.tiered;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The time during which one sort of work with a remote cache fails: from its first failure to its next success. Every failure
 * is counted; an outage is logged once when it begins, and once when it ends. Thread-safe.
 */
final class Outage {

    private static final System.Logger LOG = System.getLogger(TieredCache.class.getName());

    private final String work;
    private final Clock clock;
    private final LongAdder failures = new LongAdder();
    private final AtomicReference<@Nullable Instant> since = new AtomicReference<>();

    /** Creates the record of a sort of work, such as "reads of cache outlines". */
    Outage(String work, Clock clock) {
        this.work = work;
        this.clock = clock;
    }

    void failed(RuntimeException failure) {
        failures.increment();
        if (since.compareAndSet(null, clock.instant())) {
            LOG.log(System.Logger.Level.WARNING, work + " fail; going on without", failure);
        }
    }

    void succeeded() {
        // Nearly always there is none, and a look is cheaper than a write that all threads contend for.
        Instant began = since.get() == null ? null : since.getAndSet(null);
        if (began != null) {
            Duration lasted = Duration.between(began, clock.instant());
            LOG.log(System.Logger.Level.INFO, work + " work again, after " + lasted.toSeconds() + " s");
        }
    }

    long failures() {
        return failures.sum();
    }
}
