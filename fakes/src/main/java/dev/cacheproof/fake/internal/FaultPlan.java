package dev.cacheproof.fake.internal;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apiguardian.api.API;

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
    public List<Rule> decide(Supplier<Attempt> attempt) {
        if (rules.isEmpty()) {
            return List.of();
        }
        Attempt described = attempt.get();
        List<Rule> firing = new ArrayList<>();
        for (ActiveRule each : rules) {
            if (each.fires(described, clock.instant())) {
                firing.add(each.rule());
            }
        }
        return firing;
    }

    /**
     * Says whether the state before each change is needed.
     *
     * @return whether there is a rule about stale reads
     */
    public boolean needsHistory() {
        return rules.stream().anyMatch(each -> each.rule().effect() instanceof Effect.Stale);
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
