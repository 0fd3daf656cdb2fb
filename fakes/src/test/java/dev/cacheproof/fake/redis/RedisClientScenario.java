package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.providers.PooledConnectionProvider;
import redis.clients.jedis.resps.Tuple;

/** What an application does with the pool of Jedis 7 and 8: by default, in RESP3, and in process. */
final class RedisClientScenario implements Runnable {

    @Override
    public void run() {
        try (FakeRedis redis = FakeRedis.start()) {
            try (RedisClient client = RedisClient.create(redis.uri())) {
                use(redis, client);
            }
            DefaultJedisClientConfig resp3 = DefaultJedisClientConfig.builder()
                    .protocol(RedisProtocol.RESP3)
                    .clientName("orders")
                    .build();
            try (RedisClient client = RedisClient.builder()
                    .hostAndPort(redis.host(), redis.port())
                    .clientConfig(resp3)
                    .build()) {
                use(redis, client);
            }
            ConnectionFactory inProcess = new ConnectionFactory(InProcessJedis.of(redis), resp3);
            try (RedisClient client = RedisClient.builder()
                    .connectionProvider(new PooledConnectionProvider(inProcess))
                    .clientConfig(resp3)
                    .build()) {
                use(redis, client);
            }
        }
    }

    private static void use(FakeRedis redis, RedisClient client) {
        redis.clear();
        assertThat(client.get("user:1")).isNull();
        client.set("user:1", "Ada", SetParams.setParams().ex(60));
        assertThat(client.mget("user:1", "user:2")).containsExactly("Ada", null);
        assertThat(client.incr("n")).isEqualTo(1);
        client.zadd("ranks", Map.of("Ada", 0.1, "Bob", 2.0));
        assertThat(client.zrangeWithScores("ranks", 0, -1))
                .containsExactly(new Tuple("Ada", 0.1), new Tuple("Bob", 2.0));
        assertThat(client.zscore("ranks", "Ada")).isEqualTo(0.1);
        assertThat(client.zpopmax("ranks", 5)).hasSize(2);
        assertThat(client.unlink("user:1", "n")).isEqualTo(2);
        assertThat(redis.keys()).isEmpty();
    }
}
