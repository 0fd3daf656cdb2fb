package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import dev.cacheproof.fake.redis.FakeRedis;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import redis.clients.jedis.Jedis;

/** What a failed test says of the faults that its fakes were under. */
@SuppressWarnings("NullAway.Init")
class FiredFaultsTests {

    private static String printed(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString().replace(System.lineSeparator(), "\n");
    }

    @Test
    void standBelowTheFailureThatTheyMayExplain() {
        Outcome outcome = InnerSuite.of(FailingTestCase.class).launch().someFail(2, 3);

        assertThat(printed(outcome.failureOf("meetsFaults()"))).contains("""
                	Suppressed: Faults that fired on the test's fakes:
                  FailingTestCase.shared
                    lost delete: fired at 1 of 1 match
                  own
                    LOST_WRITES (lost write): fired at 1 of 1 match
                    false miss on GET, with probability 1.0E-9 (seed 7): fired at none of 1 match
                """);
        assertThat(outcome.failureOf("meetsNone()")).hasNoSuppressedExceptions();
    }

    static class FailingTestCase {
        @Fake
        FakeRedis own;

        @Fake
        static FakeRedis shared;

        @Test
        void meetsFaults() {
            try (Injection lost = own.faults().begin(Condition.LOST_WRITES);
                    Jedis jedis = FakeTests.connect(own)) {
                jedis.set("key", "value");
                assertThat(lost.hits()).isEqualTo(1);
            }
            own.faults().inject(Fault.falseMiss().on("GET").withProbability(1e-9, 7));
            shared.faults().inject(Fault.lostDelete());
            try (Jedis jedis = FakeTests.connect(shared);
                    Jedis ofOwn = FakeTests.connect(own)) {
                jedis.del("key");
                assertThat(ofOwn.get("key")).isEqualTo("value");
            }
        }

        @Test
        void meetsNone() {
            own.faults().begin(Condition.DOWN);
            throw new IllegalStateException("on purpose");
        }

        @Test
        void passes() {
            own.faults().begin(Condition.LOST_WRITES);
            try (Jedis jedis = FakeTests.connect(own)) {
                jedis.set("key", "value");
            }
        }
    }

    @Test
    void standBelowTheFailureOfADynamicTest() {
        Outcome outcome = InnerSuite.of(DynamicTestCase.class).launch().someFail(1, 1);

        assertThat(printed(outcome.onlyFailure())).contains("LOST_WRITES (lost write): fired at 1 of 1 match");
    }

    static class DynamicTestCase {
        @Fake
        FakeRedis redis;

        @TestFactory
        Stream<DynamicTest> fails() {
            return Stream.of(DynamicTest.dynamicTest("fails", () -> {
                redis.faults().begin(Condition.LOST_WRITES);
                try (Jedis jedis = FakeTests.connect(redis)) {
                    jedis.set("key", "value");
                    assertThat(jedis.get("key")).isEqualTo("value");
                }
            }));
        }
    }
}
