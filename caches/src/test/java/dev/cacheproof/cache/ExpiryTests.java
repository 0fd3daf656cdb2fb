package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cacheproof.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A test clock makes entries expire without waiting. */
class ExpiryTests {

    private final TestClock clock = TestClock.create();
    private final List<String> expired = new ArrayList<>();
    private final Cache<String, String> cache = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofMinutes(10))
            .ticker(clock::nanoTime)
            .executor(Runnable::run)
            .removalListener((key, value, cause) -> expired.add(key + " " + cause))
            .build();

    @Test
    void anEntryExpiresWhenTheClockPassesItsTime() {
        clock.freeze();
        cache.put("dark", "black");
        clock.advance(Duration.ofMinutes(10).minusMillis(1));
        assertThat(cache.getIfPresent("dark")).isEqualTo("black");

        clock.advance(Duration.ofMillis(1));
        assertThat(cache.getIfPresent("dark")).isNull();
    }

    @Test
    void whatExpiresIsDroppedBeforeTheStepEnds() {
        clock.afterStep(cache::cleanUp);
        cache.put("dark", "black");
        clock.advance(Duration.ofMinutes(11));

        assertThat(cache.estimatedSize()).isZero();
        assertThat(expired).containsExactly("dark EXPIRED");
    }

    /** The control: Caffeine drops what expired when it is used, and no earlier. */
    @Test
    void withoutACleanUpTheEntryStays() {
        cache.put("dark", "black");
        clock.advance(Duration.ofMinutes(11));

        assertThat(cache.estimatedSize()).isEqualTo(1);
        assertThat(expired).isEmpty();
    }
}
