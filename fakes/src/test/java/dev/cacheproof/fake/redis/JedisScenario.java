package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.fake.Condition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.args.ListDirection;
import redis.clients.jedis.args.SortedSetOption;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.ZAddParams;
import redis.clients.jedis.params.ZParams;
import redis.clients.jedis.resps.Tuple;

/** What an application does with one connection of Jedis, over TCP and in process. */
@SuppressWarnings("deprecation") // what Jedis 7 has in its place links differently on Jedis 6
final class JedisScenario implements Runnable {

    @Override
    public void run() {
        try (FakeRedis redis = FakeRedis.start();
                Jedis jedis = new Jedis(redis.host(), redis.port())) {
            use(redis, jedis);
        }
        try (FakeRedis redis = FakeRedis.start();
                Jedis jedis = new Jedis(InProcessJedis.of(redis))) {
            use(redis, jedis);
        }
        try (FakeRedis redis = FakeRedis.builder().password("secret").start();
                UnifiedJedis jedis = InProcessJedis.client(redis)) {
            usePooled(redis, jedis);
        }
        DefaultJedisClientConfig resp3 =
                DefaultJedisClientConfig.builder().protocol(RedisProtocol.RESP3).build();
        try (FakeRedis redis = FakeRedis.start();
                UnifiedJedis jedis = InProcessJedis.client(redis, resp3)) {
            usePooled(redis, jedis);
        }
    }

    private static void usePooled(FakeRedis redis, UnifiedJedis jedis) {
        assertThat(jedis.set("a", "1")).isEqualTo("OK");
        assertThat(jedis.incr("a")).isEqualTo(2);
        assertThat(jedis.mget("a", "b")).containsExactly("2", null);
        jedis.zadd("ranks", Map.of("Ada", 0.1, "Bob", 2.0));
        assertThat(jedis.zrangeWithScores("ranks", 0, -1))
                .containsExactly(new Tuple("Ada", 0.1), new Tuple("Bob", 2.0));
        assertThat(jedis.zscore("ranks", "Ada")).isEqualTo(0.1);
        assertThat(jedis.zpopmax("ranks", 5)).hasSize(2);
        redis.faults().begin(Condition.DOWN);
        assertThatThrownBy(() -> jedis.get("a")).isInstanceOf(JedisConnectionException.class);
        redis.faults().clear();
        assertThat(jedis.get("a")).isEqualTo("2");
    }

    private static void use(FakeRedis redis, Jedis jedis) {
        redis.clock().freeze();
        assertThat(jedis.ping()).isEqualTo("PONG");
        assertThat(jedis.get("user:1")).isNull();
        assertThat(jedis.psetex("user:1", 1_000, "Ada")).isEqualTo("OK");
        assertThat(jedis.mget("user:1", "user:2")).containsExactly("Ada", null);
        assertThat(jedis.pttl("user:1")).isEqualTo(1_000);
        redis.clock().advance(Duration.ofMillis(1_001));
        assertThat(jedis.exists("user:1")).isFalse();

        assertThat(jedis.incrBy("n", 41) + jedis.incr("n")).isEqualTo(83);
        assertThat(jedis.scan("0", new ScanParams().match("n*")).getResult()).containsExactly("n");
        assertThatThrownBy(() -> jedis.incrBy("n", Long.MAX_VALUE))
                .isInstanceOf(JedisDataException.class)
                .hasMessage("ERR increment or decrement would overflow");
        collections(jedis);
        blocking(redis, jedis);
        pipeline(jedis);
        transaction(redis, jedis);
        jedis.select(3);
        assertThat(jedis.dbSize()).isZero();
    }

