package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.AsyncCache;
import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.Deadline;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A load that is in flight at a reset must leave nothing behind it. The controls show that clearing alone does not do. */
class LoadsInFlightTests {

    private static final String ENGINE = "dev.cacheproof.Reset";

    private final Object run = new Object();
    private final Scope scope = scope("LoadsInFlightTests");

    private Scope scope(String name) {
        RunningTest test = RunningTest.claiming(name, name, run, Set.of("themes"), Settings.current());
        return Scope.named(name).root().test(test).open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static CacheIsolationEngine engine(Object cache) {
        return CacheIsolationEngine.of(
                CacheRegistry.create().addField("themes", "field themes", false, () -> cache, null));
    }

    private ParkedLoad park(CacheUse use, Object cache) throws InterruptedException {
        ParkedLoad parked = ParkedLoad.start(scope, load -> use.load(cache, "dark", load));
        if (cache instanceof AsyncCache<?, ?> async) {
            // Its loader begins before the cache has the entry that the load is for.
            Deadline.after(Duration.ofSeconds(30))
                    .await(() -> async.asMap().size() == 1, () -> "the entry of a load in flight");
        }
        return parked;
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"UNBOUNDED", "MAP_COMPUTE_IF_ABSENT"})
    void controlClearingAloneLeaks(CacheUse use) throws Exception {
        Object cache = use.create();
        try (ParkedLoad load = park(use, cache)) {
            use.clear(cache);
            assertThat(load.isInFlight()).isTrue();
            assertThat(load.end()).isEqualTo("stale dark");

            assertThat(use.peek(cache, "dark")).isEqualTo(use.onClear == CacheUse.OnClear.DROPS ? null : "stale dark");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNBOUNDED", "MAP_COMPUTE_IF_ABSENT"})
    void controlClearingBlocks(CacheUse use) throws Exception {
        Object cache = use.create();
        try (ParkedLoad load = park(use, cache)) {
            FutureTask<Boolean> clearing = ParkedLoad.startUntilItWaitsIn(
                    "java.util.concurrent.ConcurrentHashMap", scope, () -> use.clear(cache));
            assertThat(clearing.isDone()).isFalse();
            assertThat(load.end()).isEqualTo("stale dark");
            assertThat(clearing.get(30, TimeUnit.SECONDS)).isTrue();

            assertThat(use.onClear).isEqualTo(CacheUse.OnClear.BLOCKS);
            assertThat(use.peek(cache, "dark")).isNull();
        }
    }

    /** A plain map's get and put cannot be seen to belong together, so such a cache must be watched. */
    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_NONE, names = ".*THEN.*")
    void theResetOfAPlainCacheLeavesNothing(CacheUse use) throws Exception {
        Object cache = use.create();
        try (ParkedLoad load = park(use, cache)) {
            FutureTask<Boolean> reset = ParkedLoad.startUntilItWaitsIn(
                    ENGINE, scope, () -> engine(cache).reset());
            assertThat(load.end()).isEqualTo("stale dark");
            assertThat(reset.get(30, TimeUnit.SECONDS)).isTrue();

            assertThat(use.peek(cache, "dark")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.MATCH_NONE,
            names = {"ASYNC.*", "UNBOUNDED", "MAP_COMPUTE_IF_ABSENT"})
    void theResetOfAWatchedCacheNeedNotWait(CacheUse use) throws Exception {
        Object cache = WatchedCaches.of("themes", use.create());
        try (ParkedLoad load = park(use, cache)) {
            engine(cache).reset();

            assertThat(load.isInFlight()).isTrue();
            assertThat(load.end()).isEqualTo("stale dark");
            assertThat(use.peek(cache, "dark")).isNull();
            assertThat(use.load(cache, "dark", key -> "fresh " + key)).isEqualTo("fresh dark");
            assertThat(use.peek(cache, "dark")).isEqualTo("fresh dark");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNBOUNDED", "MAP_COMPUTE_IF_ABSENT"})
    void theResetOfAWatchedCacheThatBlocksLeavesNothing(CacheUse use) throws Exception {
        Object cache = WatchedCaches.of("themes", use.create());
        try (ParkedLoad load = park(use, cache)) {
            FutureTask<Boolean> reset = ParkedLoad.startUntilItWaitsIn(
                    ENGINE, scope, () -> engine(cache).reset());
            assertThat(load.end()).isEqualTo("stale dark");
            assertThat(reset.get(30, TimeUnit.SECONDS)).isTrue();

            assertThat(use.peek(cache, "dark")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MAXIMUM_SIZE", "EXPIRE_AFTER_WRITE", "REMOVAL_LISTENER", "GET_ALL", "AS_MAP", "COMPUTE"})
    void namesTheLoadOfAPlainCacheThatDoesNotEnd(CacheUse use) throws Exception {
        Object cache = use.create();
        try (ParkedLoad load = park(use, cache)) {
            assertThatThrownBy(engine(cache).withTimeout(Duration.ofMillis(100))::reset)
                    .hasMessageStartingWith("1 of 1 cache could not be made cold")
                    .message()
                    .containsPattern("themes  Waited 100 ms in vain for a load in flight to end:"
                            + " thread \"parked loader\" at (CacheUse|LoadsInFlightTests)\\.\\w+\\(.*\\.java:\\d+\\)");
            assertThat(load.isInFlight()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNBOUNDED", "MAP_COMPUTE_IF_ABSENT"})
    void namesTheLoadThatBlocksTheReset(CacheUse use) throws Exception {
        Object cache = WatchedCaches.of("themes", use.create());
        try (ParkedLoad load = park(use, cache)) {
            assertThatThrownBy(engine(cache).withTimeout(Duration.ofMillis(100))::reset)
                    .message()
                    .containsPattern(
                            "themes  Waited 100 ms in vain for the reset, which is blocked by a load on"
                                    + " thread \"parked loader\" at LoadsInFlightTests\\.\\w+\\(LoadsInFlightTests\\.java:\\d+\\)");
            assertThat(load.isInFlight()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MAXIMUM_SIZE", "GET_ALL"})
    void theLoadOfAnotherTestDoesNotDelayTheReset(CacheUse use) throws Exception {
        Object others = use.create();
        CountDownLatch parked = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        FutureTask<Boolean> other = new FutureTask<>(() -> {
            try (Scope neighbour = scope("OtherTests");
                    ParkedLoad load = ParkedLoad.start(neighbour, loader -> use.load(others, "dark", loader))) {
                parked.countDown();
                return done.await(30, TimeUnit.SECONDS) && load.isInFlight();
            }
        });
        new Thread(other).start();
        assertThat(parked.await(30, TimeUnit.SECONDS)).isTrue();
        engine(use.create()).reset();

        done.countDown();
        assertThat(other.get(30, TimeUnit.SECONDS)).isTrue();
    }
}
