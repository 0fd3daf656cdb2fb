package dev.cacheproof.fake.redis;

import dev.cacheproof.TestClock;
import dev.cacheproof.fake.internal.FaultPlan;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Lets a step of the clock stop where a fault begins or ends that something is to be done about at that time. */
record FaultTurns(FaultPlan plan, Runnable turn) implements TestClock.Timeline {

    @Override
    public @Nullable Instant nextDue() {
        return plan.nextTurn();
    }

    @Override
    public void runDue() {
        turn.run();
    }
}
