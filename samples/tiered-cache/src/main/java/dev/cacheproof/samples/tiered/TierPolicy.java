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
 */
public record TierPolicy(
        Clock clock,
        double jitter,
        RandomGenerator random,
        @Nullable Duration longestStale) {

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
        if (longestStale != null) {
            Require.positive("longestStale", longestStale);
            if (longestStale.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "longestStale must be at most " + LONGEST + ", but is " + longestStale);
            }
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
                null);
    }

    /**
     * Returns this policy with another clock.
     *
     * @param clock tells how long an outage lasts
     * @return the policy
     */
    public TierPolicy withClock(Clock clock) {
        return new TierPolicy(clock, jitter, random, longestStale);
    }

    /**
     * Returns this policy with another jitter.
     *
     * @param jitter by which part of itself a TTL is shortened at most; from 0, and less than 1
     * @return the policy
     */
    public TierPolicy withJitter(double jitter) {
        return new TierPolicy(clock, jitter, random, longestStale);
    }

    /**
     * Returns this policy, but it accepts that a lost delete leaves a stale entry for a while: no TTL is longer than that, and
     * a lost delete is no exception.
     *
     * @param longestStale how long; positive
     * @return the policy
     */
    public TierPolicy boundingLostDeletes(Duration longestStale) {
        return new TierPolicy(clock, jitter, random, Objects.requireNonNull(longestStale, "longestStale"));
    }

    /** Returns how long to keep an entry for which a TTL was asked. */
    Duration effective(Duration ttl) {
        Duration longest = longestStale == null ? LONGEST : longestStale;
        Duration bounded = ttl.compareTo(longest) < 0 ? ttl : longest;
        double kept = 1 - jitter * random.nextDouble();
        return Duration.ofMillis(Math.max(1, (long) (bounded.toMillis() * kept)));
    }
}
