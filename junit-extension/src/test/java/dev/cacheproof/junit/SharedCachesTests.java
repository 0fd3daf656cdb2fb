package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Four classes share four caches, and each of their tests counts its loads: in 20 orders, on one thread and on four. */
class SharedCachesTests {

    private static final int ORDERS = 20;
    private static final int TESTS = 24;

    private static final InnerSuite SUITE =
            InnerSuite.of(PricesTestCase.class, ThemesTestCase.class, FlagsTestCase.class, OutlinesTestCase.class);

    @Test
    void passesInEveryOrder() {
        for (int seed = 1; seed <= ORDERS; seed++) {
            SUITE.inRandomOrder(seed).run().allPass(TESTS);
        }
        assertThat(SharedCaches.mostUsersAtOnce).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FORK_JOIN_POOL", "WORKER_THREAD_POOL"})
    void passesInEveryOrderOnFourThreads(String executor) {
        // Versions before 6.1 do not know the parameter.
        InnerSuite parallel =
                SUITE.onThreads(4).with("junit.jupiter.execution.parallel.config.executor-service", executor);
        for (int seed = 1; seed <= ORDERS; seed++) {
            parallel.inRandomOrder(seed).launch().allPass(TESTS);
        }
        assertThat(SharedCaches.mostUsersAtOnce).hasValue(1);
    }

    @Test
    void failsInEveryOrderWithoutIsolation() {
        for (int seed = 1; seed <= ORDERS; seed++) {
            SharedCaches.clear();
            // The first test to use a cache finds it cold.
            SUITE.off().inRandomOrder(seed).run().someFail(TESTS - 4, TESTS);
        }
    }

    @Test
    void failsOnFourThreadsWithoutIsolation() {
        for (int seed = 1; seed <= ORDERS; seed++) {
            SharedCaches.clear();
            Outcome outcome = SUITE.off().onThreads(4).inRandomOrder(seed).launch();

            assertThat(outcome.tests()).hasSize(TESTS);
            // A thread that was not used before has a cold request cache.
            assertThat(outcome.failures()).hasSizeBetween(TESTS - 8, TESTS - 4);
        }
    }

    /** An application that caches in four ways, each known to be racy or to outlive a test. */
    static final class SharedCaches {
        static final Cache<String, Integer> PRICES =
                Caffeine.newBuilder().maximumSize(100).build();
        static final Map<String, Integer> THEMES = new ConcurrentHashMap<>();
        static final ThreadLocal<Map<String, Integer>> FLAGS = ThreadLocal.withInitial(HashMap::new);
        static final AtomicInteger OUTLINE_LOADS = new AtomicInteger();
        static final LoadingCache<String, Integer> OUTLINES =
                Caffeine.newBuilder().build(key -> OUTLINE_LOADS.incrementAndGet());

        static final AtomicInteger users = new AtomicInteger();
        static final AtomicInteger mostUsersAtOnce = new AtomicInteger();

        static void clear() {
            PRICES.invalidateAll();
            THEMES.clear();
            FLAGS.remove();
            OUTLINES.invalidateAll();
        }

        /** Runs a part of a test that must not overlap with another, and gives others every chance to overlap. */
        static void alone(Runnable use) {
            mostUsersAtOnce.accumulateAndGet(users.incrementAndGet(), Math::max);
            try {
                for (int i = 0; i < 1_000; i++) {
                    Thread.onSpinWait();
                }
                use.run();
            } finally {
                users.decrementAndGet();
            }
        }

        private SharedCaches() {}
    }

    /** Four caches of the whole process, under the same ids for all tests. */
    abstract static class SharingTestCase {
        @RegisterCache("shared prices")
        static final Cache<String, Integer> PRICES = SharedCaches.PRICES;

        @RegisterCache("shared themes")
        static final Map<String, Integer> THEMES = SharedCaches.THEMES;

        @RegisterCache("shared flags")
        static final ThreadLocal<Map<String, Integer>> FLAGS = SharedCaches.FLAGS;

        @RegisterCache("shared outlines")
        static final LoadingCache<String, Integer> OUTLINES = SharedCaches.OUTLINES;

        private int loads;

        @Test
        void prices() {
            usePrices();
        }

        @Test
        void themes() {
            useThemes();
        }

        @Test
        void flags() {
            useFlags();
        }

        @Test
        void outlines() {
            useOutlines();
        }

        private void costsOneLoad(Runnable read) {
            SharedCaches.alone(() -> {
                loads = 0;
                read.run();
                read.run();
                assertThat(loads).as("loads of two reads").isEqualTo(1);
            });
        }

        /** Inherited by each class, and isolated by the annotation of that. */
        @Nested
        class Inherited {
            @Test
            void prices() {
                usePrices();
            }
        }

        final void usePrices() {
            costsOneLoad(() -> assertThat(PRICES.get("key", key -> ++loads)).isEqualTo(1));
        }

        final void useThemes() {
            costsOneLoad(() -> memo(THEMES));
        }

        final void useFlags() {
            costsOneLoad(() -> memo(FLAGS.get()));
        }

        /** Get, then put: what another thread puts in between is overwritten. */
        private void memo(Map<String, Integer> map) {
            @Nullable Integer known = map.get("key");
            if (known == null) {
                map.put("key", ++loads);
            }
        }

        final void useOutlines() {
            costsOneLoad(() -> {
                int before = SharedCaches.OUTLINE_LOADS.get();
                assertThat(OUTLINES.get("key")).isPositive();
                loads += SharedCaches.OUTLINE_LOADS.get() - before;
            });
        }
    }

    @CacheIsolation
    static class PricesTestCase extends SharingTestCase {
        @Test
        void again() {
            usePrices();
        }
    }

    @CacheIsolation
    static class ThemesTestCase extends SharingTestCase {
        @Test
        void again() {
            useThemes();
        }
    }

    @CacheIsolation
    static class FlagsTestCase extends SharingTestCase {
        @Test
        void again() {
            useFlags();
        }
    }

    @CacheIsolation
    static class OutlinesTestCase extends SharingTestCase {
        @Test
        void again() {
            useOutlines();
        }
    }
}
