package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PerThreadResetTests {

    private final ThreadCache cache = new ThreadCache();
    private final CacheIsolationEngine engine = CacheIsolationEngine.of(
            CacheRegistry.create().addField("request", "field request", false, () -> cache, null));
    private final ExecutorService pool = Executors.newSingleThreadExecutor();
    private final Scope scope = Neighbour.claiming("PerThreadResetTests", new Object());

    @AfterEach
    void close() {
        scope.close();
        pool.shutdownNow();
    }

    private <T> T onPool(Callable<T> task) throws Exception {
        return pool.submit(task).get(30, TimeUnit.SECONDS);
    }

    @Test
    void resetsThisThreadsPartAtOnce() {
        engine.reset();

        assertThat(cache.resetsOfThisThread()).isEqualTo(1);
    }

    /** What a fixture loads after the reset must survive the scopes of the test's blocks. */
    @Test
    void resetsThisThreadsPartOnlyOnce() {
        engine.reset();
        Scope.open("a block of the test").close();
        scope.attach().close();

        assertThat(cache.resetsOfThisThread()).isEqualTo(1);
    }

    @Test
    void resetsAnotherThreadsPartWhenThatNextEntersAScope() throws Exception {
        onPool(scope.wrap(() -> true));
        engine.reset();
        assertThat(onPool(cache::resetsOfThisThread)).isZero();

        assertThat(onPool(scope.wrap(cache::resetsOfThisThread))).isEqualTo(1);
        assertThat(onPool(scope.wrap(cache::resetsOfThisThread))).isEqualTo(1);
        engine.reset();
        engine.reset();
        assertThat(onPool(scope.wrap(cache::resetsOfThisThread))).isEqualTo(2);
    }

    @Test
    void keepsEqualCachesApart() throws Exception {
        ThreadCache equal = new ThreadCache();
        CacheIsolationEngine both = CacheIsolationEngine.of(CacheRegistry.create()
                .addField("first", "field first", false, () -> cache, null)
                .addField("second", "field second", false, () -> equal, null));
        both.reset();

        assertThat(equal).isEqualTo(cache);
        assertThat(onPool(scope.wrap(cache::resetsOfThisThread))).isEqualTo(1);
        assertThat(onPool(equal::resetsOfThisThread)).isEqualTo(1);
    }

    /** A thread that looked while a reset was being noted believed that it had seen it. */
    @Test
    void noThreadMissesAResetThatItMeets() throws Exception {
        List<ThreadCache> caches =
                Stream.generate(ThreadCache::new).limit(2_000).toList();
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch looking = new CountDownLatch(1);
        Future<Boolean> entering = pool.submit(() -> {
            while (!done.get()) {
                scope.attach().close();
                looking.countDown();
            }
            scope.attach().close();
            return caches.stream().allMatch(each -> each.resetsOfThisThread() == 1);
        });
        assertThat(looking.await(30, TimeUnit.SECONDS)).isTrue();
        caches.forEach(ProcessState::resetPerThread);
        done.set(true);

        assertThat(entering.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void keepsNoCacheAlive() throws InterruptedException {
        WeakReference<ThreadCache> forgotten = new WeakReference<>(resetAndForget());

        Deadline.after(Duration.ofSeconds(30))
                .await(
                        () -> {
                            System.gc();
                            return forgotten.refersTo(null);
                        },
                        () -> "the cache to be collected");
        assertThat(forgotten.get()).isNull();
    }

    private static ThreadCache resetAndForget() {
        ThreadCache own = new ThreadCache();
        CacheIsolationEngine.of(CacheRegistry.create().addField("own", "field own", false, () -> own, null))
                .reset();
        return own;
    }

    @Test
    void aPartThatCannotBeResetLeavesTheThreadOutsideAndTheOthersCold() throws Exception {
        ThreadCache broken = new ThreadCache();
        CacheIsolationEngine.of(CacheRegistry.create()
                        .addField("broken", "field broken", false, () -> broken, null)
                        .addField("request", "field request", false, () -> cache, null))
                .reset();
        onPool(() -> {
            broken.failsOn = Thread.currentThread();
            assertThatIllegalStateException()
                    .isThrownBy(() -> Scope.named("not opened").root().open())
                    .withMessage("of the cache");
            assertThat(Scope.current()).isEmpty();
            assertThat(cache.resetsOfThisThread()).isEqualTo(1);
            broken.failsOn = null;
            Scope.named("opened").root().open().close();
            return true;
        });
    }

    /** Counts the resets of each thread's part; equal to each other, as records of one thread-local are. */
    private static final class ThreadCache extends FakeCache {
        private final Map<Thread, Integer> resetsByThread = new ConcurrentHashMap<>();
        private volatile @Nullable Thread failsOn;

        @Override
        public boolean isPerThread() {
            return true;
        }

        @Override
        public void resetThread() {
            if (Thread.currentThread() == failsOn) {
                throw new IllegalStateException("of the cache");
            }
            resetsByThread.merge(Thread.currentThread(), 1, Integer::sum);
        }

        int resetsOfThisThread() {
            return resetsByThread.getOrDefault(Thread.currentThread(), 0);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ThreadCache;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }
}
