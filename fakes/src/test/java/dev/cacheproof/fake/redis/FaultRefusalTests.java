package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a test is told that asks for a fault that makes no sense. */
class FaultRefusalTests {

    private final FakeRedis redis = FakeRedis.start();

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void refusesFaultsThatCanNeverFire() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> redis.faults().inject(Fault.lostWrite().on("GET")))
                .withMessage("This fault can never fire: lost write on GET; GET does nothing that it could happen to.");
        assertImpossible(Fault.reset().on("GETT"), "GETT is no command of this fake");
        assertImpossible(Fault.reset().on("GEOPOS"), "GEOPOS is not in this fake yet");
        assertImpossible(Fault.reset().on("SET", "GETT"), "GETT is no command of this fake");
        assertImpossible(Fault.error("ERR").on("PING").onKeys("a*"), "PING has no keys");
        assertImpossible(Fault.lostDelete().on("SET"), "SET does nothing that it could happen to");
        assertImpossible(Fault.eviction().on("GET"), "GET does nothing that it could happen to");
        assertImpossible(Fault.staleRead().on("SET"), "SET does nothing that it could happen to");
        assertImpossible(Fault.reset().on("GET").duringHandshake(), "GET is not part of the handshake");
        assertImpossible(Fault.reset().first(2).every(3), "each 3. match is none of the first 2");
    }

    private void assertImpossible(Fault fault, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> redis.faults().inject(fault))
                .withMessageStartingWith("This fault can never fire: " + fault + "; ")
                .withMessageContaining(reason);
    }

    @Test
    void takesFaultsThatCanJustFire() {
        assertThatNoException().isThrownBy(() -> {
            redis.faults().inject(Fault.reset().first(3).every(3));
            redis.faults().inject(Fault.reset().on("hello").duringHandshake());
            redis.faults().inject(Fault.lostDelete().on("FLUSHALL"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"SLOW", "LOST_WRITES", "DOWN"})
    void refusesConditionsThatHideEachOther(Condition other) {
        redis.faults().begin(Condition.DOWN);

        assertThatIllegalStateException()
                .isThrownBy(() -> redis.faults().begin(other))
                .withMessage("The fake can not be " + other
                        + " while it is DOWN: a client would see only one of them. End DOWN first: close the Injection"
                        + " that began it, or call faults().clear().");
    }

    @Test
    void saysUntilWhenAConditionIsInTheWay() {
        redis.clock().freeze();
        redis.faults().begin(Condition.HANGING, Duration.ofMinutes(1));

        assertThatIllegalStateException()
                .isThrownBy(() -> redis.faults().begin(Condition.STALE))
                .withMessage("The fake can not be STALE while it is HANGING, until "
                        + redis.clock().instant().plusSeconds(60)
                        + ": a client would see only one of them. End HANGING first: close the Injection that began it,"
                        + " call faults().clear() or advance the clock; or schedule(STALE, ...) for later.");
    }

    @Test
    void saysFromWhenAConditionIsInTheWay() {
        redis.clock().freeze();
        redis.faults().schedule(Condition.HANGING, Duration.ofMinutes(1), Duration.ofMinutes(1));

        assertThatIllegalStateException()
                .isThrownBy(() -> redis.faults().begin(Condition.STALE))
                .withMessageStartingWith("The fake can not be STALE while it is HANGING, from "
                        + redis.clock().instant().plusSeconds(60) + ", until "
                        + redis.clock().instant().plusSeconds(120) + ": ");
    }

    @Test
    void allowsConditionsThatGoTogetherOrFollowEachOther() {
        redis.clock().freeze();
        redis.faults().begin(Condition.LOST_WRITES, Duration.ofMinutes(1));
        redis.faults().begin(Condition.LOST_DELETES);
        redis.faults().begin(Condition.SLOW, Duration.ofMinutes(1));
        assertThatIllegalStateException().isThrownBy(() -> redis.faults().begin(Condition.EVICTING));
        assertThatIllegalStateException().isThrownBy(() -> redis.faults().begin(Condition.SILENT_FAILURE));
        redis.faults().schedule(Condition.EVICTING, Duration.ofMinutes(1), Duration.ofMinutes(1));
    }

    @Test
    void refusesOptionsThatMakeNoSense() {
        assertRefused(() -> Fault.reset().nth(0), "match must be at least 1, but is 0");
        assertRefused(() -> Fault.reset().first(-1), "matches must be at least 1, but is -1");
        assertRefused(() -> Fault.reset().every(0), "interval must be at least 1, but is 0");
        assertRefused(() -> Fault.reset().atLeast(0), "bytes must be at least 1, but is 0");
        assertRefused(() -> Fault.reset().withProbability(0), "probability must be above 0 and at most 1, but is 0.0");
        assertRefused(
                () -> Fault.reset().withProbability(Double.NaN),
                "probability must be above 0 and at most 1, but is NaN");
        assertRefused(
                () -> Fault.reset().withProbability(1.5), "probability must be above 0 and at most 1, but is 1.5");
        assertRefused(() -> Fault.delay(Duration.ZERO), "duration must be positive, but is PT0S");
        assertRefused(() -> Fault.delay(Duration.ofHours(25)), "duration must be at most a day, but is PT25H");
        assertRefused(() -> Fault.reset().lasting(Duration.ZERO), "duration must be positive, but is PT0S");
        assertRefused(
                () -> Fault.reset().lasting(ChronoUnit.FOREVER.getDuration()),
                "duration must be at most 290 years, but is " + ChronoUnit.FOREVER.getDuration());
        assertRefused(
                () -> redis.faults().schedule(Condition.DOWN, ChronoUnit.FOREVER.getDuration(), Duration.ofSeconds(1)),
                "delay must be at most 290 years, but is " + ChronoUnit.FOREVER.getDuration());
        assertRefused(
                () -> Fault.reset().startingIn(Duration.ofSeconds(-1)),
                "delay must not be negative, but is PT-1S: a fault can not begin in the past");
        assertRefused(() -> Fault.reset().on(), "commands must name at least one; leave on(...) out for all");
        assertRefused(() -> Fault.reset().onKeys(""), "glob must not be empty: it would match nothing");
        assertRefused(() -> Fault.reset().ofClient(""), "glob must not be empty: it would match nothing");
        assertRefused(() -> Fault.error(" "), "text must be one line, such as \"OOM out of memory\", but is \" \"");
        assertRefused(() -> Fault.garbage(""), "text must not be empty; for no answer at all, use silence()");
        assertRefused(() -> Fault.truncate(-1), "bytes must not be negative, but is -1");
        assertRefused(
                () -> redis.faults().begin(Condition.DOWN, Duration.ofSeconds(-1)),
                "duration must be positive, but is PT-1S");
        assertRefused(
                () -> redis.faults().schedule(Condition.DOWN, Duration.ofSeconds(-1), Duration.ofSeconds(1)),
                "delay must not be negative, but is PT-1S: a fault can not begin in the past");
        assertRefused(
                () -> redis.clock().advance(Duration.ofSeconds(-1)),
                "step must not be negative, but is PT-1S: " + redis.clock() + " never runs backwards");
    }

    private static void assertRefused(ThrowingCallable use, String message) {
        assertThatIllegalArgumentException().isThrownBy(use).withMessage(message);
    }

    @Test
    void refusesFaultsOnceItIsClosed() {
        redis.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> redis.faults().inject(Fault.reset()))
                .withMessage(redis + " is closed. Start a new one, or close it later.");
        assertThatIllegalStateException().isThrownBy(() -> redis.faults().begin(Condition.DOWN));
    }
}
