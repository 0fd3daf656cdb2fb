package dev.cacheproof.fake;

import dev.cacheproof.fake.internal.ActiveRule;
import dev.cacheproof.fake.internal.Attempt;
import dev.cacheproof.fake.internal.Effect;
import dev.cacheproof.fake.internal.FaultPlan;
import dev.cacheproof.fake.internal.FaultTarget;
import dev.cacheproof.fake.internal.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * The faults of one fake. Thread-safe; what is injected holds for every command that arrives from then on.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Faults {

    private static final Duration NO_DELAY = Duration.ZERO;
    private static final int MOST_REMEMBERED = 100;

    private final FaultPlan plan;
    private final FaultTarget target;

    /** Guards the map of conditions, and the memory. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<Injection, Period> conditions = new LinkedHashMap<>();

    /** The last rules that were injected, those that have ended too, but for those that did nothing until then. */
    private final Deque<ActiveRule> remembered = new ArrayDeque<>();

    private record Period(
            Condition condition, Instant begin, @Nullable Instant end) {

        boolean overlaps(Period other) {
            return (end == null || end.isAfter(other.begin)) && (other.end == null || other.end.isAfter(begin));
        }
    }

    private Faults(FaultPlan plan, FaultTarget target) {
        this.plan = plan;
        this.target = target;
    }

    /**
     * Makes the faults of a fake; for fakes only.
     *
     * @param plan what the fake decides by
     * @param target the fake
     * @return the faults
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public static Faults of(FaultPlan plan, FaultTarget target) {
        return new Faults(plan, target);
    }

    /**
     * Lets the fake fail by a rule from now on.
     *
     * @param fault the rule
     * @return a handle that counts how often it fires, and ends it
     * @throws IllegalArgumentException if the rule can never match a command of this fake
     * @throws IllegalStateException if the fake is closed
     */
    public Injection inject(Fault fault) {
        Objects.requireNonNull(fault, "fault");
        target.requireFree("given a fault");
        requirePossible(fault);
        return start(List.of(fault), Fault::toString);
    }

    /**
     * Puts the fake into a condition, until the handle is closed.
     *
     * @param condition the condition
     * @return a handle that counts how often it shows, and ends it
     * @throws IllegalStateException if the fake is in a condition that conflicts with this one, or is closed
     */
    public Injection begin(Condition condition) {
        return begin(condition, NO_DELAY, null);
    }

    /**
     * Puts the fake into a condition that ends by itself, in the fake's time.
     *
     * @param condition the condition
     * @param duration how long it lasts; positive, at most 290 years
     * @return a handle that counts how often it shows, and ends it early
     * @throws IllegalStateException if the fake is in a condition that conflicts with this one, or is closed
     */
    public Injection begin(Condition condition, Duration duration) {
        return schedule(condition, NO_DELAY, duration);
    }

    /**
     * Puts the fake into a condition that begins and ends by itself, in the fake's time.
     *
     * @param condition the condition
     * @param delay how long from now it begins; not negative, at most 290 years
     * @param duration how long it lasts; positive, at most 290 years
     * @return a handle that counts how often it shows, and ends it early
     * @throws IllegalStateException if the fake is in a condition at that time that conflicts with this one, or is closed
     */
    public Injection schedule(Condition condition, Duration delay, Duration duration) {
        Objects.requireNonNull(condition, "condition");
        Objects.requireNonNull(delay, "delay");
        return begin(condition, delay, Objects.requireNonNull(duration, "duration"));
    }

    private Injection begin(Condition condition, Duration delay, @Nullable Duration duration) {
        Objects.requireNonNull(condition, "condition");
        target.requireFree("given a fault");
        List<Fault> faults = condition.faults().stream()
                .map(each -> delay.isZero() ? each : each.startingIn(delay))
                .map(each -> duration == null ? each : each.lasting(duration))
                .toList();
        Instant begin = target.now().plus(delay);
        Period period = new Period(condition, begin, duration == null ? null : begin.plus(duration));
        lock.lock();
        try {
            conditions.values().forEach(each -> requireCompatible(each, period));
            Injection injection = start(faults, fault -> condition + " (" + fault + ")");
            conditions.put(injection, period);
            return injection;
        } finally {
            lock.unlock();
        }
    }

    private void requireCompatible(Period present, Period wanted) {
        if (!present.overlaps(wanted) || !present.condition.conflictsWith(wanted.condition)) {
            return;
        }
        String from = present.begin.isAfter(target.now()) ? ", from " + present.begin : "";
        String until = present.end == null ? "" : ", until " + present.end;
        String next = present.end == null
                ? " or call faults().clear()."
                : " call faults().clear() or advance the clock; or schedule(" + wanted.condition + ", ...) for later.";
        throw new IllegalStateException("The fake can not be " + wanted.condition + " while it is " + present.condition
                + from + until + ": a client would see only one of them. End " + present.condition
                + " first: close the Injection that began it," + next);
    }

    private Injection start(List<Fault> faults, Function<Fault, String> description) {
        Instant now = target.now();
        List<ActiveRule> rules = faults.stream()
                .map(each -> new ActiveRule(each.rule(), description.apply(each), now))
                .toList();
        rules.forEach(this::remember);
        rules.forEach(plan::add);
        target.planChanged();
        return new Injection(this, rules);
    }

    private void remember(ActiveRule rule) {
        lock.lock();
        try {
            if (remembered.size() == MOST_REMEMBERED) {
                remembered.removeFirst();
            }
            remembered.addLast(rule);
        } finally {
            lock.unlock();
        }
    }

    private void requirePossible(Fault fault) {
        Rule rule = fault.rule();
        if (rule.first() > 0 && rule.first() < rule.every()) {
            throw impossible(fault, "each " + rule.every() + ". match is none of the first " + rule.first());
        }
        rule.commands().forEach(command -> requirePossible(fault, command));
    }

    private void requirePossible(Fault fault, String command) {
        Rule rule = fault.rule();
        String name = command.toUpperCase(Locale.ROOT);
        Set<Attempt.Kind> kinds = target.kindsOf(command);
        if (kinds == null) {
            String why = target.isMissing(command) ? " is not in this fake yet" : " is no command of this fake";
            throw impossible(fault, name + why);
        }
        if (!rule.fitsEffect(kinds)) {
            throw impossible(fault, name + " does nothing that it could happen to");
        }
        if (rule.keys() != null && !kinds.contains(Attempt.Kind.KEYED)) {
            throw impossible(fault, name + " has no keys");
        }
        if (rule.phase() == Rule.Phase.HANDSHAKE && !kinds.contains(Attempt.Kind.HANDSHAKE)) {
            throw impossible(fault, name + " is not part of the handshake");
        }
    }

    private static IllegalArgumentException impossible(Fault fault, String reason) {
        return new IllegalArgumentException("This fault can never fire: " + fault + "; " + reason + ".");
    }

    /**
     * Ends all faults and conditions, without a look at whether they fired.
     *
     * @throws IllegalStateException if the fake is closed
     */
    public void clear() {
        target.requireFree("cleared of faults");
        endAll();
    }

    private void endAll() {
        List<ActiveRule> ended = plan.rules();
        ended.forEach(plan::remove);
        lock.lock();
        try {
            conditions.clear();
            remembered.removeIf(each -> !each.hasActed());
        } finally {
            lock.unlock();
        }
        haveEnded(ended);
    }

    private void haveEnded(List<ActiveRule> rules) {
        target.planChanged();
        if (rules.stream().anyMatch(each -> each.rule().effect() instanceof Effect.Silence)) {
            target.silenceEnded();
        }
    }

    /**
     * Tells which faults have fired since the fake was started, or made like new for another test: how often, and with the
     * seed where chance decided. Those that have ended are told of, too, and those that chance has left out.
     *
     * @return one line for each of the last 100; empty where none has fired
     */
    public String report() {
        lock.lock();
        try {
            return remembered.stream()
                    .filter(ActiveRule::hasActed)
                    .map(ActiveRule::toString)
                    .collect(Collectors.joining("\n"));
        } finally {
            lock.unlock();
        }
    }

    /** Ends all faults and conditions, and what they did is told of no more; for fakes only. */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public void forget() {
        endAll();
        lock.lock();
        try {
            remembered.clear();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes sure that every fault that had to fire has fired.
     *
     * @throws AssertionError if one has not
     */
    public void verify() {
        requireFired(plan.rules());
    }

    boolean end(Injection injection) {
        boolean present = plan.rules().containsAll(injection.rules());
        injection.rules().forEach(plan::remove);
        lock.lock();
        try {
            conditions.remove(injection);
            remembered.removeIf(each -> injection.rules().contains(each) && !each.hasActed());
        } finally {
            lock.unlock();
        }
        haveEnded(injection.rules());
        return present;
    }

    void requireFired(List<ActiveRule> rules) {
        List<ActiveRule> idle = new ArrayList<>(rules);
        idle.removeIf(each -> !each.rule().mustFire() || each.hits() > 0);
        if (!idle.isEmpty()) {
            throw new AssertionFailedError("Faults that had to fire never did: the test did not test what it says.\n"
                    + idle.stream().map(each -> "  " + each.description()).collect(Collectors.joining("\n"))
                    + "\nNo command matched, or chance and counts left the matches out.");
        }
    }
}
