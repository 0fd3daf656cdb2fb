package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.redis.FakeRedis;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** How a fake that tests share begins and ends each of them. */
@SuppressWarnings("NullAway.Init")
class SharedFakeTests {

    /** Else the first test would be another than the second. */
    @ParameterizedTest
    @ValueSource(strings = {"enforce", "report", "off"})
    void isLikeNewForTheFirstTestToo(String mode) {
        InnerSuite.of(PreparedTestCase.class)
                .with("cacheproof.mode", mode)
                .launch()
                .allPass(2);
    }

    static class PreparedTestCase {
        @Fake
        static FakeRedis redis;

        @BeforeAll
        static void leavesEverythingBehind() {
            redis.put("left", "behind");
            redis.clock().freeze();
            try (Jedis jedis = FakeTests.connect(redis)) {
                jedis.configSet("maxmemory", "1mb");
            }
            redis.faults().begin(Condition.DOWN);
        }

        @RepeatedTest(2)
        void findsItLikeNew() throws InterruptedException {
            assertThat(redis.keys()).isEmpty();
            redis.clock().await(Duration.ofNanos(1));
            try (Jedis jedis = FakeTests.connect(redis)) {
                assertThat(jedis.configGet("maxmemory")).containsEntry("maxmemory", "0");
            }
        }
    }

    @Test
    void aFaultThatHadToFireAndWasGivenTooEarlyFailsTheTest() {
        assertThat(InnerSuite.of(EarlyFaultTestCase.class).launch().onlyFailure())
                .hasMessageStartingWith("""
                        Fake "EarlyFaultTestCase.redis" was given faults before the test, and starts each test without any

                        """)
                .hasMessageContaining("lost delete")
                .hasMessageEndingWith("What to do: give it faults in the test, or in @BeforeEach.");
    }

    static class EarlyFaultTestCase {
        @Fake
        static FakeRedis redis;

        @BeforeAll
        static void breaks() {
            redis.faults().inject(Fault.lostDelete().mustFire());
        }

        @Test
        void test() {}
    }

    @Test
    void aFaultThatHadToFireFailsItsTest() {
        Outcome outcome = InnerSuite.of(IdleFaultTestCase.class).launch().someFail(2, 3);

        assertThat(outcome.failureOf("ofItsOwn()")).hasMessageContaining("Faults that had to fire never did");
        assertThat(outcome.failureOf("ofAll()")).hasMessageContaining("lost delete on keys user:*");
    }

    static class IdleFaultTestCase {
        @Fake
        FakeRedis own;

        @Fake
        static FakeRedis shared;

        @Test
        void ofItsOwn() {
            own.faults().inject(Fault.lostDelete().mustFire());
        }

        @Test
        void ofAll() {
            shared.faults().inject(Fault.lostDelete().onKeys("user:*").mustFire());
        }

        @Test
        void ofNone() {
            own.faults().inject(Fault.lostDelete());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"report", "off"})
    void aFaultThatHadToFireFailsNothingWhereNothingIsEnforced(String mode) {
        Outcome outcome = InnerSuite.of(IdleFaultTestCase.class)
                .with("cacheproof.mode", mode)
                .launch()
                .allPass(3);

        assertThat(outcome.reported("cacheproof.wouldFail")).hasSize(mode.equals("report") ? 2 : 0);
    }
}
