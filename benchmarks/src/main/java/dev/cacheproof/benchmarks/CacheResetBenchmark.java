package dev.cacheproof.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.cache.WatchedCaches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One entry is put into each cache, and all are made cold: by hand, and by the engine. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init")
public class CacheResetBenchmark {

    /** The engine looks at each thread for loads in flight, so there are as many as an application has. */
    private static final int THREADS = 32;

    /** Which caches, and who makes them cold. */
    public enum Setting implements Row {
        CAFFEINE_BY_HAND("100 Caffeine caches, invalidateAll()", 100),
        CAFFEINE("100 Caffeine caches, reset", 100),
        WATCHED_CAFFEINE("100 watched Caffeine caches, reset", 100),
        MAPS_BY_HAND("100 maps, clear()", 100),
        MAPS("100 maps, reset", 100),
        ONE_BY_HAND("1 Caffeine cache, invalidateAll()", 1),
        ONE("1 Caffeine cache, reset", 1);

        private final String label;
        private final int caches;

        Setting(String label, int caches) {
            this.label = label;
            this.caches = caches;
        }

        @Override
        public String label() {
            return label;
        }

        @Override
        public boolean isBaseline() {
            return this == CAFFEINE_BY_HAND || this == MAPS_BY_HAND || this == ONE_BY_HAND;
        }

        private boolean isOfMaps() {
            return this == MAPS_BY_HAND || this == MAPS;
        }
    }

    /** What is measured. */
    @Param
    public Setting setting;

    private final List<Map<Integer, String>> entries = new ArrayList<>();
    private final List<Runnable> clears = new ArrayList<>();
    private final CacheRegistry registry = CacheRegistry.create();
    private ExecutorService threads;

    /** Makes the caches. */
    @Setup
    public void fill() {
        threads = Executors.newFixedThreadPool(THREADS);
        for (int i = 0; i < THREADS; i++) {
            threads.execute(() -> {});
        }
        for (int i = 0; i < setting.caches; i++) {
            if (setting.isOfMaps()) {
                addMap("map-" + i);
            } else {
                addCaffeine("cache-" + i);
            }
        }
    }

    private void addMap(String id) {
        Map<Integer, String> map = new ConcurrentHashMap<>();
        entries.add(map);
        clears.add(map::clear);
        registry.add(id, () -> map);
    }

    private void addCaffeine(String id) {
        // On the calling thread, as the handing over of its housekeeping to another is not what is measured.
        Cache<Integer, String> made =
                Caffeine.newBuilder().maximumSize(1_000).executor(Runnable::run).build();
        Cache<Integer, String> cache = setting == Setting.WATCHED_CAFFEINE ? WatchedCaches.of(id, made) : made;
        entries.add(cache.asMap());
        clears.add(cache::invalidateAll);
        registry.add(id, () -> cache);
    }

    /** Leaves nothing behind. */
    @TearDown
    public void close() {
        threads.shutdown();
    }

    /** Measures a put into each cache, and what makes them cold. */
    @Benchmark
    public void reset() {
        for (Map<Integer, String> map : entries) {
            map.put(1, "entry");
        }
        if (setting.isBaseline()) {
            clears.forEach(Runnable::run);
        } else {
            CacheIsolationEngine.of(registry).reset();
        }
    }
}
