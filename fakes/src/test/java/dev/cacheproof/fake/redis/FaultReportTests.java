package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.FakeLifecycle;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

/** What a test, or whoever looks at its failure, learns about the faults that struck. */
class FaultReportTests {

    private final FakeLifecycle<FakeRedis> lifecycle = new RedisLifecycle();
    private final FakeRedis redis = FakeRedis.start();
    private final UnifiedJedis jedis = InProcessJedis.client(redis);

    @AfterEach
    void stop() {
        jedis.close();
        redis.close();
    }

    @Test
    void tellsWhatFiredHowOftenAndByWhichSeed() {
        redis.faults().inject(Fault.falseMiss().on("GET").withProbability(0.5, 7));
        redis.faults().inject(Fault.error("OOM").on("SET").atLeast(1_000));
        redis.faults().inject(Fault.lostDelete().first(1).mustFire());
        try (Injection lost = redis.faults().begin(Condition.LOST_WRITES)) {
            jedis.set("k", "v");
        }
        for (int i = 0; i < 8; i++) {
            jedis.get("k");
        }
        jedis.del("k");

        assertThat(redis.faults().report()).isEqualTo("""
                        false miss on GET, with probability 0.5 (seed 7): fired at 4 of 8 matches
                        lost delete, the first 1 only: fired at 1 of 1 match
                        LOST_WRITES (lost write): fired at 1 of 1 match""");
    }

    @Test
    void tellsWhatChanceHasLeftOut() {
        try (Injection chance = redis.faults().inject(Fault.falseMiss().withProbability(1e-9, 7))) {
            assertThat(chance).hasToString("false miss, with probability 1.0E-9 (seed 7): no match yet");
            jedis.get("k");
        }
        assertThat(redis.faults().report())
                .isEqualTo("false miss, with probability 1.0E-9 (seed 7): fired at none of 1 match");
    }

    @Test
    void tellsNothingWhereNothingFired() {
        redis.faults().inject(Fault.falseMiss().nth(2));
        redis.faults().begin(Condition.DOWN).close();
        jedis.get("k");

        assertThat(redis.faults().report()).isEmpty();
        assertThat(lifecycle.firedFaults(redis)).isNull();
    }

    @Test
    void tellsItOfAFakeThatHasEnded() {
        redis.faults().inject(Fault.error("ERR no").on("GET").first(1));
        redis.faults().begin(Condition.LOST_WRITES);
        jedis.set("k", "v");
        lifecycle.stop(redis);

        assertThat(lifecycle.firedFaults(redis)).isEqualTo("LOST_WRITES (lost write): fired at 1 of 1 match");
    }

    @Test
    void tellsTheNextTestNothingOfIt() {
        redis.faults().begin(Condition.LOST_WRITES);
        jedis.set("k", "v");
        redis.faults().clear();
        assertThat(lifecycle.firedFaults(redis)).contains("LOST_WRITES");

        lifecycle.renew(redis);

        assertThat(lifecycle.firedFaults(redis)).isNull();
    }

    @Test
    void tellsOfTheLastOnesWhereThereAreMany() {
        for (int i = 1; i <= 101; i++) {
            try (Injection lost = redis.faults().inject(Fault.lostWrite().onKeys("k" + i))) {
                jedis.set("k" + i, "v");
            }
        }
        assertThat(redis.faults().report().lines())
                .hasSize(100)
                .startsWith("lost write on keys k2: fired at 1 of 1 match")
                .endsWith("lost write on keys k101: fired at 1 of 1 match");
    }
}
