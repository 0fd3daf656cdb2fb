package dev.cacheproof.fake.redis;

import dev.cacheproof.TestClock;
import dev.cacheproof.fake.internal.FaultPlan;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Lets a step of the clock stop where a fault ends that holds clients back, so that their commands run at that time. */
record EndsOfSilence(FaultPlan plan, Runnable settle) implements TestClock.Timeline {

    @Override
    public @Nullable Instant nextDue() {
        return plan.nextEndOfSilence();
    }

    @Override
    public void runDue() {
        settle.run();
    }
}
