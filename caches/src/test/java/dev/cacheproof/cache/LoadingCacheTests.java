package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.Deadline;
import dev.cacheproof.Operation;
import dev.cacheproof.Scope;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A cache that loads by itself: its loads cannot be stamped, so the engine must see them, and wait. */
class LoadingCacheTests {

    private final Scope scope = Scope.named("LoadingCacheTests").root().open();
    private final AtomicReference<UnaryOperator<String>> load = new AtomicReference<>(key -> "fresh " + key);
    private final LoadingCache<String, String> cache = Caffeine.newBuilder()
            .maximumSize(10)
            .executor(task -> new Thread(scope.wrap(task), "parked loader").start())
            .build(new Loader());

    /** Loads one by one, or all at once, as the test says. */
    private final class Loader implements CacheLoader<String, String> {
        @Override
        public String load(String key) {
            return load.get().apply(key);
        }

        @Override
        public Map<String, String> loadAll(Set<? extends String> keys) {
            Map<String, String> loaded = new HashMap<>();
            keys.forEach(key -> loaded.put(key, load(key)));
            return loaded;
        }
    }

    @AfterEach
    void close() {
        scope.close();
    }

    /** The ways in which a load of the cache's own begins. */
    enum Begin {
        GET {
            @Override
            String read(LoadingCache<String, String> cache) {
                return cache.get("dark");
            }
        },
        GET_ALL {
            @Override
            String read(LoadingCache<String, String> cache) {
                return Objects.requireNonNull(cache.getAll(List.of("dark")).get("dark"));
            }
        },
        REFRESH {
            @Override
            String read(LoadingCache<String, String> cache) {
                return cache.refresh("dark").join();
            }
        };

        abstract String read(LoadingCache<String, String> cache);
    }

    @ParameterizedTest
    @EnumSource
    void clearingAloneLeaksALoadInFlight(Begin begin) throws Exception {
        try (ParkedLoad parked = park(begin, cache)) {
            cache.invalidateAll();
            assertThat(parked.end()).isEqualTo("stale dark");

            // A refresh completes its future just before it writes.
            Deadline.after(Duration.ofSeconds(30))
                    .await(() -> cache.getIfPresent("dark") != null, () -> "the load to write its value");
            assertThat(cache.getIfPresent("dark")).isEqualTo("stale dark");
        }
    }

    private ParkedLoad park(Begin begin, LoadingCache<String, String> used) throws InterruptedException {
        return ParkedLoad.start(scope, parking -> {
            load.set(parking::apply);
            return begin.read(used);
        });
    }

    @ParameterizedTest
    @EnumSource
    void theResetWaitsForALoadInFlight(Begin begin) throws Exception {
        assertResetLeavesNothing(begin, cache);
    }

    @ParameterizedTest
    @EnumSource
    void theResetOfAWatchedOneWaitsForALoadInFlight(Begin begin) throws Exception {
        assertResetLeavesNothing(begin, WatchedCaches.of("themes", cache));
    }

    private void assertResetLeavesNothing(Begin begin, LoadingCache<String, String> used) throws Exception {
        CacheIsolationEngine engine = CacheIsolationEngine.of(
                CacheRegistry.create().addField("themes", "field themes", false, () -> used, null));
        try (ParkedLoad parked = park(begin, used)) {
            FutureTask<Boolean> reset = ParkedLoad.startUntilItWaitsIn("dev.cacheproof.Reset", scope, engine::reset);
            assertThat(parked.end()).isEqualTo("stale dark");
            assertThat(reset.get(30, TimeUnit.SECONDS)).isTrue();

            assertThat(cache.getIfPresent("dark")).isNull();
        }
    }

    @Test
    void journalsWhetherTheCacheHadToLoad() {
        LoadingCache<String, String> watched = WatchedCaches.of("loading: themes", cache);
        assertThat(watched.get("dark")).isEqualTo("fresh dark");
        assertThat(watched.get("dark")).isEqualTo("fresh dark");
        assertThat(watched.getAll(List.of("dark", "light"))).hasSize(2);
        assertThat(watched.getAll(List.of("dark", "light"))).hasSize(2);
        watched.refresh("dark").join();
        watched.refreshAll(List.of("dark")).join();

        assertThat(scope.journal().cache().operations())
                .extracting(operation ->
                        operation.text() + " " + operation.outcome().status())
                .containsExactly(
                        "GET dark MISS",
                        "GET dark HIT",
                        "GET ALL [dark, light] MISS",
                        "GET ALL [dark, light] HIT",
                        "REFRESH dark DONE",
                        "REFRESH [dark] DONE");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answersAsTheCacheDoes(boolean throughTheMap) {
        LoadingCache<String, String> watched = WatchedCaches.of("loading: answers", cache);
        watched.put("light", "put light");

        assertThat(watched.getAll(List.of("light", "dark")))
                .isEqualTo(Map.of("light", "put light", "dark", "fresh dark"));
        assertThat(throughTheMap ? watched.asMap().get("dark") : watched.getIfPresent("dark"))
                .isEqualTo("fresh dark");
    }

    @ParameterizedTest
    @CsvSource({"GET 7, GET #", "GET price:42:de, GET price:#:de"})
    void shapesLeaveOutWhatVaries(String text, String shape) {
        LoadingCache<String, String> watched = WatchedCaches.of("loading: shapes", cache);
        String key = text.substring("GET ".length());
        assertThat(watched.get(key)).isEqualTo("fresh " + key);

        Operation operation = scope.journal().cache().operations().get(0);
        assertThat(operation.text()).isEqualTo(text);
        assertThat(operation.shape()).isEqualTo(shape);
    }
}
