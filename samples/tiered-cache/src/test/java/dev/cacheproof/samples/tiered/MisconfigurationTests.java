package dev.cacheproof.samples.tiered;

import static dev.cacheproof.query.CachingContract.loads;
import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Loads;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.RegisterCache;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/** A cache that is configured wrongly costs no answer, which is why nobody notices: the log does, and a test of caching. */
@CacheIsolation
class MisconfigurationTests {

    private static final Duration TTL = Duration.ofMinutes(10);

    @AutoClose // which is after the caches were made cold
    @RegisterCache("redis")
    final FakeRedis redis = FakeRedis.builder().password("secret").start();

    private final String name = "misconfigured-" + UUID.randomUUID();
    private final LogLines log = LogLines.of(name);
    private @Nullable UnifiedJedis client;

    /** How the application is configured. */
    enum Configuration {
        RIGHT("redis://:secret@127.0.0.1:%d", ""),
        WRONG_PASSWORD("redis://:guess@127.0.0.1:%d", "WARNING Reads of remote cache outlines fail; going on without"),
        WRONG_PORT("redis://:secret@127.0.0.1:1", "WARNING Reads of remote cache outlines fail; going on without"),
        WRONG_SERIALIZER(
                "redis://:secret@127.0.0.1:%d", "WARNING Entries of remote cache outlines fail; going on without");

        private final String uri;
        private final String firstLogged;

        Configuration(String uri, String firstLogged) {
            this.uri = uri;
            this.firstLogged = firstLogged;
        }

        Serializer<String> serializer() {
            return this == WRONG_SERIALIZER ? new OfAnotherRelease() : Serializer.ofText();
        }
    }

    /** Writes what it does not read. */
    private static final class OfAnotherRelease implements Serializer<String> {
        @Override
        public byte[] write(String value) {
            return value.getBytes(UTF_8);
        }

        @Override
        public String read(byte[] bytes) {
            throw new IllegalStateException("unknown layout");
        }
    }

    @AfterEach
    void stop() {
        log.close();
        if (client != null) {
            client.close();
        }
    }

    private TieredCache<String> configure(Configuration configuration) {
        client = RedisClient.create(String.format(configuration.uri, redis.port()));
        return new TieredCache<>(
                name, new JedisRemoteCache(client, "shop", name), configuration.serializer(), TierPolicy.usual());
    }

    private static @Nullable String fetch(TieredCache<String> cache) {
        return cache.getOrLoad("caching-101", TTL, () -> Loads.counted("outlines", () -> "outline"));
    }

    @ParameterizedTest
    @EnumSource
    void costsNoAnswerAndIsLoggedOnce(Configuration configuration) {
        TieredCache<String> cache = configure(configuration);
        for (int i = 0; i < 3; i++) {
            assertThat(fetch(cache)).isEqualTo("outline");
        }
        if (configuration == Configuration.RIGHT) {
            assertThat(log.lines()).isEmpty();
            assertThat(cache.remoteFailures()).isZero();
        } else {
            assertThat(log.lines()).startsWith(configuration.firstLogged).doesNotHaveDuplicates();
            assertThat(cache.remoteFailures()).isGreaterThan(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void failsATestOfCaching(Configuration configuration) {
        TieredCache<String> cache = configure(configuration);
        if (configuration == Configuration.RIGHT) {
            assertCaching(loads("outlines").cold(1).warm(0), () -> fetch(cache));
        } else {
            assertThatThrownBy(() -> assertCaching(loads("outlines").cold(1).warm(0), () -> fetch(cache)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("warm cost 1, expected 0 loads");
        }
    }
}
