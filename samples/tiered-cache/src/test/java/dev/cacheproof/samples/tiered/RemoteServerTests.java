package dev.cacheproof.samples.tiered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.fake.redis.FakeRedis;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The check at the end of a run can fail. */
class RemoteServerTests {

    private final FakeRedis redis = FakeRedis.start();
    private final RemoteServer.Redis server =
            new RemoteServer.Redis("a server", RemoteServers.clientInProcess(redis), "shop");

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void aFlushIsNoticedWhenTheTestsEnd() {
        server.client().flushDB();
        assertThatThrownBy(server::close)
                .isInstanceOf(AssertionError.class)
                .hasMessage("Keys of somebody else are gone from a server: [of-somebody-else:shop:a server,"
                        + " shop-too:outlines:a server]. A test, or the cache, has sent FLUSHALL or FLUSHDB, or cleared more"
                        + " than its own prefix.");
    }

    @Test
    void aClearOfMoreThanThePrefixIsNoticedToo() {
        redis.keys().stream().filter(key -> key.startsWith("shop")).forEach(server.client()::del);
        assertThatThrownBy(server::close)
                .hasMessageStartingWith("Keys of somebody else are gone from a server: [shop-too:outlines:a server].");
    }

    @Test
    void otherwiseNothingIsLeftBehind() {
        RemoteCache cache = server.cache("shop", "outlines");
        cache.set("key", new byte[] {1}, Duration.ofMinutes(1));
        cache.clear();
        server.close();
        assertThat(redis.keys()).isEmpty();
    }
}
