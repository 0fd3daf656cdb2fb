package dev.cacheproof.samples.tiered;

import static dev.cacheproof.query.CachingContract.loads;
import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Loads;
import dev.cacheproof.Scope;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.Fake;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

/** A server that takes no entry above a limit, as memcached with its 1 MB: the answer is right, and computed each time. */
@CacheIsolation
class ItemLimitTests {

    private static final int LIMIT = 1 << 20;
    private static final String LARGE = "a course with many pages ".repeat(LIMIT / 20);

    private final String name = "large-" + UUID.randomUUID();
    private final LogLines log = LogLines.of(name);

    @Fake
    @SuppressWarnings("NullAway.Init") // assigned by JUnit
    FakeRedis redis;

    @SuppressWarnings("NullAway.Init") // assigned before each test
    private UnifiedJedis client;

    @BeforeEach
    void connect() {
        client = InProcessJedis.client(redis);
    }

    @AfterEach
    void stop() {
        log.close();
        client.close();
    }

    private TieredCache<String> cache(Serializer<String> serializer) {
        return new TieredCache<>(name, new JedisRemoteCache(client, "shop", name), serializer, TierPolicy.usual());
    }

    private static @Nullable String fetch(TieredCache<String> cache) {
        return cache.getOrLoad("caching-101", Duration.ofMinutes(10), () -> Loads.counted("outlines", () -> LARGE));
    }

    private static void assertLoadedOnce(TieredCache<String> cache) {
        assertCaching(loads("outlines").cold(1).warm(0), () -> fetch(cache));
    }

    @Test
    void whatIsTooLargeAndDroppedFailsATestOfCaching() {
        redis.faults().inject(Fault.lostWrite().on("SET").atLeast(LIMIT).mustFire());
        TieredCache<String> cache = cache(Serializer.ofText());

        assertThat(fetch(cache)).isEqualTo(LARGE);
        assertThat(Scope.current().orElseThrow().journal().cache().print()).contains("lost");
        assertThatThrownBy(() -> assertLoadedOnce(cache))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("warm cost 1, expected 0 loads");
    }

    @Test
    void whatIsTooLargeAndRefusedIsLoggedAsWell() {
        redis.faults()
                .inject(Fault.error("ERR object too large for cache").on("SET").atLeast(LIMIT));
        TieredCache<String> cache = cache(Serializer.ofText());

        assertThat(fetch(cache)).isEqualTo(LARGE);
        assertThat(log.lines()).containsExactly("WARNING Writes to remote cache outlines fail; going on without");
        assertThat(cache.remoteFailures()).isEqualTo(1);
        assertThatThrownBy(() -> assertLoadedOnce(cache)).isInstanceOf(AssertionError.class);
    }

    @Test
    void whatIsMadeSmallerIsCached() {
        redis.faults().inject(Fault.lostWrite().on("SET").atLeast(LIMIT));
        assertLoadedOnce(cache(new Compressed()));
    }

    /** The way out where a value cannot be cached in parts. */
    private static final class Compressed implements Serializer<String> {
        private final Serializer<String> text = Serializer.ofText();

        @Override
        public byte[] write(String value) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
                zip.write(text.write(value));
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            return bytes.toByteArray();
        }

        @Override
        public String read(byte[] bytes) {
            try (GZIPInputStream zip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return text.read(zip.readAllBytes());
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
    }
}
