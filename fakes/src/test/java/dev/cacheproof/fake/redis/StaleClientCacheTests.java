package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Deadline;
import dev.cacheproof.fake.Fault;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.support.caching.CacheAccessor;
import io.lettuce.core.support.caching.CacheFrontend;
import io.lettuce.core.support.caching.ClientSideCaching;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a cache on the client's side that is not told of a change: it serves the old value from then on. */
class StaleClientCacheTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final FakeRedis redis = FakeRedis.builder().version("7.4").start();
    private final RedisClient lettuce = RedisClient.create(redis.uri());
    private final Map<String, String> kept = new ConcurrentHashMap<>();
    private StatefulRedisConnection<String, String> writer;
    private StatefulRedisConnection<String, String> reader;
    private CacheFrontend<String, String> cache;

    @BeforeEach
    void connect() {
        writer = lettuce.connect();
        reader = lettuce.connect();
        cache = ClientSideCaching.enable(CacheAccessor.forMap(kept), reader, TrackingArgs.Builder.enabled());
        writer.sync().set("title", "old");
        assertThat(cache.get("title")).isEqualTo("old");
    }

    @AfterEach
    void stop() {
        lettuce.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        redis.close();
    }

    @Test
    void lettuceServesTheOldValueAfterALostInvalidation() throws InterruptedException {
        redis.faults().inject(Fault.lostInvalidation().on("SET").first(1).mustFire());

        writer.sync().set("title", "new");
        writer.sync().set("title", "newer");
        tellReaderOfAnotherKey();

        assertThat(cache.get("title")).isEqualTo("old");
        redis.faults().verify();
    }

    @Test
    void lettuceServesTheOldValueForEverAfterItsConnectionHasEnded() throws InterruptedException {
        long before = reader.sync().clientId();
        writer.sync().clientKill(KillArgs.Builder.id(before));
        Deadline.after(LIMIT).await(() -> isConnectedAnew(before), () -> "Lettuce to connect again");

        writer.sync().set("title", "new");

        assertThat(reader.sync().ping()).isEqualTo("PONG");
        assertThat(cache.get("title")).isEqualTo("old");
        kept.clear();
        assertThat(cache.get("title")).isEqualTo("new");
        writer.sync().set("title", "newer");
        assertThat(reader.sync().ping()).isEqualTo("PONG");
        assertThat(cache.get("title")).isEqualTo("new");
    }

    @Test
    void jedisServesTheOldValueAfterALostInvalidation() {
        try (redis.clients.jedis.RedisClient jedis = JedisCachingScenario.withDefaults(redis.uri())) {
            assertThat(jedis.get("title")).isEqualTo("old");
            redis.faults().inject(Fault.lostInvalidation().on("SET").mustFire());

            writer.sync().set("title", "new");

            assertThat(jedis.get("title")).isEqualTo("old");
            Objects.requireNonNull(jedis.getCache()).flush();
            assertThat(jedis.get("title")).isEqualTo("new");
        }
    }

    /** It logs a NullPointerException: redis-server, too, tells of no keys where all are gone. */
    @Test
    void lettuceServesTheOldValueAfterAllKeysWereFlushed() throws InterruptedException {
        writer.sync().flushall();
        tellReaderOfAnotherKey();
        assertThat(cache.get("title")).isEqualTo("old");
    }

    @Test
    void lettuceForgetsWhatTheFakeDropsBetweenTests() throws InterruptedException {
        redis.renew();

        Deadline.after(LIMIT).await(kept::isEmpty, () -> "Lettuce to forget " + kept);
    }

    /** What the reader was told before, it knows when it knows this. */
    private void tellReaderOfAnotherKey() throws InterruptedException {
        redis.put("other", "x");
        assertThat(cache.get("other")).isEqualTo("x");
        redis.put("other", "y");
        Deadline.after(LIMIT).await(() -> !kept.containsKey("other"), () -> "the reader to be told");
    }

    private boolean isConnectedAnew(long before) {
        try {
            return reader.sync().clientId() != before;
        } catch (RedisException e) {
            // Its connection has ended, and there is no new one yet.
            return false;
        }
    }
}
