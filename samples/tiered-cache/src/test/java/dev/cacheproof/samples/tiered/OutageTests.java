package dev.cacheproof.samples.tiered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Loads;
import dev.cacheproof.Scope;
import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.redis.FakeRedis;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/** What an operator, and a user, see of a server that is away for a while. */
@ParameterizedClass(name = "in process: {0}")
@ValueSource(booleans = {false, true})
class OutageTests {

    private static final Duration TTL = Duration.ofMinutes(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final FakeRedis redis = FakeRedis.start();
    private final String name = "outage-" + UUID.randomUUID();
    private final LogLines log = LogLines.of(name);
    private final UnifiedJedis client;
    private final TieredCache<String> cache;

    OutageTests(boolean inProcess) {
        redis.clock().freeze();
        client = inProcess ? RemoteServers.clientInProcess(redis) : RedisClient.create(redis.uri());
        cache = new TieredCache<>(
                name,
                new JedisRemoteCache(client, "shop", name),
                Serializer.ofText(),
                TierPolicy.usual().withClock(redis.clock()));
    }

    @AfterEach
    void stop() {
        log.close();
        client.close();
        redis.close();
    }

    private @Nullable String fetch() {
        try (RequestScope request = RequestScope.open()) {
            return cache.getOrLoad("caching-101", TTL, () -> Loads.counted("outlines", () -> "outline"));
        }
    }

    private void assertLoads(int expected) {
        try (Scope scope = Scope.open("a request")) {
            assertThat(fetch()).isEqualTo("outline");
            assertThat(scope.journal().loads().count()).isEqualTo(expected);
        }
    }

    @Test
    void answersStayRightThroughAnOutageAndCachingResumes() {
        assertLoads(1);
        assertLoads(0);
        redis.faults().begin(Condition.DOWN, MINUTE);
        for (int second = 0; second < 60; second++) {
            assertLoads(1);
            redis.clock().advance(Duration.ofSeconds(1));
        }
        assertLoads(0);
        assertThat(cache.remoteFailures()).isEqualTo(120);
    }

    @Test
    void anOutageIsLoggedOnceWhenItBeginsAndOnceWhenItEnds() {
        for (int outage = 1; outage <= 2; outage++) {
            redis.faults().begin(Condition.DOWN, MINUTE);
            fetch();
            redis.clock().advance(MINUTE.minusMillis(1));
            fetch();
            redis.clock().advance(Duration.ofMillis(1));
            fetch();
            cache.setAllTiers("other", "outline", TTL);
            fetch();
            redis.clear();
        }
        List<String> once = List.of(
                "WARNING Reads of remote cache outlines fail; going on without",
                "WARNING Writes to remote cache outlines fail; going on without",
                "INFO Reads of remote cache outlines work again, after 60 s",
                "INFO Writes to remote cache outlines work again, after 60 s");
        assertThat(log.lines()).hasSize(8).startsWith(once.toArray(String[]::new));
    }

    @Test
    void aServerThatRefusesWritesAloneIsLoggedOnceToo() {
        redis.faults()
                .inject(Fault.error("OOM command not allowed when used memory > 'maxmemory'.")
                        .on("SET"));
        for (int i = 0; i < 3; i++) {
            fetch(); // each read works, and ends no outage of the writes
        }
        assertThat(log.lines()).containsExactly("WARNING Writes to remote cache outlines fail; going on without");
    }

    @Test
    void aLostDeleteSaysWhatMayBeStale() {
        redis.faults()
                .inject(Fault.error("READONLY You can't write against a read only replica.")
                        .on("UNLINK"));
        assertThatThrownBy(() -> cache.deleteAllTiers("caching-101", "caching-102"))
                .isInstanceOf(RemoteCacheException.class)
                .hasMessage("A delete from remote cache " + name
                        + " was lost: what it holds for [caching-101, caching-102] may be stale until it expires")
                .hasRootCauseMessage("READONLY You can't write against a read only replica.");
    }
}
