package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cacheproof.Deadline;
import dev.cacheproof.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which writes a reset drops: those that end a load it has overtaken, and no other. */
class LeaseTests {

    private final Scope scope = Scope.named("LeaseTests").root().open();
    private final Map<String, String> map = WatchedCaches.of("leases", new ConcurrentHashMap<String, String>());

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void aPlainWriteOfTheThreadThatResetIsStored() {
        assertThat(map.get("dark")).isNull();
        Reset.of(map);
        map.put("dark", "plain");

        assertThat(map).containsEntry("dark", "plain");
    }

    @Test
    void aWriteThatTheThreadBeganBeforeAnyResetIsStored() {
        assertThat(map.get("dark")).isNull();
        map.put("dark", "loaded");
        Reset.of(map);
        map.put("dark", "plain");

        assertThat(map).containsEntry("dark", "plain");
    }

    static Stream<Supplier<ExecutorService>> pools() {
        return Stream.of(
                () -> Executors.newFixedThreadPool(1),
                () -> new ForkJoinPool(1),
                () -> Executors.newScheduledThreadPool(1));
    }

    /** The thread was idle at the reset, so what it writes afterwards belongs to the next test. */
    @ParameterizedTest
    @MethodSource("pools")
    void aPlainWriteOfAPoolsThreadThatWasIdleIsStored(Supplier<ExecutorService> pools) throws Exception {
        ExecutorService pool = pools.get();
        try {
            Thread thread = pool.submit(() -> {
                        assertThat(map.get("dark")).isNull();
                        return Thread.currentThread();
                    })
                    .get(30, TimeUnit.SECONDS);
            awaitIdle(thread);
            Reset.of(map);
            pool.submit(() -> map.put("dark", "plain")).get(30, TimeUnit.SECONDS);

            assertThat(map).containsEntry("dark", "plain");
        } finally {
            pool.shutdownNow();
        }
    }

    private static void awaitIdle(Thread thread) throws InterruptedException {
        Deadline.after(Duration.ofSeconds(30))
                .await(
                        () -> thread.getState() == Thread.State.WAITING
                                || thread.getState() == Thread.State.TIMED_WAITING,
                        () -> "the pool's thread to be idle");
    }

    @Test
    void theWriteOfALoadThatWasAtWorkIsDroppedOnce() throws Exception {
        try (ParkedLoad load = ParkedLoad.start(scope, loader -> CacheUse.MAP_GET_THEN_PUT.load(map, "dark", loader))) {
            Reset.of(map);
            map.put("dark", "of this thread");
            assertThat(load.end()).isEqualTo("stale dark");

            assertThat(map).containsEntry("dark", "of this thread");
        }
    }

