package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.KeyValue;
import io.lettuce.core.LMoveArgs;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What an application does with Lettuce and its default settings, which ask for RESP3. */
final class LettuceScenario implements Runnable {

    @Override
    public void run() {
        try (FakeRedis redis = FakeRedis.builder().password("secret").start()) {
            RedisURI address = RedisURI.create(redis.uri());
            address.setClientName("orders");
            RedisClient client = RedisClient.create(address);
            try (StatefulRedisConnection<String, String> connection = client.connect()) {
                use(redis, connection.sync());
                listen(client, connection.sync());
            } finally {
                client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
            }
        }
    }

    private static void use(FakeRedis redis, RedisCommands<String, String> commands) {
        redis.clock().freeze();
        assertThat(commands.clientGetname()).isEqualTo("orders");
        assertThat(commands.set("user:1", "Ada", SetArgs.Builder.nx().px(1_000)))
                .isEqualTo("OK");
        assertThat(commands.get("user:1")).isEqualTo("Ada");
        assertThat(commands.mget("user:1", "user:2")).hasSize(2);
        redis.clock().advance(Duration.ofMillis(1_001));
        assertThat(commands.get("user:1")).isNull();

        assertThat(commands.incrby("n", 42)).isEqualTo(42);
        assertThat(commands.scan(ScanCursor.INITIAL, ScanArgs.Builder.matches("n*"))
                        .getKeys())
                .containsExactly("n");
        assertThatThrownBy(() -> commands.incrby("n", Long.MAX_VALUE))
                .isInstanceOf(RedisCommandExecutionException.class)
                .hasMessage("ERR increment or decrement would overflow");
        assertThat(commands.hset("user:2", Map.of("name", "Bob", "age", "41"))).isEqualTo(2);
        assertThat(commands.hgetall("user:2")).isEqualTo(Map.of("name", "Bob", "age", "41"));
        assertThat(commands.hrandfieldWithvalues("user:2", 5)).hasSize(2);
        assertThat(commands.sadd("tags", "red", "green")).isEqualTo(2);
        assertThat(commands.smembers("tags")).containsExactlyInAnyOrder("red", "green");
        assertThat(commands.sintercard("tags", "none")).isZero();
        sortedSets(commands);
        blocking(redis, commands);
        commands.multi();
        commands.set("a", "1");
        commands.incr("a");
        TransactionResult result = commands.exec();
        assertThat(result.stream()).containsExactly("OK", 2L);
    }

    private static void sortedSets(RedisCommands<String, String> commands) {
        assertThat(commands.zadd("ranks", 0.1, "Ada", 2.0, "Bob")).isEqualTo(2);
        assertThat(commands.zaddincr("ranks", 0.2, "Ada")).isEqualTo(0.1 + 0.2);
        assertThat(commands.zscore("ranks", "Ada")).isEqualTo(0.1 + 0.2);
        assertThat(commands.zrangeWithScores("ranks", 0, -1))
                .containsExactly(ScoredValue.just(0.1 + 0.2, "Ada"), ScoredValue.just(2, "Bob"));
        assertThat(commands.zrevrank("ranks", "Bob")).isZero();
        assertThat(commands.zrangebyscore("ranks", Range.from(Range.Boundary.excluding(1), Range.Boundary.unbounded())))
                .containsExactly("Bob");
        assertThat(commands.zunionWithScores("ranks", "none")).hasSize(2);
        assertThat(commands.zscan("ranks").getValues()).hasSize(2);
        assertThat(commands.zpopmax("ranks")).isEqualTo(ScoredValue.just(2, "Bob"));
        assertThat(commands.zpopmin("ranks", 5)).containsExactly(ScoredValue.just(0.1 + 0.2, "Ada"));
    }

    private static void blocking(FakeRedis redis, RedisCommands<String, String> commands) {
        CompletableFuture<KeyValue<String, String>> job =
                Waiters.start(redis, () -> commands.brpop(0, "jobs", "more jobs"));
        try (Wire other = new Wire(redis.port())) {
            other.ask("AUTH", "secret");
            other.ask("RPUSH", "more jobs", "first", "last");
        }
        assertThat(Waiters.answer(job)).isEqualTo(KeyValue.just("more jobs", "last"));
        assertThat(commands.blmove("more jobs", "done", LMoveArgs.Builder.leftRight(), 0))
                .isEqualTo("first");
        CompletableFuture<KeyValue<String, String>> none = Waiters.start(redis, () -> commands.blpop(60, "jobs"));
        redis.clock().advance(Duration.ofSeconds(61));
        assertThat(Waiters.answer(none)).isNull();
        commands.zadd("ranks", 0.1, "Ada");
        assertThat(commands.bzpopmax(0, "ranks").getValue()).isEqualTo(ScoredValue.just(0.1, "Ada"));
    }

    private static void listen(RedisClient client, RedisCommands<String, String> commands) {
        CompletableFuture<String> told = new CompletableFuture<>();
        try (StatefulRedisPubSubConnection<String, String> connection = client.connectPubSub()) {
            connection.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String pattern, String channel, String message) {
                    told.complete(pattern + " " + channel + " " + message);
                }
            });
            connection.sync().psubscribe("n*");
            assertThat(commands.publish("news", "hello")).isEqualTo(1);
            assertThat(Waiters.answer(told)).isEqualTo("n* news hello");
            connection.sync().punsubscribe("n*");
            assertThat(commands.pubsubNumpat()).isZero();
        }
    }
}
