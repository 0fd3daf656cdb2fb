package dev.cacheproof.fake.internal;

import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** A rule that was injected, and how often it matched and fired. Thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ActiveRule {

    private final Rule rule;
    private final String description;
    private final Instant begin;
    private final @Nullable Instant end;
    private final AtomicLong matches = new AtomicLong();
    private final AtomicLong hits = new AtomicLong();

    /**
     * Begins to count.
     *
     * @param rule the rule
     * @param description how to show it
     * @param now when it was injected
     */
    public ActiveRule(Rule rule, String description, Instant now) {
        this.rule = rule;
        this.description = description;
        this.begin = now.plus(rule.startingIn());
        this.end = rule.lasting() == null ? null : begin.plus(rule.lasting());
    }

    boolean fires(Attempt attempt, Instant now) {
        if (!isInForce(now) || !rule.matches(attempt)) {
            return false;
        }
        long match = matches.incrementAndGet();
        boolean fires = (rule.nth() == 0 || match == rule.nth())
                && (rule.first() == 0 || match <= rule.first())
                && match % rule.every() == 0
                && chance(match);
        if (fires) {
            hits.incrementAndGet();
        }
        return fires;
    }

    boolean isInForce(Instant now) {
        return !now.isBefore(begin) && (end == null || now.isBefore(end));
    }

    @Nullable
    Instant end() {
        return end;
    }

    /** Returns the time that the fake must not miss: when those are to be answered that it held back, or what to remember. */
    @Nullable
    Instant turn() {
        if (rule.effect() instanceof Effect.Stale) {
            return begin;
        }
        return rule.effect() instanceof Effect.Silence ? end : null;
    }

    /** Depends on nothing but the seed and the number of the match, so that a run can be repeated. */
    private boolean chance(long match) {
        return rule.probability() >= 1
                || new SplittableRandom(rule.seed() ^ match * 0x9E3779B97F4A7C15L).nextDouble() < rule.probability();
    }

    /**
     * Returns the rule.
     *
     * @return the rule
     */
    public Rule rule() {
        return rule;
    }

    /**
     * Counts how often it fired.
     *
     * @return how often
     */
    public long hits() {
        return hits.get();
    }

    /**
     * Returns how to show the rule alone.
     *
     * @return the description
     */
    public String description() {
        return description;
    }

    /**
     * Says whether a failing test may have failed because of it.
     *
     * @return whether it fired, or chance has decided that it did not
     */
    public boolean hasActed() {
        return hits() > 0 || (rule.probability() < 1 && matches.get() > 0);
    }

    /** Describes it with what it has done. */
    @Override
    public String toString() {
        long met = matches.get();
        if (met == 0) {
            return description + ": no match yet";
        }
        String fired = hits() == 0 ? "none" : String.valueOf(hits());
        return description + ": fired at " + fired + " of " + met + (met == 1 ? " match" : " matches");
    }
}
