package dev.cacheproof.samples.tiered;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocalRemoteCacheTests {

    private final TestClock clock = TestClock.create();
    private final LocalRemoteCache cache = new LocalRemoteCache(clock);
    private final byte[] value = "value".getBytes(UTF_8);

    @Test
    void anEntryExpiresWhenItsTimeIsOver() {
        clock.freeze();
        cache.set("key", value, Duration.ofMinutes(1));
        clock.advance(Duration.ofMinutes(1).minusNanos(1));
        assertThat(cache.get("key")).isEqualTo(value);
        clock.advance(Duration.ofNanos(1));
        assertThat(cache.get("key")).isNull();
        assertThat(cache.getAll(List.of("key"))).isEmpty();
    }

    @Test
    void settingAgainGivesNewTime() {
        cache.set("key", value, Duration.ofMinutes(1));
        clock.advance(Duration.ofSeconds(50));
        cache.setAll(Map.of("key", value), () -> Duration.ofMinutes(1));
        clock.advance(Duration.ofSeconds(50));
        assertThat(cache.get("key")).isEqualTo(value);
    }

    @Test
    void whatExpiredStaysInMemoryUntilItsKeyIsAskedFor() {
        cache.set("asked", value, Duration.ofMinutes(1));
        cache.set("forgotten", value, Duration.ofMinutes(1));
        clock.advance(Duration.ofHours(1));
        assertThat(cache.size()).isEqualTo(2);
        cache.get("asked");
        assertThat(cache.size()).isEqualTo(1);
    }

    @Test
    void theNoOpCacheStoresNothing() {
        RemoteCache nothing = new NoRemoteCache();
        nothing.set("key", value, Duration.ofMinutes(1));
        nothing.setAll(Map.of("key", value), () -> Duration.ofMinutes(1));
        assertThat(nothing.get("key")).isNull();
        assertThat(nothing.getAll(List.of("key"))).isEmpty();
        nothing.delete("key");
        nothing.deleteAll(List.of("key"));
        nothing.clear();
    }
}
