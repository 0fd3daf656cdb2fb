package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cacheproof.Scope;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchedCaffeineTests {

    private final Scope scope = Scope.named("WatchedCaffeineTests").root().open();
    private final Cache<String, String> plain =
            Caffeine.newBuilder().maximumSize(100).build();
    private final Cache<String, String> cache = WatchedCaches.of("caffeine", plain);

    @AfterEach
    void close() {
        scope.close();
    }

    private List<String> statuses() {
        return scope.journal().cache().operations().stream()
                .map(operation -> operation.text() + " " + operation.outcome().status())
                .toList();
    }

    @Test
    void journalsHitsMissesWritesAndInvalidations() {
        assertThat(cache.getIfPresent("a")).isNull();
        cache.put("a", "1");
        assertThat(cache.getIfPresent("a")).isEqualTo("1");
        assertThat(cache.get("b", key -> "2")).isEqualTo("2");
        assertThat(cache.get("b", key -> "3")).isEqualTo("2");
        cache.putAll(Map.of("c", "4"));
        cache.invalidate("a");
        cache.invalidateAll(List.of("b", "c"));
        cache.invalidateAll();

        assertThat(statuses())
                .containsExactly(
                        "GET a MISS",
                        "PUT a DONE",
                        "GET a HIT",
                        "GET b MISS",
                        "GET b HIT",
                        "PUT c DONE",
                        "INVALIDATE a DONE",
                        "INVALIDATE [b, c] DONE",
                        "INVALIDATE * DONE");
        assertThat(plain.asMap()).isEmpty();
    }

    @Test
    void aBulkReadIsAHitIfItFindsEverything() {
        cache.put("a", "1");
        assertThat(cache.getAllPresent(List.of("a", "b"))).isEqualTo(Map.of("a", "1"));
        assertThat(cache.getAllPresent(List.of("a", "a"))).isEqualTo(Map.of("a", "1"));
        assertThat(cache.getAll(List.of("a", "b"), missing -> Map.of("b", "2", "extra", "3")))
                .isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(cache.getAll(List.of("a", "b"), missing -> Map.of())).isEqualTo(Map.of("a", "1", "b", "2"));

        assertThat(statuses())
                .containsExactly(
                        "PUT a DONE",
                        "GET ALL [a, b] MISS",
                        "GET ALL [a, a] HIT",
                        "GET ALL [a, b] MISS",
                        "GET ALL [a, b] HIT");
        assertThat(plain.asMap()).containsOnlyKeys("a", "b", "extra");
    }

    @Test
    void aLoadThatAnswersNullStoresNothing() {
        Function<String, @Nullable String> none = key -> null;

        assertThat(load(none)).isNull();
        assertThat(load(none)).isNull();
        assertThat(statuses()).containsExactly("GET a MISS", "GET a MISS");
        assertThat(plain.asMap()).isEmpty();
    }

    @SuppressWarnings("NullAway") // a load may answer null, and Caffeine then answers null
    private @Nullable String load(Function<String, @Nullable String> load) {
        return cache.get("a", load);
    }

    @Test
    void itsMapIsJournaledAsWell() {
        assertThat(cache.asMap().get("a")).isNull();
        assertThat(cache.asMap().putIfAbsent("a", "1")).isNull();
        assertThat(cache.asMap().computeIfAbsent("a", key -> "2")).isEqualTo("1");
        assertThat(cache.asMap()).isEqualTo(Map.of("a", "1"));

        assertThat(statuses()).containsExactly("GET a MISS", "PUT IF ABSENT a DONE", "GET a HIT");
    }

    @Test
    void handsOnWhatItDoesNotWatch() {
        cache.put("a", "1");
        cache.cleanUp();

        assertThat(cache.estimatedSize()).isEqualTo(1);
        assertThat(cache.stats()).isEqualTo(plain.stats());
        assertThat(cache.policy().eviction()).isPresent();
    }

    @Test
    void isResetTogetherWithTheOneThatItDecorates() {
        cache.put("a", "1");
        Reset.of(cache);

        assertThat(plain.asMap()).isEmpty();
        assertThat(cache.asMap()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void showsHowOftenItWasRead(boolean withStatistics) {
        Caffeine<Object, Object> builder = Caffeine.newBuilder().maximumSize(100);
        Cache<String, String> counted = WatchedCaches.of(
                "caffeine: counted", (withStatistics ? builder.recordStats() : builder).<String, String>build());
        assertThat(counted.get("a", key -> "1")).isEqualTo("1");
        assertThat(counted.getIfPresent("a")).isEqualTo("1");

        assertThat(Reset.engine(counted).views()).hasEntrySatisfying("cache", view -> {
            assertThat(view.reads()).isEqualTo(2);
            assertThat(view.entries()).isEqualTo(1);
            assertThat(view.keys()).containsExactly("a");
        });
        assertThat(counted.estimatedSize()).isEqualTo(1);
    }

    @Test
    void worksAlsoWhileNobodyLooks() {
        scope.close();
        cache.put("a", "1");

        assertThat(cache.getIfPresent("a")).isEqualTo("1");
        assertThat(cache.get("b", key -> "2")).isEqualTo("2");
        assertThat(scope.journal().count()).isZero();
    }
}
