package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import dev.cacheproof.fake.redis.FakeRedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

class RedisNamespaceOnFakeTests extends RedisNamespaceContract {

    private final FakeRedis server = FakeRedis.start();
    private final RedisClient jedis = RedisClient.create(server.uri());
    private final Injection forbidden =
            server.faults().inject(Fault.error("ERR forbidden here").on("KEYS", "FLUSHALL", "FLUSHDB"));

    @Override
    UnifiedJedis jedis() {
        return jedis;
    }

    @Override
    void end() {
        assertThat(forbidden.hits()).as("commands that reach beyond a prefix").isZero();
        jedis.close();
        server.close();
    }
}
