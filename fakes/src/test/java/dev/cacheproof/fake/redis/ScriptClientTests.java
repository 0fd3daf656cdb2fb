package dev.cacheproof.fake.redis;

import dev.cacheproof.servers.RedisServer;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that send scripts work with the fake as they do with redis-server. */
class ScriptClientTests {

    @ParameterizedTest
    @EnumSource
    void worksWithTheFake(ScriptClient client) {
        try (FakeRedis redis = FakeRedis.start()) {
            client.use(redis.port());
        }
    }

    /** What is expected of the fake must not be what only the fake does. */
    @Tag("real-server")
    @ParameterizedTest
    @EnumSource
    void worksWithRedisServer(ScriptClient client) {
        try (RedisServer server = RedisServer.startInstalled(Map.of())) {
            client.use(server.uri().getPort());
        }
    }
}
