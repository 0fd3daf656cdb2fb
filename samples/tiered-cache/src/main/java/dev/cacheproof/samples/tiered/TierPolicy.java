package dev.cacheproof.samples.tiered;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a tiered cache does beyond its two tiers. Immutable.
 *
 * @param clock tells how long an outage lasts
 * @param jitter by which part of itself a TTL is shortened at most, at random, so that what is cached together is not
 *     computed again together; from 0, and less than 1
 * @param random where the jitter comes from; thread-safe
 * @param longestStale how long the application accepts an entry whose delete was lost; null if not at all
 * @param staleWhileRecomputing how long after an entry has expired callers may be given it while one of them recomputes it;
 *     null if not at all
 */
public record TierPolicy(
        Clock clock,
        double jitter,
        RandomGenerator random,
        @Nullable Duration longestStale,
        @Nullable Duration staleWhileRecomputing) {

    private static final double USUAL_JITTER = 0.1;

    /** What any server can count, and no cache outlives. */
    private static final Duration LONGEST = Duration.ofDays(3_650);

    /** Checks the policy. */
    public TierPolicy {
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(random, "random");
        if (!(jitter >= 0 && jitter < 1)) {
            throw new IllegalArgumentException("jitter must be from 0, and less than 1, but is " + jitter);
        }
        requireBounded("longestStale", longestStale);
        requireBounded("staleWhileRecomputing", staleWhileRecomputing);
    }

    private static void requireBounded(String parameter, @Nullable Duration duration) {
        if (duration != null && Require.positive(parameter, duration).compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(parameter + " must be at most " + LONGEST + ", but is " + duration);
        }
    }

    /**
     * Returns the usual policy: the system's clock, TTLs up to a tenth shorter than asked for, and an exception for each lost
     * delete.
     *
     * @return the policy
     */
    public static TierPolicy usual() {
        return new TierPolicy(
                Clock.systemUTC(),
                USUAL_JITTER,
                () -> ThreadLocalRandom.current().nextLong(),
                null,
                null);
    }

    /**
     * Returns this policy with another clock.
     *
     * @param clock tells how long an outage lasts
     * @return the policy
     */
    public TierPolicy withClock(Clock clock) {
        return new TierPolicy(clock, jitter, random, longestStale, staleWhileRecomputing);
    }

    /**
     * Returns this policy with another jitter.
     *
     * @param jitter by which part of itself a TTL is shortened at most; from 0, and less than 1
     * @return the policy
     */
    public TierPolicy withJitter(double jitter) {
        return new TierPolicy(clock, jitter, random, longestStale, staleWhileRecomputing);
    }

    /**
     * Returns this policy, but it accepts that a lost delete leaves a stale entry for a while: no TTL is longer than that, and
     * a lost delete is no exception.
     *
     * @param longestStale how long; positive
     * @return the policy
     */
    public TierPolicy boundingLostDeletes(Duration longestStale) {
        Objects.requireNonNull(longestStale, "longestStale");
        return new TierPolicy(clock, jitter, random, longestStale, staleWhileRecomputing);
    }

    /**
     * Returns this policy, but the remote cache keeps a copy of each entry that outlives it: while one caller recomputes what
     * has expired, the others of its process are given the copy instead of waiting. Costs twice the memory, and a second
     * round trip for each write. Under a key that names a version, a copy is never wrong.
     *
     * @param duration how much longer a copy lives than its entry; positive
     * @return the policy
     */
    public TierPolicy servingStaleWhileRecomputing(Duration duration) {
        Objects.requireNonNull(duration, "duration");
        return new TierPolicy(clock, jitter, random, longestStale, duration);
    }

    boolean keepsCopies() {
        return staleWhileRecomputing != null;
    }

    /** Returns how long to keep an entry for which a TTL was asked. */
    Duration effective(Duration ttl) {
        double kept = 1 - jitter * random.nextDouble();
        return Duration.ofMillis(Math.max(1, (long) (bounded(ttl).toMillis() * kept)));
    }

    /** Returns how long to keep the copy of such an entry: longer than the entry, unless lost deletes are bounded. */
    Duration ofCopy(Duration ttl) {
        return staleWhileRecomputing == null
                ? bounded(ttl)
                : bounded(bounded(ttl).plus(staleWhileRecomputing));
    }

    private Duration bounded(Duration ttl) {
        Duration longest = longestStale == null ? LONGEST : longestStale;
        return ttl.compareTo(longest) < 0 ? ttl : longest;
    }
}
