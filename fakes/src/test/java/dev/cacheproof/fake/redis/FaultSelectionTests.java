package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Which commands a fault strikes, and when, over TCP and in process. */
class FaultSelectionTests {

    private final FaultyRedis faulty = new FaultyRedis();
    private final FakeRedis redis = faulty.redis;

    @AfterEach
    void stop() {
        faulty.close();
    }

    @Test
    void strikesOnlyWhereItIsTold() {
        faulty.onBoth((jedis, inProcess) -> {
            Injection large = redis.faults().inject(Fault.error("OOM").on("SET").atLeast(1_000));
            Injection named = redis.faults()
                    .inject(Fault.error("ERR named").ofClient("orders-*").on("GET"));
            assertThat(jedis.set("k", "small")).isEqualTo("OK");
            assertThatThrownBy(() -> jedis.set("k", "x".repeat(1_000))).hasMessage("OOM");
            assertThat(jedis.get("k")).isEqualTo("small");
            jedis.clientSetname("orders-1");
            assertThatThrownBy(() -> jedis.get("k")).hasMessage("ERR named");
            assertThat(large.hits() + named.hits()).isEqualTo(2);
        });
    }

    @Test
    void countsWhenToStrike() {
        faulty.onBoth((jedis, inProcess) -> {
            redis.faults().inject(Fault.falseMiss().every(3));
            jedis.set("k", "v");
            StringBuilder seen = new StringBuilder();
            for (int i = 0; i < 7; i++) {
                seen.append(jedis.get("k") == null ? '-' : 'v');
            }
            assertThat(seen).hasToString("vv-vv-v");
        });
    }

    @Test
    void strikesAsOftenAsItIsTold() {
        faulty.onBoth((jedis, inProcess) -> {
            Injection twice = redis.faults().inject(Fault.falseMiss().first(2));
            jedis.set("k", "v");
            assertThat(jedis.get("k")).isNull();
            assertThat(jedis.get("k")).isNull();
            assertThat(jedis.get("k")).isEqualTo("v");
            assertThat(twice.hits()).isEqualTo(2);
        });
    }

    @Test
    void countsFromItsBeginning() {
        redis.clock().freeze();
        faulty.onBoth((jedis, inProcess) -> {
            Injection second = redis.faults().inject(Fault.falseMiss().nth(2).startingIn(Duration.ofSeconds(1)));
            jedis.set("k", "v");
            jedis.get("k");
            redis.clock().advance(Duration.ofSeconds(1));
            assertThat(jedis.get("k")).isEqualTo("v");
            assertThat(second.hits()).isZero();
            assertThat(jedis.get("k")).isNull();
            assertThat(second.hits()).isEqualTo(1);
        });
    }

    @Test
    void strikesWhereOneOfTheKeysIsMeant() {
        faulty.onBoth((jedis, inProcess) -> {
            redis.faults().inject(Fault.error("ERR meant").onKeys("user:?"));
            assertThatThrownBy(() -> jedis.mget("other", "user:1")).hasMessage("ERR meant");
            assertThat(jedis.mget("other", "user:12", "my-user:1")).containsOnlyNulls();
        });
    }

    @Test
    void repeatsWhatChanceDidByTheSeed() {
        assertThat(misses(7))
                .isEqualTo(misses(7))
                .isNotEqualTo(misses(8))
                .contains("-")
                .contains("v");
    }

    private String misses(long seed) {
        redis.put("k", "v");
        StringBuilder seen = new StringBuilder();
        try (Jedis jedis = faulty.connect(true);
                Injection chance = redis.faults().inject(Fault.falseMiss().withProbability(0.5, seed))) {
            for (int i = 0; i < 40; i++) {
                seen.append(jedis.get("k") == null ? '-' : 'v');
            }
            assertThat(chance.hits())
                    .isEqualTo(seen.chars().filter(each -> each == '-').count());
        }
        return seen.toString();
    }

    @Test
    void saysThatAFaultNeverFired() {
        FakeRedis other = FakeRedis.start();
        other.faults().inject(Fault.lostDelete().onKeys("user:*").mustFire());

        assertThatThrownBy(other::close).isInstanceOf(AssertionError.class).hasMessage("""
                        Faults that had to fire never did: the test did not test what it says.
                          lost delete on keys user:*
                        No command matched, or chance and counts left the matches out.""");
        assertThatIllegalStateException().isThrownBy(other::keys);
    }

    @Test
    void isContentWithAFaultThatFired() {
        try (Jedis jedis = faulty.connect(true)) {
            Injection lost = redis.faults().inject(Fault.lostDelete().mustFire());
            jedis.del("k");
            lost.close();
            lost.close();
            redis.faults().verify();
        }
    }
}
