package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.CacheView;
import dev.cacheproof.Scope;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What can be watched, registered and replaced, and what is said where it cannot. */
class WatchedCachesTests {

    private final Scope scope = Scope.named("WatchedCachesTests").root().open();
    private final CacheRegistry registry = CacheRegistry.create();
    private final CacheIsolationEngine engine = CacheIsolationEngine.of(registry);

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void answersWithTheInterfaceThatItWasGiven() {
        ConcurrentMap<String, String> map = WatchedCaches.of("map", new ConcurrentHashMap<String, String>());
        Cache<String, String> cache =
                WatchedCaches.of("cache", Caffeine.newBuilder().<String, String>build());
        LoadingCache<String, String> loading =
                WatchedCaches.of("loading", Caffeine.newBuilder().<String, String>build(key -> key));
        ThreadLocal<String> threadLocal = WatchedCaches.of("thread-local", new ThreadLocal<String>());

        assertThat(map).isEmpty();
        assertThat(cache).isNotInstanceOf(LoadingCache.class);
        assertThat(loading.get("a")).isEqualTo("a");
        assertThat(threadLocal.get()).isNull();
    }

    @Test
    void watchesAWatchedCacheOnlyOnce() {
        Map<String, String> map = WatchedCaches.<Map<String, String>>of("map", new ConcurrentHashMap<>());
        Cache<String, String> cache =
                WatchedCaches.of("cache", Caffeine.newBuilder().<String, String>build());
        ThreadLocal<String> threadLocal = WatchedCaches.of("thread-local", new ThreadLocal<String>());

        assertThat(WatchedCaches.of("again", map)).isSameAs(map);
        assertThat(WatchedCaches.of("again", cache)).isSameAs(cache);
        assertThat(WatchedCaches.of("again", threadLocal)).isSameAs(threadLocal);
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesWhatItCannotWatch() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WatchedCaches.of("no cache", "a string"))
                .withMessage("cache is a java.lang.String, but only these can be watched:"
                        + " java.util.Map, Caffeine's Cache and LoadingCache, ThreadLocal");
        AsyncCache<String, String> async = Caffeine.newBuilder().buildAsync();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WatchedCaches.of("async", async))
                .withMessageStartingWith("cache is a com.github.benmanes.caffeine.cache.");
        assertThatNullPointerException()
                .isThrownBy(() -> WatchedCaches.of(null, "cache"))
                .withMessage("id");
        assertThatNullPointerException()
                .isThrownBy(() -> WatchedCaches.of("id", null))
                .withMessage("cache");
    }

    @Test
    void namesWhatCanBeRegistered() {
        registry.addField("themes", "field themes", false, () -> "no cache", null);

        assertThatThrownBy(engine::reset)
                .hasMessageContaining("Known: Caffeine's Cache and AsyncCache, java.util.Map, java.lang.ThreadLocal,"
                        + " RedisNamespace, FakeRedis; or implement dev.cacheproof.CacheHandle for it.");
    }

    @Test
    void tellsHowEachKindIsMadeCold() {
        registry.addField(
                        "async",
                        "field async",
                        false,
                        () -> Caffeine.newBuilder().buildAsync(),
                        null)
                .addField(
                        "caffeine",
                        "field caffeine",
                        false,
                        () -> Caffeine.newBuilder().build(),
                        null)
                .addField("map", "field map", false, () -> Map.of("a", 1), null)
                .addField("thread-local", "field thread-local", false, () -> ThreadLocal.withInitial(() -> 1), null)
                .addField(
                        "watched caffeine",
                        "field watched caffeine",
                        false,
                        () -> watched(Caffeine.newBuilder().build()),
                        null)
                .addField(
                        "watched loading",
                        "field watched loading",
                        false,
                        () -> watched(Caffeine.newBuilder().build(key -> key)),
                        null)
                .addField("watched map", "field watched map", false, () -> watched(new ConcurrentHashMap<>()), null)
                .addField(
                        "watched thread-local",
                        "field watched thread-local",
                        false,
                        () -> watched(new ThreadLocal<>()),
                        null);

        String refusing = "clear, and refuse the writes of loads that began before";
        assertThat(engine.describe())
                .containsExactly(
                        "async (asynchronous Caffeine cache; reset by: clear; 0 entries)",
                        "caffeine (Caffeine cache; reset by: wait for loads, then clear; 0 entries)",
                        "map (map; reset by: clear; 1 entries)",
                        "thread-local (thread-local; reset by: remove, on this thread and on others when they enter a"
                                + " scope; 1 entries)",
                        "watched caffeine (Caffeine cache; reset by: " + refusing + "; 0 entries)",
                        "watched loading (Caffeine cache; reset by: wait for loads, then clear; 0 entries)",
                        "watched map (map; reset by: " + refusing + "; 0 entries)",
                        "watched thread-local (thread-local; reset by: remove, on each thread before it next reads;"
                                + " 0 entries)");
    }

    private static Object watched(Object cache) {
        return WatchedCaches.of("described", cache);
    }

    @Test
    void showsWhatTheyHoldWithoutChangingIt() {
        Cache<String, Integer> caffeine = Caffeine.newBuilder().recordStats().build();
        caffeine.put("a", 1);
        AsyncCache<String, Integer> async = Caffeine.newBuilder().buildAsync();
        async.synchronous().put("b", 2);
        registry.addField("caffeine", "field caffeine", false, () -> caffeine, null)
                .addField("async", "field async", false, () -> async, null)
                .addField("map", "field map", false, () -> Map.of("c", 3), null)
                .addField(
                        "thread-local",
                        "field thread-local",
                        false,
                        () -> ThreadLocal.withInitial(() -> Map.of("d", 4)),
                        null);

        assertThat(engine.views())
                .containsExactly(
                        Map.entry("caffeine", new CacheView(1, List.of("a"), 0)),
                        Map.entry("async", new CacheView(1, List.of("b"), -1)),
                        Map.entry("map", new CacheView(1, List.of("c"), -1)),
                        Map.entry("thread-local", new CacheView(1, List.of("d"), -1)));
        assertThat(caffeine.stats().requestCount()).isZero();
    }

    @Test
    void isPutInThePlaceOfARegisteredCacheAtTheFirstReset() {
        Map<String, String> original = new ConcurrentHashMap<>(Map.of("a", "old"));
        AtomicReference<Map<String, String>> field = new AtomicReference<>(original);
        registry.add("replaced: themes", field::get, field::set);
        assertThat(field.get()).isSameAs(original);

        engine.reset();
        Map<String, String> watched = field.get();
        engine.reset();

        assertThat(watched).isNotSameAs(original).isInstanceOf(WatchedMap.class);
        assertThat(field.get()).isSameAs(watched);
        assertThat(original).isEmpty();
        assertThat(watched.get("a")).isNull();
        assertThat(scope.journal().cache().count()).isEqualTo(1);
    }

    /** A map that is assigned anew for each test is another cache each time. */
    @Test
    void isPutInThePlaceOfEachNewCache() {
        AtomicReference<Map<String, String>> field = new AtomicReference<>(new ConcurrentHashMap<>());
        registry.add("replaced: anew", field::get, field::set);
        engine.reset();
        Map<String, String> next = new ConcurrentHashMap<>();
        field.set(next);
        engine.reset();

        assertThat(field.get()).isInstanceOf(WatchedMap.class);
        field.get().put("a", "1");
        assertThat(next).containsEntry("a", "1");
    }

    @Test
    void aFieldThatCannotHoldItKeepsItsOwnCache() {
        ConcurrentHashMap<String, String> original = new ConcurrentHashMap<>(Map.of("a", "old"));
        AtomicReference<ConcurrentHashMap<String, String>> field = new AtomicReference<>(original);
        registry.add("replaced: class", field::get, (ConcurrentHashMap<String, String> cache) -> field.set(cache));
        engine.reset();

        assertThat(field.get()).isSameAs(original).isEmpty();
    }
}