    @Test
    void theThreadOfADroppedWriteMayWriteAgain() throws Exception {
        CountDownLatch missed = new CountDownLatch(1);
        CountDownLatch reset = new CountDownLatch(1);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<List<String>> stored = pool.submit(scope.wrap((Callable<List<String>>) () -> {
                assertThat(map.get("dark")).isNull();
                missed.countDown();
                assertThat(reset.await(30, TimeUnit.SECONDS)).isTrue();
                map.put("dark", "stale");
                List<String> afterFirst = List.copyOf(map.values());
                map.put("dark", "fresh");
                assertThat(afterFirst).isEmpty();
                return List.copyOf(map.values());
            }));
            assertThat(missed.await(30, TimeUnit.SECONDS)).isTrue();
            Reset.of(map);
            reset.countDown();

            assertThat(stored.get(30, TimeUnit.SECONDS)).containsExactly("fresh");
            assertThat(scope.journal().cache().operations())
                    .extracting(operation -> operation.text() + ": "
                            + operation.outcome().status() + ", "
                            + operation.outcome().detail())
                    .contains(
                            "PUT dark: FAILED, not written, because a reset has overtaken the load",
                            "PUT dark: DONE, null");
        } finally {
            pool.shutdownNow();
        }
    }

    /** Reads of keys that are never written must not fill the memory of a long run. */
    @Test
    void remembersABoundedNumberOfMisses() {
        Generation generation = new Generation();
        for (int key = 0; key < 10_001; key++) {
            generation.missed(key);
        }

        assertThat(generation.stampOfWrite(0)).isEqualTo(-1);
        assertThat(generation.stampOfWrite(1)).isZero();
        assertThat(generation.stampOfWrite(10_000)).isZero();
    }

    /** Between the look at the stamp and the write, a reset may come: the write is taken back. */
    @Test
    void aWriteThatAResetPassesIsTakenBack() {
        Resetting store = new Resetting();
        Map<String, String> watched = WatchedCaches.<Map<String, String>>of("passed", store);
        store.reset = () -> Executing.elsewhere(() -> Reset.of(watched));

        assertThat(watched.get("put")).isNull();
        watched.put("put", "stale");
        assertThat(store).isEmpty();
        assertThat(watched.computeIfAbsent("compute", key -> "stale")).isEqualTo("stale");
        assertThat(store).isEmpty();
        assertThat(store.passed).isEqualTo(2);
    }

    /** Resets the cache just before it writes. */
    private static final class Resetting extends ConcurrentHashMap<String, String> {
        private static final long serialVersionUID = 1;

        private transient Runnable reset = () -> {};
        private int passed;

        @Override
        public String put(String key, String value) {
            passed++;
            reset.run();
            return super.put(key, value);
        }

        @Override
        public String computeIfAbsent(String key, java.util.function.Function<? super String, ? extends String> load) {
            String loaded = load.apply(key);
            passed++;
            reset.run();
            super.put(key, loaded);
            return loaded;
        }
    }

    private static final class Executing {
        static void elsewhere(Runnable task) {
            ExecutorService other = Executors.newSingleThreadExecutor();
            try {
                other.submit(task).get(30, TimeUnit.SECONDS);
            } catch (Exception failed) {
                throw new AssertionError(failed);
            } finally {
                other.shutdownNow();
            }
        }
    }

    /** The reset takes the other entries with it, but the caller asked for them all. */
    @Test
    void anOvertakenBulkLoadStillAnswersInFull() throws Exception {
        Cache<String, String> cache =
                WatchedCaches.of("bulk", Caffeine.newBuilder().maximumSize(10).<String, String>build());
        cache.put("light", "put light");
        try (ParkedLoad load = ParkedLoad.start(
                scope,
                loader -> cache.getAll(
                                List.of("dark", "light"),
                                missing -> Map.of("dark", loader.apply("dark"), "extra", "loaded too"))
                        .toString())) {
            Reset.of(cache);

            assertThat(load.end()).isIn("{light=put light, dark=stale dark}", "{dark=stale dark, light=put light}");
            assertThat(cache.asMap()).isEmpty();
        }
    }

    @Test
    void aReadThatIsOvertakenIsAMiss() throws Exception {
        Cache<String, String> cache = WatchedCaches.of(
                "overtaken", Caffeine.newBuilder().maximumSize(10).<String, String>build());
        try (ParkedLoad load = ParkedLoad.start(scope, loader -> cache.get("dark", loader))) {
            Reset.of(cache);
            assertThat(load.end()).isEqualTo("stale dark");
        }

        assertThat(scope.journal().cache().operations())
                .extracting(operation ->
                        operation.text() + " " + operation.outcome().status())
                .containsExactly("GET dark MISS");
    }

    /** Its loads run on a thread of Caffeine's. */
    @Test
    void theViewOfAnAsynchronousCacheCanBeWatched() throws Exception {
        AsyncCache<String, String> async = Caffeine.newBuilder()
                .executor(task -> new Thread(scope.wrap(task), "asynchronous loader").start())
                .buildAsync();
        Cache<String, String> cache = WatchedCaches.of("async view", async.synchronous());
        try (ParkedLoad load = ParkedLoad.start(scope, loader -> cache.get("dark", loader))) {
            Reset.of(cache);
            assertThat(load.end()).isEqualTo("stale dark");
        }

        assertThat(cache.asMap()).isEmpty();
        assertThat(cache.get("dark", key -> "fresh")).isEqualTo("fresh");
        assertThat(cache.getIfPresent("dark")).isEqualTo("fresh");
    }

    @Test
    void theExceptionOfALoadPassesAsItIs() {
        IllegalArgumentException failure = new IllegalArgumentException("of the load");

        assertThatThrownBy(() -> map.computeIfAbsent("dark", key -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(map.computeIfAbsent("dark", key -> "loaded")).isEqualTo("loaded");
        assertThat(Set.copyOf(map.keySet())).containsExactly("dark");
    }
}
