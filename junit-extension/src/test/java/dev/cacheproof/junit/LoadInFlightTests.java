package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cacheproof.CacheRegistrar;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.Deadline;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The first test of each suite leaves a load behind, which ends in the second: the reset between them meets it. Alone on the
 * machine, because a reset of another suite would wait for these loads, too.
 */
@Isolated
class LoadInFlightTests {

    private static void isProven(Class<?> testCase) {
        InnerSuite.of(testCase).off().run().someFail(1, 2);
        InnerSuite.of(testCase).run().allPass(2);
        InnerSuite.of(testCase).launch().allPass(2);
    }

    /** A load on another thread, which has begun and ends when it is told to. */
    static final class ParkedLoad {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final FutureTask<String> task;

        private ParkedLoad(Function<Supplier<String>, String> read) {
            this.task = new FutureTask<>(() -> read.apply(this::load));
        }

        /** Starts a reader that calls the given read with a loader; returns once that is loading. */
        static ParkedLoad start(Function<Supplier<String>, String> read) throws Exception {
            ParkedLoad load = new ParkedLoad(read);
            new Thread(load.task, "reader").start();
            assertThat(load.begun.await(60, TimeUnit.SECONDS)).isTrue();
            return load;
        }

        private String load() {
            begun.countDown();
            try {
                assertThat(released.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
            return "of the first test";
        }

        boolean isReleased() {
            return released.getCount() == 0;
        }

        void release() {
            released.countDown();
        }

        /** Lets the load end, and returns what its reader got. */
        String end() throws Exception {
            release();
            return task.get(60, TimeUnit.SECONDS);
        }
    }

    /** Two tests in one order, on one instance, with a cache in a static field. */
    @CacheIsolation
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class LeavingTestCase {
        private @Nullable ParkedLoad load;

        abstract String read(Supplier<String> loader);

        /** Called while the load is parked, by the thread that will reset. */
        void parked(ParkedLoad load) {}

        @Test
        @Order(1)
        void leavesALoadBehind() throws Exception {
            load = ParkedLoad.start(this::read);
            parked(load);
        }

        @Test
        @Order(2)
        void startsCold() throws Exception {
            assertThat(Objects.requireNonNull(load).end()).isEqualTo("of the first test");
            assertThat(read(() -> "of the second test")).isEqualTo("of the second test");
        }
    }

    /** The memo that everybody has written: get, then put. */
    private static String getThenPut(Map<String, String> memo, Supplier<String> loader) {
        String known = memo.get("key");
        if (known == null) {
            known = loader.get();
            memo.put("key", known);
        }
        return known;
    }

    @Test
    void aMapInAFieldThatCanBeReplacedIgnoresTheLateValue() {
        isProven(MapFieldTestCase.class);
    }

    static class MapFieldTestCase extends LeavingTestCase {
        @RegisterCache(watch = true)
        static Map<String, String> memo = new ConcurrentHashMap<>();

        @Override
        String read(Supplier<String> loader) {
            return getThenPut(memo, loader);
        }
    }

    @Test
    void aBoundedCaffeineCacheInAFieldThatCanBeReplacedIgnoresTheLateValue() {
        isProven(CaffeineFieldTestCase.class);
    }

    static class CaffeineFieldTestCase extends LeavingTestCase {
        @RegisterCache(watch = true)
        static Cache<String, String> cache =
                Caffeine.newBuilder().maximumSize(10).build();

        @Override
        String read(Supplier<String> loader) {
            return cache.get("key", key -> loader.get());
        }
    }

    @Test
    void aBoundedCaffeineCacheThatCannotBeReplacedIsResetAfterTheLoad() {
        isProven(FinalFieldTestCase.class);
    }

    static class FinalFieldTestCase extends LeavingTestCase {
        @RegisterCache
        static final Cache<String, String> CACHE =
                Caffeine.newBuilder().maximumSize(10).build();

        @Override
        String read(Supplier<String> loader) {
            return CACHE.get("key", key -> loader.get());
        }

        @Override
        void parked(ParkedLoad load) {
            Thread resetter = Thread.currentThread();
            new Thread(() -> releaseWhenWaitedFor(resetter, load), "releaser").start();
        }

        private static void releaseWhenWaitedFor(Thread thread, ParkedLoad load) {
            try {
                Deadline.after(Duration.ofSeconds(60))
                        .await(() -> load.isReleased() || isWaiting(thread), () -> "the reset to wait for it");
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            } finally {
                load.release();
            }
        }

        private static boolean isWaiting(Thread thread) {
            return Arrays.stream(thread.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().equals(Deadline.class.getName()));
        }
    }

    @Test
    void aMapThatARegistrarCanReplaceIgnoresTheLateValue() {
        assertThat(FreshProcess.call(Program.class, MemoCaches.class))
                .containsExactly("failed 1 of 2", "failed 0 of 2");
    }

    /** An application that keeps its memo in a static field, and knows nothing of its tests. */
    static final class Application {
        static Map<String, String> memo = new ConcurrentHashMap<>();

        private Application() {}
    }

    public static final class MemoCaches implements CacheRegistrar {
        @Override
        public void register(CacheRegistry caches) {
            caches.<Map<String, String>>add("memo", () -> Application.memo, replaced -> Application.memo = replaced);
        }
    }

    public static final class Program implements Callable<List<String>> {
        @Override
        public List<String> call() {
            InnerSuite suite = InnerSuite.of(RegistrarTestCase.class);
            return List.of(text(suite.off().launch()), text(suite.launch()));
        }

        private static String text(Outcome outcome) {
            return "failed " + outcome.failures().size() + " of "
                    + outcome.tests().size();
        }
    }

    static class RegistrarTestCase extends LeavingTestCase {
        @Override
        String read(Supplier<String> loader) {
            return getThenPut(Application.memo, loader);
        }
    }
}
