package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;

/** What Jedis makes of each fault, over TCP and in process. */
class FaultTests {

    private static final JedisClientConfig PATIENT =
            DefaultJedisClientConfig.builder().socketTimeoutMillis(20_000).build();
    private static final JedisClientConfig IMPATIENT =
            DefaultJedisClientConfig.builder().socketTimeoutMillis(200).build();

    private final FakeRedis redis = FakeRedis.start();

    @AfterEach
    void stop() {
        redis.faults().clear();
        redis.close();
    }

    private Jedis connect(boolean inProcess) {
        return connect(inProcess, PATIENT);
    }

    private Jedis connect(boolean inProcess, JedisClientConfig config) {
        return inProcess
                ? new Jedis(InProcessJedis.of(redis, config), config)
                : new Jedis(redis.host(), redis.port(), config);
    }

    private void onBoth(BiConsumer<Jedis, Boolean> test) {
        for (boolean inProcess : List.of(false, true)) {
            redis.faults().clear();
            redis.clear();
            try (Jedis jedis = connect(inProcess)) {
                jedis.ping();
                test.accept(jedis, inProcess);
            }
        }
    }

    @Test
    void resetsTheConnectionBeforeOrAfterApplying() {
        onBoth((jedis, inProcess) -> {
            redis.faults().inject(Fault.reset().on("INCR").first(1));
            assertThatThrownBy(() -> jedis.incr("n"))
                    .isInstanceOf(JedisConnectionException.class)
                    .hasRootCauseInstanceOf(SocketException.class);
            assertThat(redis.get("n")).isEmpty();
        });
        onBoth((jedis, inProcess) -> {
            redis.faults().inject(Fault.reset().on("INCR").first(1).afterApplying());
            assertThatThrownBy(() -> jedis.incr("n")).isInstanceOf(JedisConnectionException.class);
            assertThat(redis.get("n")).contains("1");
        });
    }

    @Test
    void disconnectsInGoodOrder() {
        onBoth((jedis, inProcess) -> {
            redis.faults().inject(Fault.disconnect().on("GET"));
            assertThatThrownBy(() -> jedis.get("k"))
                    .isInstanceOf(JedisConnectionException.class)
                    .hasMessageContaining("Unexpected end of stream");
        });
    }

    @Test
    void staysSilent() {
        onBoth((jedis, inProcess) -> {
            redis.faults().inject(Fault.silence().on("SET").afterApplying());
            try (Jedis impatient = connect(inProcess, IMPATIENT)) {
                assertThatThrownBy(() -> impatient.set("k", "v"))
                        .isInstanceOf(JedisConnectionException.class)
                        .hasRootCauseInstanceOf(SocketTimeoutException.class);
            }
            assertThat(redis.get("k")).contains("v");
        });
    }

