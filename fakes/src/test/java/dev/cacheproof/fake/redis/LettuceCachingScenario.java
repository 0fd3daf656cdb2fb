package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Deadline;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.support.caching.CacheAccessor;
import io.lettuce.core.support.caching.CacheFrontend;
import io.lettuce.core.support.caching.ClientSideCaching;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What an application does with Lettuce's cache on the client's side, and its default settings. */
final class LettuceCachingScenario implements Runnable {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Override
    public void run() {
        try (FakeRedis redis = FakeRedis.start()) {
            run(redis.uri(), redis.clock()::advance);
        }
    }

    /** Does the same on any server whose time the caller can let pass. */
    static void run(String uri, Consumer<Duration> time) {
        RedisClient client = RedisClient.create(uri);
        Map<String, String> kept = new ConcurrentHashMap<>();
        try (StatefulRedisConnection<String, String> reader = client.connect();
                StatefulRedisConnection<String, String> writer = client.connect();
                CacheFrontend<String, String> cache =
                        ClientSideCaching.enable(CacheAccessor.forMap(kept), reader, TrackingArgs.Builder.enabled())) {
            writer.sync().set("title:1", "old");
            assertThat(cache.get("title:1")).isEqualTo("old");
            assertThat(kept).containsEntry("title:1", "old");

            writer.sync().set("title:1", "new");
            awaitForgotten(kept);
            assertThat(cache.get("title:1")).isEqualTo("new");

            writer.sync().set("title:1", "short", SetArgs.Builder.px(1_000));
            awaitForgotten(kept);
            assertThat(cache.get("title:1")).isEqualTo("short");
            time.accept(Duration.ofMillis(1_500));
            awaitForgotten(kept);
            assertThat(cache.get("title:1")).isNull();

            assertThat(cache.get("title:2", () -> "loaded")).isEqualTo("loaded");
            assertThat(writer.sync().get("title:2")).isEqualTo("loaded");
            writer.sync().del("title:2");
            awaitForgotten(kept);
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        }
    }

    private static void awaitForgotten(Map<String, String> kept) {
        try {
            Deadline.after(LIMIT).await(kept::isEmpty, () -> "Lettuce to forget " + kept);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
