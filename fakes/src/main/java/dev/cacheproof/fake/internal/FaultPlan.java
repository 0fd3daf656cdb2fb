package dev.cacheproof.fake.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** The rules of one fake. Decided upon before the fake takes its lock. Thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FaultPlan {

    private final InstantSource clock;
    private final List<ActiveRule> rules = new CopyOnWriteArrayList<>();

    /**
     * Begins without rules.
     *
     * @param clock in whose time rules begin and end
     */
    public FaultPlan(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Decides on an attempt.
     *
     * @param attempt describes it; called only where there are rules
     * @return the rules that fire, in the order of their injection
     */
    public List<ActiveRule> decide(Supplier<Attempt> attempt) {
        if (rules.isEmpty()) {
            return List.of();
        }
        Attempt described = attempt.get();
        List<ActiveRule> firing = new ArrayList<>();
        for (ActiveRule each : rules) {
            if (each.fires(described, clock.instant())) {
                firing.add(each);
            }
        }
        return firing;
    }

    /**
     * Says whether a rule that has fired has not ended since.
     *
     * @param rule the rule
     * @return whether it may fire again, as far as the time goes
     */
    public boolean isInForce(ActiveRule rule) {
        return rules.contains(rule) && rule.isInForce(clock.instant());
    }

    /**
     * Returns how long a rule still lasts.
     *
     * @param rule the rule
     * @return the time, if the clock runs on as it does; null where it ends only when somebody ends it
     */
    public @Nullable Duration timeLeft(ActiveRule rule) {
        Instant end = rule.end();
        return end == null ? null : Duration.between(clock.instant(), end);
    }

    /**
     * Returns when something is to be done next because of a rule: for those whom one that ends has held back, or for the
     * state at the beginning of another.
     *
     * @return a time that lies ahead; null where there is none
     */
    public @Nullable Instant nextTurn() {
        Instant now = clock.instant();
        return rules.stream()
                .map(ActiveRule::turn)
                .filter(turn -> turn != null && turn.isAfter(now))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /**
     * Says whether the state before each change is needed.
     *
     * @return whether a rule about stale reads is in force
     */
    public boolean needsHistory() {
        return !rules.isEmpty()
                && rules.stream()
                        .anyMatch(each ->
                                each.rule().effect() instanceof Effect.Stale && each.isInForce(clock.instant()));
    }

    /**
     * Adds a rule.
     *
     * @param rule the rule
     */
    public void add(ActiveRule rule) {
        rules.add(rule);
    }

    /**
     * Removes a rule.
     *
     * @param rule the rule
     */
    public void remove(ActiveRule rule) {
        rules.remove(rule);
    }

    /**
     * Returns the rules.
     *
     * @return a copy
     */
    public List<ActiveRule> rules() {
        return List.copyOf(rules);
    }
}
