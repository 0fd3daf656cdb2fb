package dev.cacheproof.fake.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The caches of Lettuce and Jedis do on redis-server what they do on the fake, where all versions of them are tried. */
class ClientSideCachingTests {

    @Test
    @Tag("real-server")
    void lettuceForgetsOnRedisWhatItForgetsOnTheFake() {
        onRedis(LettuceCachingScenario::run);
    }

    @Test
    @Tag("real-server")
    void jedisForgetsOnRedisWhatItForgetsOnTheFake() {
        onRedis(JedisCachingScenario::run);
    }

    private static void onRedis(BiConsumer<String, Consumer<Duration>> scenario) {
        try (RealRedis real = RealRedis.start()) {
            Instant start = Instant.now();
            real.setTime(ChronoUnit.MICROS.between(Instant.EPOCH, start));
            scenario.accept(
                    "redis://127.0.0.1:" + real.port(),
                    passed -> real.setTime(ChronoUnit.MICROS.between(Instant.EPOCH, start.plus(passed))));
        }
    }
}