    @Test
    void answersLateAndInOrder() {
        onBoth((jedis, inProcess) -> {
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
        onBoth((jedis, inProcess) -> {
            redis.faults().inject(Fault.delay(Duration.ofMinutes(1)).on("GET"));
            try (Jedis impatient = connect(inProcess, IMPATIENT)) {
                assertThatThrownBy(() -> impatient.get("k")).hasRootCauseInstanceOf(SocketTimeoutException.class);
            }
        });
    }

    /** By default, in process as over TCP, the answer would be there in time. */
    @Test
    void answersTooLateForAnImpatientPoolInProcess() {
        redis.faults().inject(Fault.delay(Duration.ofMillis(1_000)).on("GET"));
        try (UnifiedJedis impatient = InProcessJedis.client(redis, IMPATIENT)) {
            assertThatThrownBy(() -> impatient.get("k")).hasRootCauseInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void answersWithAnError() {
        onBoth((jedis, inProcess) -> {
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
        onBoth((jedis, inProcess) -> {
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
        onBoth((jedis, inProcess) -> {
            redis.faults().inject(Fault.garbage("?!\r\n").on("GET"));
            assertThatThrownBy(() -> jedis.get("k"))
                    .isInstanceOf(JedisConnectionException.class)
                    .hasMessageContaining("Unknown reply");
        });
    }

    @Test
    void losesWritesThatItAcknowledges() {
        onBoth((jedis, inProcess) -> {
            jedis.set("k", "old");
            redis.faults().begin(Condition.LOST_WRITES);
            assertThat(jedis.set("k", "new")).isEqualTo("OK");
            assertThat(jedis.incr("n")).isEqualTo(1);
            assertThat(jedis.get("k")).isEqualTo("old");
            assertThat(jedis.exists("n")).isFalse();
            assertThat(jedis.del("k")).isEqualTo(1);
            assertThat(redis.get("k")).isEmpty();
        });
    }

    @Test
    void losesDeletesThatItAcknowledges() {
        onBoth((jedis, inProcess) -> {
            jedis.set("k", "v");
            redis.faults().begin(Condition.LOST_DELETES);
            assertThat(jedis.del("k")).isEqualTo(1);
            assertThat(jedis.flushDB()).isEqualTo("OK");
            jedis.select(1);
            assertThat(jedis.flushAll()).isEqualTo("OK");
            jedis.select(0);
            assertThat(jedis.get("k")).isEqualTo("v");
            assertThat(jedis.set("k", "new")).isEqualTo("OK");
            assertThat(jedis.get("k")).isEqualTo("new");
        });
    }

    @Test
    void losesBothUnderASilentFailure() {
        onBoth((jedis, inProcess) -> {
            jedis.set("k", "old", SetParams.setParams().ex(60));
            Injection failure = redis.faults().begin(Condition.SILENT_FAILURE);
            assertThat(jedis.set("k", "new")).isEqualTo("OK");
            assertThat(jedis.del("k")).isEqualTo(1);
            assertThat(jedis.get("k")).isEqualTo("old");
            assertThat(jedis.ttl("k")).isPositive();
            failure.close();
            assertThat(jedis.set("k", "new")).isEqualTo("OK");
            assertThat(jedis.get("k")).isEqualTo("new");
        });
    }

    @Test
    void losesWritesOfATransaction() {
        onBoth((jedis, inProcess) -> {
            redis.faults().inject(Fault.lostWrite().onKeys("lost:*"));
            Transaction transaction = jedis.multi();
            transaction.set("lost:1", "v");
            transaction.set("kept:1", "v");
            assertThat(transaction.exec()).isEqualTo(List.of("OK", "OK"));
            assertThat(redis.keys()).containsExactly("kept:1");
        });
    }

    @Test
    void breaksNoTransactionByAWriteThatIsLost() {
        onBoth((jedis, inProcess) -> {
            jedis.set("k", "old");
            redis.faults().begin(Condition.SILENT_FAILURE);
            jedis.watch("k");
            try (Jedis other = connect(inProcess)) {
                other.set("k", "new");
                other.flushAll();
            }
            assertThat(jedis.multi().exec()).as("nothing changed").isEmpty();
        });
    }

    @Test
    void evictsWhatIsWritten() {
        onBoth((jedis, inProcess) -> {
            jedis.set("k", "old");
            redis.faults().begin(Condition.EVICTING);
            assertThat(jedis.set("k", "new")).isEqualTo("OK");
            assertThat(jedis.mset("a", "1", "b", "2")).isEqualTo("OK");
            assertThat(jedis.mget("k", "a", "b")).containsOnlyNulls();
        });
    }

    @Test
    void missesWhatIsThere() {
        onBoth((jedis, inProcess) -> {
            jedis.set("k", "v");
            redis.faults().inject(Fault.falseMiss().nth(2));
            assertThat(jedis.get("k")).isEqualTo("v");
            assertThat(jedis.get("k")).isNull();
            assertThat(jedis.mget("k")).containsExactly("v");
        });
    }

    @Test
    void takesAnEmptyValueForNone() {
        onBoth((jedis, inProcess) -> {
            jedis.mset("empty", "", "null", "<null>", "k", "v");
            redis.faults().begin(Condition.NULL_IS_MISS);
            assertThat(jedis.mget("empty", "null", "k")).containsExactly(null, "<null>", "v");
            redis.faults().inject(Fault.emptyMiss("<null>"));
            assertThat(jedis.mget("empty", "null", "k")).containsExactly(null, null, "v");
            assertThat(redis.get("empty")).contains("");
        });
    }

    @Test
    void readsFromThePast() {
        onBoth((jedis, inProcess) -> {
            jedis.mset("k", "old", "gone", "old");
            Injection stale = redis.faults().begin(Condition.STALE);
            jedis.set("k", "new");
            jedis.set("k", "newer");
            jedis.del("gone");
            jedis.set("fresh", "v");
            assertThat(jedis.mget("k", "gone", "fresh")).containsExactly("old", "old", null);
            stale.close();
            assertThat(jedis.mget("k", "gone", "fresh")).containsExactly("newer", null, "v");
        });
    }

    @Test
    void readsFromThePastWhateverChangedIt() {
        onBoth((jedis, inProcess) -> {
            jedis.mset("expires", "old", "flushed", "old");
            redis.faults().begin(Condition.STALE);
            jedis.expire("expires", 100);
            redis.faults().inject(Fault.lostDelete().onKeys("other"));
            assertThat(jedis.ttl("expires")).as("there was none").isEqualTo(-1);
            jedis.flushDB();
            assertThat(jedis.get("flushed")).isEqualTo("old");
            assertThat(redis.keys()).isEmpty();
        });
    }

    @Test
    void readsNothingFromThePastThatHasExpiredSince() {
        redis.clock().freeze();
        onBoth((jedis, inProcess) -> {
            jedis.set("k", "old", SetParams.setParams().ex(10));
            redis.faults().begin(Condition.STALE);
            jedis.set("k", "new");
            redis.clock().advance(Duration.ofSeconds(9));
            assertThat(jedis.get("k")).isEqualTo("old");
            redis.clock().advance(Duration.ofSeconds(2));
            assertThat(jedis.get("k")).isNull();
            assertThat(redis.get("k")).contains("new");
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
        try (Jedis jedis = connect(inProcess)) {
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
            assertThatThrownBy(() -> connect(inProcess, config).get("k"))
                    .hasRootCauseInstanceOf(SocketTimeoutException.class);
        });
    }

    @Test
    void refusesEverythingWhenItIsMisconfigured() {
        onBoth((jedis, inProcess) -> {
            redis.faults().begin(Condition.MISCONFIGURED);
            assertThatThrownBy(() -> jedis.get("k")).isInstanceOf(JedisAccessControlException.class);
            assertThatThrownBy(() -> jedis.set("k", "v")).isInstanceOf(JedisAccessControlException.class);
        });
    }

    @Test
    void strikesOnlyWhereItIsTold() {
        onBoth((jedis, inProcess) -> {
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
        onBoth((jedis, inProcess) -> {
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
        onBoth((jedis, inProcess) -> {
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
        onBoth((jedis, inProcess) -> {
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
        onBoth((jedis, inProcess) -> {
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
        try (Jedis jedis = connect(true);
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
        try (Jedis jedis = connect(true)) {
            Injection lost = redis.faults().inject(Fault.lostDelete().mustFire());
            jedis.del("k");
            lost.close();
            lost.close();
            redis.faults().verify();
        }
    }
}
