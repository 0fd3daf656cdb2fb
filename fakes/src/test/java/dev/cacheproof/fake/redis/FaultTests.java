package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** What Jedis makes of the faults that it notices, over TCP and in process. */
class FaultTests {

    private final FaultyRedis faulty = new FaultyRedis();
    private final FakeRedis redis = faulty.redis;

    @AfterEach
    void stop() {
        faulty.close();
    }

    @Test
    void resetsTheConnectionBeforeOrAfterApplying() {
        faulty.onBoth((jedis, inProcess) -> {
            redis.faults().inject(Fault.reset().on("INCR").first(1));
            assertThatThrownBy(() -> jedis.incr("n"))
                    .isInstanceOf(JedisConnectionException.class)
                    .hasRootCauseInstanceOf(SocketException.class);
            assertThat(redis.get("n")).isEmpty();
        });
        faulty.onBoth((jedis, inProcess) -> {
            redis.faults().inject(Fault.reset().on("INCR").first(1).afterApplying());
            assertThatThrownBy(() -> jedis.incr("n")).isInstanceOf(JedisConnectionException.class);
            assertThat(redis.get("n")).contains("1");
        });
    }

    @Test
    void disconnectsInGoodOrder() {
        faulty.onBoth((jedis, inProcess) -> {
            redis.faults().inject(Fault.disconnect().on("GET"));
            assertThatThrownBy(() -> jedis.get("k"))
                    .isInstanceOf(JedisConnectionException.class)
                    .hasMessageContaining("Unexpected end of stream");
        });
    }

    @Test
    void staysSilent() {
        faulty.onBoth((jedis, inProcess) -> {
            redis.faults().inject(Fault.silence().on("SET").afterApplying());
            try (Jedis impatient = faulty.connect(inProcess, FaultyRedis.IMPATIENT)) {
                assertThatThrownBy(() -> impatient.set("k", "v"))
                        .isInstanceOf(JedisConnectionException.class)
                        .hasRootCauseInstanceOf(SocketTimeoutException.class);
            }
            assertThat(redis.get("k")).contains("v");
        });
    }

    @Test
    void answersLateAndInOrder() {
        faulty.onBoth((jedis, inProcess) -> {
            Injection delay =
                    redis.faults().inject(Fault.delay(Duration.ofMillis(20)).on("GET"));
            jedis.set("k", "v");
            long start = System.nanoTime();
            assertThat(jedis.get("k")).isEqualTo("v");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
            assertThat(delay.hits()).isEqualTo(1);
        });
    }

    @Test
    void answersTooLateForAnImpatientClient() {
        faulty.onBoth((jedis, inProcess) -> {
            redis.faults().inject(Fault.delay(Duration.ofMinutes(1)).on("GET"));
            try (Jedis impatient = faulty.connect(inProcess, FaultyRedis.IMPATIENT)) {
                assertThatThrownBy(() -> impatient.get("k")).hasRootCauseInstanceOf(SocketTimeoutException.class);
            }
        });
    }

    /** By default, in process as over TCP, the answer would be there in time. */
    @Test
    void answersTooLateForAnImpatientPoolInProcess() {
        redis.faults().inject(Fault.delay(Duration.ofSeconds(1)).on("GET"));
        try (UnifiedJedis impatient = InProcessJedis.client(redis, FaultyRedis.IMPATIENT)) {
            assertThatThrownBy(() -> impatient.get("k")).hasRootCauseInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void answersWithAnError() {
        faulty.onBoth((jedis, inProcess) -> {
            redis.faults()
                    .inject(Fault.error("LOADING Redis is loading the dataset in memory")
                            .on("GET"));
            assertThatThrownBy(() -> jedis.get("k"))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessage("LOADING Redis is loading the dataset in memory");
            assertThat(jedis.set("k", "v")).isEqualTo("OK");
        });
    }

    @Test
    void cutsOffAnAnswer() {
        faulty.onBoth((jedis, inProcess) -> {
            jedis.set("k", "value");
            redis.faults().inject(Fault.truncate(6).on("GET"));
            assertThatThrownBy(() -> jedis.get("k")).isInstanceOf(JedisConnectionException.class);
        });
    }

    @Test
    void cutsOffTheAnswerToAGreeting() {
        redis.faults().inject(Fault.truncate(5).on("HELLO").duringHandshake());
        try (Wire wire = new Wire(redis.port())) {
            wire.send(Wire.encode(List.of("HELLO", "3")));
            assertThat(wire.reply()).isEqualTo("%7\r\n$(closed)");
        }
    }

    @Test
    void answersWithGarbage() {
        faulty.onBoth((jedis, inProcess) -> {
            redis.faults().inject(Fault.garbage("?!\r\n").on("GET"));
            assertThatThrownBy(() -> jedis.get("k"))
                    .isInstanceOf(JedisConnectionException.class)
                    .hasMessageContaining("Unknown reply");
        });
    }

    @Test
    void isDownAsLongAsItsClockSays() {
        redis.clock().freeze();
        redis.faults().schedule(Condition.DOWN, Duration.ofMinutes(1), Duration.ofMinutes(1));
        Duration almost = Duration.ofMinutes(1).minusMillis(1);
        for (boolean down : List.of(false, true)) {
            redis.clock().advance(almost);
            onBothWithoutClear(inProcess -> assertIsDown(inProcess, down));
            redis.clock().advance(Duration.ofMillis(1));
            onBothWithoutClear(inProcess -> assertIsDown(inProcess, !down));
        }
    }

    private void assertIsDown(boolean inProcess, boolean down) {
        if (down) {
            assertThatThrownBy(() -> connectAndGet(inProcess)).isInstanceOf(JedisConnectionException.class);
        } else {
            connectAndGet(inProcess);
        }
    }

    private void onBothWithoutClear(Consumer<Boolean> test) {
        test.accept(false);
        test.accept(true);
    }

    private void connectAndGet(boolean inProcess) {
        try (Jedis jedis = faulty.connect(inProcess)) {
            jedis.get("k");
        }
    }

    @Test
    void hangsFromTheHandshakeOn() {
        redis.faults().begin(Condition.HANGING);
        onBothWithoutClear(inProcess -> {
            JedisClientConfig config = DefaultJedisClientConfig.builder()
                    .socketTimeoutMillis(100)
                    .clientName("orders")
                    .build();
            assertThatThrownBy(() -> faulty.connect(inProcess, config).get("k"))
                    .hasRootCauseInstanceOf(SocketTimeoutException.class);
        });
    }

    @Test
    void refusesEverythingWhenItIsMisconfigured() {
        faulty.onBoth((jedis, inProcess) -> {
            redis.faults().begin(Condition.MISCONFIGURED);
            assertThatThrownBy(() -> jedis.get("k")).isInstanceOf(JedisAccessControlException.class);
            assertThatThrownBy(() -> jedis.set("k", "v")).isInstanceOf(JedisAccessControlException.class);
        });
    }
}
