package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.servers.RedisServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/** One server for all tests, which run at the same time. */
class RedisNamespaceOnRealServerTests extends RedisNamespaceContract {

    private static final RedisServer SERVER = RedisServer.resolve();
    private static final RedisClient JEDIS = RedisClient.create(SERVER.uri());
    private static List<String> before = List.of();

    @Override
    UnifiedJedis jedis() {
        return JEDIS;
    }

    @Override
    void end() {}

    @BeforeAll
    static void look() {
        before = forbidden();
    }

    @AfterAll
    static void stop() {
        assertThat(forbidden()).as("commands that reach beyond a prefix").isEqualTo(before);
        JEDIS.close();
        SERVER.close();
    }

    private static List<String> forbidden() {
        JEDIS.ping();
        List<String> all = JEDIS.info("commandstats").lines().toList();
        assertThat(all).anyMatch(line -> line.startsWith("cmdstat_ping:"));
        return all.stream()
                .filter(line -> line.matches("cmdstat_(keys|flushall|flushdb):.*"))
                .toList();
    }
}
