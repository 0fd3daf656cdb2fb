package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Deadline;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.csc.Cache;
import redis.clients.jedis.csc.CacheConfig;
import redis.clients.jedis.csc.DefaultCache;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.providers.PooledConnectionProvider;

/** What an application does with the cache of Jedis 7 and 8 on the client's side. */
final class JedisCachingScenario implements Runnable {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final DefaultJedisClientConfig RESP3 =
            DefaultJedisClientConfig.builder().protocol(RedisProtocol.RESP3).build();

    /** Jedis asks for a server of 7.4, unless a cache says that it need not. */
    private static final class UndemandingCache extends DefaultCache {
        UndemandingCache() {
            super(100);
        }

        @Override
        public boolean compatibilityMode() {
            return true;
        }
    }

    @Override
    public void run() {
        try (FakeRedis redis = FakeRedis.start()) {
            try (RedisClient demanding = withDefaults(redis.uri())) {
                assertThatThrownBy(() -> demanding.get("title:1"))
                        .isInstanceOf(JedisException.class)
                        .hasStackTraceContaining("7.4");
            }
            run(redis.uri(), redis.clock()::advance);
            runInProcess(redis);
        }
        try (FakeRedis redis = FakeRedis.builder().version("7.4").start()) {
            try (RedisClient reader = withDefaults(redis.uri())) {
                use(redis.uri(), reader, redis.clock()::advance);
            }
        }
    }

    private static void runInProcess(FakeRedis redis) {
        Cache cache = new UndemandingCache();
        ConnectionFactory inProcess = ConnectionFactory.builder()
                .socketFactory(InProcessJedis.of(redis))
                .clientConfig(RESP3)
                .cache(cache)
                .build();
        try (RedisClient reader = RedisClient.builder()
                .connectionProvider(new PooledConnectionProvider(inProcess))
                .clientConfig(RESP3)
                .cache(cache)
                .build()) {
            use(redis.uri(), reader, redis.clock()::advance);
        }
    }

    /** Does the same on any server whose time the caller can let pass. */
    static void run(String uri, Consumer<Duration> time) {
        try (RedisClient reader = RedisClient.builder()
                .hostAndPort(address(uri))
                .clientConfig(RESP3)
                .cache(new UndemandingCache())
                .build()) {
            use(uri, reader, time);
        }
    }

    static RedisClient withDefaults(String uri) {
        return RedisClient.builder()
                .hostAndPort(address(uri))
                .clientConfig(RESP3)
                .cacheConfig(CacheConfig.builder().build())
                .build();
    }

    private static HostAndPort address(String uri) {
        URI address = URI.create(uri);
        return new HostAndPort(address.getHost(), address.getPort());
    }

    private static void use(String uri, RedisClient reader, Consumer<Duration> time) {
        Cache cache = Objects.requireNonNull(reader.getCache());
        try (RedisClient writer = RedisClient.create(uri)) {
            writer.set("title:1", "old");
            assertThat(reader.get("title:1")).isEqualTo("old");
            assertThat(reader.get("title:1")).isEqualTo("old");
            assertThat(cache.getStats().getHitCount()).isEqualTo(1);

            writer.set("title:1", "new");
            await(reader, "new");

            writer.set("title:1", "short", SetParams.setParams().px(1_000));
            await(reader, "short");
            assertThat(cache.getSize()).isEqualTo(1);
            time.accept(Duration.ofMillis(1_500));
            await(reader, null);

            reader.set("title:1", "own");
            await(reader, "own");
            writer.flushAll();
            await(reader, null);
        }
    }

    private static void await(RedisClient reader, @Nullable String title) {
        try {
            Deadline.after(LIMIT)
                    .await(() -> Objects.equals(reader.get("title:1"), title), () -> "Jedis to serve " + title);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
