package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.internal.ActiveRule;
import dev.cacheproof.fake.internal.Effect;
import dev.cacheproof.fake.internal.FaultPlan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What faults do to one conversation: they hold it back, end it, or answer in a command's place. A command that waits holds
 * it back as well. Used by one thread at a time, but for {@link #isHeld()} and {@link #isAwaiting()}.
 */
final class Disturbance {

    private static final Duration SHORTEST_LOOK = Duration.ofMillis(10);

    private final FaultPlan plan;
    private final Session session;
    private final RespWriter writer;

    /** What is to be done when the conversation goes on; nothing else is done before. */
    private @Nullable Runnable rest;

    /** When it goes on, on the clock of {@link System#nanoTime()}, unless a rule holds it back. */
    private long resumeAt;

    /** What holds the conversation back, as long as it is in force. */
    private volatile @Nullable ActiveRule silencer;

    /** What the client waits for, with nobody's fault. */
    private volatile @Nullable Pending waiting;

    private boolean reset;

    Disturbance(FaultPlan plan, Session session, RespWriter writer) {
        this.plan = plan;
        this.session = session;
        this.writer = writer;
    }

    /** Waits as long as all delays say, lets the first other rule strike, and goes on where there is none or it ends. */
    void pass(List<ActiveRule> rules, Consumer<Effect> strike, Runnable next) {
        Duration delay = Duration.ZERO;
        for (ActiveRule each : rules) {
            if (each.rule().effect() instanceof Effect.Delay some) {
                delay = delay.plus(some.duration());
            }
        }
        List<ActiveRule> others = rules.stream()
                .filter(each -> !(each.rule().effect() instanceof Effect.Delay))
                .toList();
        if (delay.isZero()) {
            meet(others, strike, next);
        } else {
            resumeAt = System.nanoTime() + delay.toNanos();
            rest = () -> meet(others, strike, next);
        }
    }

    private void meet(List<ActiveRule> rules, Consumer<Effect> strike, Runnable next) {
        if (rules.isEmpty()) {
            next.run();
            return;
        }
        ActiveRule first = rules.get(0);
        strike.accept(first.rule().effect());
        if (first.rule().effect() instanceof Effect.Silence) {
            rest = () -> meet(rules.subList(1, rules.size()), strike, next);
            silencer = first;
        }
    }

    /** Goes on with the answer that a client waits for, when there is one. */
    void await(Pending awaited, Consumer<@Nullable Reply> next) {
        waiting = awaited;
        rest = () -> next.accept(awaited.outcome());
    }

    /** Does to the connection what an effect does, but for waiting. */
    void strike(Effect effect, @Nullable Reply reply) {
        if (effect instanceof Effect.Reset) {
            reset();
        } else if (effect instanceof Effect.Disconnect) {
            session.closing = true;
        } else if (effect instanceof Effect.ErrorReply error) {
            writer.write(Replies.error(error.text()), session.protocol);
        } else if (effect instanceof Effect.Garbage garbage) {
            writer.append(garbage.text().getBytes(StandardCharsets.ISO_8859_1));
        } else if (effect instanceof Effect.Truncate truncate) {
            RespWriter whole = new RespWriter();
            whole.write(reply == null ? Replies.NOTHING : reply, session.protocol);
            writer.append(Arrays.copyOf(whole.bytes(), Math.min(truncate.bytes(), whole.size())));
            session.closing = true;
        }
    }

    void reset() {
        reset = true;
    }

    /** Says whether the connection is to end with a reset. */
    boolean isReset() {
        return reset;
    }

    /** Says whether nothing is done until {@link #goOn}. */
    boolean isPaused() {
        return rest != null;
    }

    /** Says whether it is not known how long that lasts: until a rule ends. Any thread may ask. */
    boolean isHeld() {
        return silencer != null;
    }

    /** Says whether the client waits for something that has not come yet. Any thread may ask. */
    boolean isAwaiting() {
        Pending awaited = waiting;
        return awaited != null && awaited.outcome() == null;
    }

    /** Says whether the client waits for something that is on its way. */
    boolean comesSoon() {
        Pending awaited = waiting;
        return awaited != null && awaited.comesSoon();
    }

    /**
     * Returns when to call {@link #goOn} again, on the clock of {@link System#nanoTime()}; null where only something
     * is waited for that does not come by itself.
     */
    @Nullable
    Long resumeAt() {
        ActiveRule rule = silencer;
        if (waiting != null) {
            return isAwaiting() ? null : Long.valueOf(System.nanoTime());
        }
        if (rule == null) {
            return resumeAt;
        }
        if (!plan.isInForce(rule)) {
            return System.nanoTime();
        }
        Duration left = plan.timeLeft(rule);
        if (left == null) {
            return null;
        }
        // A clock that stands still must not keep the thread busy that looks at it.
        return System.nanoTime() + (left.compareTo(SHORTEST_LOOK) > 0 ? left : SHORTEST_LOOK).toNanos();
    }

    /** Goes on where the pause is over, up to the next one; has no effect before. */
    void goOn() {
        for (Runnable next = rest; next != null && isOver(); next = rest) {
            rest = null;
            silencer = null;
            waiting = null;
            next.run();
        }
    }

    private boolean isOver() {
        ActiveRule rule = silencer;
        if (waiting != null) {
            return !isAwaiting();
        }
        return rule == null ? System.nanoTime() - resumeAt >= 0 : !plan.isInForce(rule);
    }

    /** Forgets what was to be done. */
    void end() {
        rest = null;
        silencer = null;
        waiting = null;
    }
}
