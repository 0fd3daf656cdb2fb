package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.Tuple;

/** What Jedis makes of the faults that it can not notice, over TCP and in process. */
class SilentFaultTests {

    private final FaultyRedis faulty = new FaultyRedis();
    private final FakeRedis redis = faulty.redis;

    @AfterEach
    void stop() {
        faulty.close();
    }

    @Test
    void losesWritesThatItAcknowledges() {
        faulty.onBoth((jedis, inProcess) -> {
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
        faulty.onBoth((jedis, inProcess) -> {
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
        faulty.onBoth((jedis, inProcess) -> {
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
    void losesWhatIsDoneToPartsOfAnEntry() {
        faulty.onBoth((jedis, inProcess) -> {
            jedis.hset("h", Map.of("f", "old"));
            Injection failure = redis.faults().begin(Condition.SILENT_FAILURE);
            assertThat(jedis.hset("h", "f", "new")).isZero();
            assertThat(jedis.hset("h", "g", "new")).isEqualTo(1);
            assertThat(jedis.hset("none", "f", "new")).isEqualTo(1);
            assertThat(jedis.hdel("h", "f")).isEqualTo(1);
            assertThat(redis.getHash("h")).isEqualTo(Map.of("f", "old"));
            assertThat(redis.keys()).containsExactly("h");
            failure.close();
            assertThat(jedis.hdel("h", "f")).isEqualTo(1);
            assertThat(redis.keys()).isEmpty();
        });
    }

    @Test
    void misleadsWhoReadsPartsOfAnEntry() {
        faulty.onBoth((jedis, inProcess) -> {
            jedis.hset("h", Map.of("f", "old"));
            try (Injection stale = redis.faults().begin(Condition.STALE)) {
                jedis.hset("h", "f", "new");
                jedis.hset("h", "g", "new");
                jedis.hset("fresh", "f", "new");
                assertThat(jedis.hgetAll("h")).isEqualTo(Map.of("f", "old"));
                assertThat(jedis.hgetAll("fresh")).isEmpty();
            }
            try (Injection miss = redis.faults().inject(Fault.falseMiss().on("HGET"))) {
                assertThat(jedis.hget("h", "f")).isNull();
            }
            assertThat(jedis.hgetAll("h")).isEqualTo(Map.of("f", "new", "g", "new"));
        });
    }

    @Test
    void losesWhatIsDoneToASortedSet() {
        faulty.onBoth((jedis, inProcess) -> {
            jedis.zadd("z", 1, "a");
            Injection failure = redis.faults().begin(Condition.SILENT_FAILURE);
            assertThat(jedis.zadd("z", 2, "a")).isZero();
            assertThat(jedis.zincrby("z", 5, "a")).isEqualTo(6);
            assertThat(jedis.zadd("none", 1, "a")).isEqualTo(1);
            assertThat(jedis.zpopmin("z")).isEqualTo(new Tuple("a", 1.0));
            assertThat(jedis.zunionstore("none", "z")).isEqualTo(1);
            assertThat(redis.getSortedSet("z")).isEqualTo(Map.of("a", 1.0));
            assertThat(redis.keys()).containsExactly("z");
            failure.close();
            assertThat(jedis.zrem("z", "a")).isEqualTo(1);
            assertThat(redis.keys()).isEmpty();
        });
    }

    @Test
    void misleadsWhoReadsASortedSet() {
        faulty.onBoth((jedis, inProcess) -> {
            jedis.zadd("z", 1, "a");
            try (Injection stale = redis.faults().begin(Condition.STALE)) {
                jedis.zadd("z", 2, "a");
                jedis.zadd("z", 0, "b");
                jedis.zremrangeByRank("z", 0, 0);
                jedis.zadd("fresh", 1, "a");
                assertThat(jedis.zrangeWithScores("z", 0, -1)).containsExactly(new Tuple("a", 1.0));
                assertThat(jedis.zcard("fresh")).isZero();
            }
            try (Injection miss = redis.faults().inject(Fault.falseMiss().on("ZSCORE"))) {
                assertThat(jedis.zscore("z", "a")).isNull();
            }
            redis.faults().begin(Condition.NULL_IS_MISS);
            assertThat(jedis.zscore("z", "a")).isEqualTo(2);
        });
    }

    @Test
    void losesWritesOfATransaction() {
        faulty.onBoth((jedis, inProcess) -> {
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
        faulty.onBoth((jedis, inProcess) -> {
            jedis.set("k", "old");
            redis.faults().begin(Condition.SILENT_FAILURE);
            jedis.watch("k");
            try (Jedis other = faulty.connect(inProcess)) {
                other.set("k", "new");
                other.flushAll();
            }
            assertThat(jedis.multi().exec()).as("nothing changed").isEmpty();
        });
    }

    @Test
    void evictsWhatIsWritten() {
        faulty.onBoth((jedis, inProcess) -> {
            jedis.set("k", "old");
            redis.faults().begin(Condition.EVICTING);
            assertThat(jedis.set("k", "new")).isEqualTo("OK");
            assertThat(jedis.mset("a", "1", "b", "2")).isEqualTo("OK");
            assertThat(jedis.mget("k", "a", "b")).containsOnlyNulls();
        });
    }

    @Test
    void missesWhatIsThere() {
        faulty.onBoth((jedis, inProcess) -> {
            jedis.set("k", "v");
            redis.faults().inject(Fault.falseMiss().nth(2));
            assertThat(jedis.get("k")).isEqualTo("v");
            assertThat(jedis.get("k")).isNull();
            assertThat(jedis.mget("k")).containsExactly("v");
        });
    }

    @Test
    void takesAnEmptyValueForNone() {
        faulty.onBoth((jedis, inProcess) -> {
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
        faulty.onBoth((jedis, inProcess) -> {
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
    void readsFromThePastThatAConditionBeganIn() {
        redis.clock().freeze();
        faulty.onBoth((jedis, inProcess) -> {
            jedis.set("k", "too old");
            redis.faults().schedule(Condition.STALE, Duration.ofMinutes(1), Duration.ofMinutes(1));
            jedis.set("k", "old");
            redis.clock().advance(Duration.ofMinutes(1));
            redis.put("k", "new");
            assertThat(jedis.get("k")).isEqualTo("old");
            redis.clock().advance(Duration.ofMinutes(1));
            assertThat(jedis.get("k")).isEqualTo("new");
        });
    }

    @Test
    void readsFromThePastWhenTheTimeHasComeByItself() {
        faulty.onBoth((jedis, inProcess) -> {
            Injection stale = redis.faults().inject(Fault.staleRead().startingIn(Duration.ofMillis(1)));
            for (int i = 0; stale.hits() == 0; i++) {
                jedis.set("k", "v" + i);
                jedis.get("k");
            }
            jedis.set("k", "new");
            assertThat(jedis.get("k")).isNotEqualTo("new");
        });
    }

    @Test
    void readsFromThePastWhateverChangedIt() {
        faulty.onBoth((jedis, inProcess) -> {
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
        faulty.onBoth((jedis, inProcess) -> {
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
}
