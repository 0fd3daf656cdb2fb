package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisPooled;

/** What an application does with the pool of Jedis 6 and 7. */
@SuppressWarnings("deprecation") // Jedis 7 has a newer way, which Jedis 6 has not
final class JedisPooledScenario implements Runnable {

    @Override
    public void run() {
        try (FakeRedis redis = FakeRedis.builder().password("secret").start()) {
            try (JedisPooled jedis = new JedisPooled(redis.uri() + "/2")) {
                jedis.setex("user:1", 60, "Ada");
                assertThat(jedis.get("user:1")).isEqualTo("Ada");
                assertThat(redis.size()).as("database 0").isZero();
            }
            DefaultJedisClientConfig config =
                    DefaultJedisClientConfig.builder().password("secret").build();
            try (JedisPooled jedis =
                    new JedisPooled(new GenericObjectPoolConfig<>(), InProcessJedis.of(redis), config)) {
                jedis.set("user:2", "Bob");
                assertThat(redis.get("user:2")).contains("Bob");
            }
        }
    }
}
