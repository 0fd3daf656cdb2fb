package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.fake.redis.FakeRedis;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPool;
import redis.clients.jedis.RedisClient;

/** A client of Redis is no cache to be reset: nobody knows what it reaches. */
@SuppressWarnings("deprecation") // JedisPool, which Jedis 6 to 8 have all the same
class RedisClientTests {

    private static CacheIsolationEngine engine(Object client) {
        return CacheIsolationEngine.of(
                CacheRegistry.create().addField("outlines", "field outlines", false, () -> client, null));
    }

    @Test
    void isRefusedWithTheWaysOut() {
        try (FakeRedis server = FakeRedis.start();
                RedisClient jedis = RedisClient.create(server.uri())) {
            server.put("price", "1");

            assertThatThrownBy(engine(jedis)::reset)
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("""
                    1 of 1 cache could not be made cold

                      outlines  a RedisClient is a client of a server that the tests may not have started. To make that cold, all its keys would be deleted, also those of others
                               \s
                                  What to do: one of these:
                                    - where it talks to a @Fake of the test, leave this out: the fake is registered already
                                    - let the application put a prefix before its keys, another in each test, and register that:
                                        static final RedisNamespace REDIS = RedisNamespace.of(jedis); // REDIS::prefix for the application
                                        caches.addPerTest("outlines", () -> REDIS);
                                    - connect the application to a server of the test's own: FakeRedis.start(), of cacheproof-fakes
                                    - implement dev.cacheproof.CacheHandle, which deletes what you know to be yours""");
            assertThat(server.get("price")).contains("1");
        }
    }

    @Test
    void isRefusedInEachForm() {
        try (FakeRedis server = FakeRedis.start();
                Jedis one = new Jedis(server.uri());
                JedisPool pool = new JedisPool(server.uri())) {
            for (Object client : new Object[] {one, pool}) {
                assertThatThrownBy(engine(client)::reset)
                        .hasMessageContaining("a " + client.getClass().getSimpleName() + " is a client of a server");
                assertThatThrownBy(engine(client)::views).hasMessageContaining("RedisNamespace.of(jedis)");
            }
        }
    }
}
