package dev.cacheproof.fake.redis;

import dev.cacheproof.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Drops what has expired, and knows what expires next. Guarded by the engine's lock, but for what any thread may ask. */
final class Expiry {

    private static final Duration LONGEST_LOOK = Duration.ofHours(1);

    private final List<Database> databases;
    private final TestClock clock;
    private Instant lookedAt = Instant.MIN;
    private volatile boolean isTold;

    Expiry(List<Database> databases, TestClock clock) {
        this.databases = databases;
        this.clock = clock;
    }

    /**
     * Drops what has expired, in the order of time. A key lives through the millisecond that it expires at.
     *
     * @return how many keys have gone
     */
    int removeBefore(long now) {
        int expired = 0;
        for (Database database : databases) {
            for (Entry next = database.nextToExpire(); next != null; next = database.nextToExpire()) {
                if (next.expiresAt >= now) {
                    break;
                }
                database.expire(next);
                expired++;
            }
        }
        return expired;
    }

    /** Returns when something expires, unless a time comes before; null where neither is to come. */
    @Nullable
    Instant earliest(long other) {
        long earliest = other;
        for (Database database : databases) {
            Entry next = database.nextToExpire();
            earliest = next == null ? earliest : Math.min(earliest, next.expiresAt);
        }
        return earliest == Long.MAX_VALUE ? null : Instant.ofEpochMilli(earliest + 1);
    }

    /** Returns how long it takes, by a clock that runs, until somebody is to be told that something has expired. */
    @Nullable
    Duration untilNext() {
        Instant now = clock.instant();
        boolean stands = now.equals(lookedAt);
        lookedAt = now;
        Instant next = stands || !isTold ? null : earliest(Long.MAX_VALUE);
        if (next == null) {
            return null;
        }
        Duration ahead = Duration.between(now, next);
        return ahead.compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : ahead;
    }

    /** Notes whether somebody wants to know what expires. */
    void tell(boolean told) {
        isTold = told;
    }

    boolean isTold() {
        return isTold;
    }
}