    private static void collections(Jedis jedis) {
        assertThat(jedis.hset("user:2", Map.of("name", "Bob", "age", "41"))).isEqualTo(2);
        assertThat(jedis.hincrBy("user:2", "age", 1)).isEqualTo(42);
        assertThat(jedis.hmget("user:2", "name", "none")).containsExactly("Bob", null);
        assertThat(jedis.hgetAll("user:2")).isEqualTo(Map.of("name", "Bob", "age", "42"));
        assertThat(jedis.hscan("user:2", "0").getResult()).hasSize(2);
        assertThat(jedis.sadd("tags", "red", "green")).isEqualTo(2);
        assertThat(jedis.smembers("tags")).containsExactlyInAnyOrder("red", "green");
        assertThat(jedis.sismember("tags", "blue")).isFalse();
        sortedSets(jedis);
    }

    private static void sortedSets(Jedis jedis) {
        assertThat(jedis.zadd("ranks", Map.of("Ada", 0.1, "Bob", 2.0))).isEqualTo(2);
        assertThat(jedis.zaddIncr("ranks", 0.2, "Ada", ZAddParams.zAddParams().xx()))
                .isEqualTo(0.1 + 0.2);
        assertThat(jedis.zscore("ranks", "Ada")).isEqualTo(0.1 + 0.2);
        assertThat(jedis.zmscore("ranks", "Bob", "none")).containsExactly(2.0, null);
        assertThat(jedis.zrangeWithScores("ranks", 0, -1))
                .containsExactly(new Tuple("Ada", 0.1 + 0.2), new Tuple("Bob", 2.0));
        assertThat(jedis.zrevrangeByScore("ranks", "+inf", "(1")).containsExactly("Bob");
        assertThat(jedis.zrank("ranks", "Bob")).isEqualTo(1);
        assertThat(jedis.zunionWithScores(new ZParams().weights(2, 1), "ranks", "none"))
                .containsExactlyInAnyOrder(new Tuple("Ada", 2 * (0.1 + 0.2)), new Tuple("Bob", 4.0));
        assertThat(jedis.zscan("ranks", "0").getResult()).hasSize(2);
        assertThat(jedis.zmpop(SortedSetOption.MAX, "none", "ranks").getValue()).containsExactly(new Tuple("Bob", 2.0));
        assertThat(jedis.zpopmin("ranks")).isEqualTo(new Tuple("Ada", 0.1 + 0.2));
    }

    private static void blocking(FakeRedis redis, Jedis jedis) {
        CompletableFuture<List<String>> job = Waiters.start(redis, () -> jedis.brpop(0, "jobs", "more jobs"));
        try (Wire other = new Wire(redis.port())) {
            other.ask("RPUSH", "more jobs", "first", "last");
        }
        assertThat(Waiters.answer(job)).containsExactly("more jobs", "last");
        assertThat(jedis.blmove("more jobs", "done", ListDirection.LEFT, ListDirection.RIGHT, 0))
                .isEqualTo("first");
        CompletableFuture<List<String>> none = Waiters.start(redis, () -> jedis.blpop(60, "jobs"));
        redis.clock().advance(Duration.ofSeconds(61));
        assertThat(Waiters.answer(none)).isNull();
        jedis.zadd("ranks", 0.1, "Ada");
        assertThat(jedis.bzpopmax(0, "ranks").getValue()).isEqualTo(new Tuple("Ada", 0.1));
    }

    private static void pipeline(Jedis jedis) {
        Pipeline pipeline = jedis.pipelined();
        pipeline.set("a", "1");
        Response<Long> sum = pipeline.incr("a");
        pipeline.sync();
        assertThat(sum.get()).isEqualTo(2);
    }

    private static void transaction(FakeRedis redis, Jedis jedis) {
        jedis.watch("a");
        Transaction first = jedis.multi();
        first.set("a", "mine");
        assertThat(first.exec()).isEqualTo(List.of("OK"));
        jedis.watch("a");
        redis.put("a", "theirs");
        Transaction second = jedis.multi();
        second.set("a", "mine");
        assertThat(second.exec()).isNull();
        assertThat(jedis.get("a")).isEqualTo("theirs");
    }
}
