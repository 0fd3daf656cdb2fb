package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.Operation;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import dev.cacheproof.fake.redis.FakeRedis;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

class RedisNamespaceOnFakeTests extends RedisNamespaceContract {

    private final FakeRedis server = FakeRedis.start();
    private final RedisClient jedis = RedisClient.create(server.uri());
    private final Injection forbidden =
            server.faults().inject(Fault.error("ERR forbidden here").on("KEYS", "FLUSHALL", "FLUSHDB"));

    /** The fake is the test's, and the client, too: it cannot be seen who asks. */
    @Test
    void isNoWorkOfTheTestThatTheServerBelongsTo() {
        RunningTest test = RunningTest.undeclared("namespace", "namespace", new Object(), Settings.current());
        try (Scope scope = Scope.named("namespace").root().test(test).open();
                FakeRedis owned = FakeRedis.builder().name("owned").start();
                RedisClient client = RedisClient.create(owned.uri())) {
            RedisNamespace namespace = RedisNamespace.of(client);
            CacheIsolationEngine engine =
                    CacheIsolationEngine.of(CacheRegistry.create().addPerTest("redis", () -> namespace));
            client.set(namespace.prefix() + "k", "v");
            owned.put("cacheproof:0123456789ab:1:k", "left behind");
            assertThat(engine.views())
                    .hasEntrySatisfying("redis", view -> assertThat(view.keys()).containsExactly("k"));
            engine.reset();

            assertThat(owned.size()).as("the marker is left").isEqualTo(1);
            assertThat(scope.journal().of("owned"::equals).operations())
                    .extracting(Operation::text)
                    .containsExactly("SET " + namespace.prefix() + "k");
        }
    }

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
