package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Resets that block, are interrupted, or must wait for loads in flight. */
class ResetTests {

    private static final ThreadKind PLATFORM = ThreadKind.all().get(0);

    /** Long enough for the resets beside the blocked one, on a busy machine. */
    private static final Duration SHORT = Duration.ofMillis(500);

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Object run = new Object();
    private final CountDownLatch loading = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final CacheRegistry registry = CacheRegistry.create();
    private final Scope scope = Neighbour.claiming("ResetTests", run, "themes");

    @AfterEach
    void release() {
        release.countDown();
        scope.close();
    }

    private CacheIsolationEngine engine(Duration timeout) {
        return CacheIsolationEngine.of(registry).withTimeout(timeout);
    }

    @Test
    void givesUpOnAResetThatALoadBlocksAndResetsTheOthers() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        FakeCache before = new FakeCache();
        FakeCache after = new FakeCache();
        registry.add("flags", () -> before)
                .add("themes", () -> new FakeCache(() -> holding(lock, () -> true)))
                .add("prices", () -> after);
        Thread loader = new Thread(() -> holding(lock, this::park), "theme loader");
        loader.start();
        await(loading);

        assertThatThrownBy(engine(SHORT)::reset).message().matches("""
                        1 of 3 caches could not be made cold

                          themes  Waited 500 ms in vain for the reset, which is blocked by a load on thread "theme loader"\
                         at ResetTests\\.park\\(ResetTests\\.java:\\d+\\)\\.""");
        assertThat(before.resets).hasValue(1);
        assertThat(after.resets).hasValue(1);
    }

    private static void holding(ReentrantLock lock, BooleanSupplier work) {
        lock.lock();
        try {
            assertThat(work.getAsBoolean()).isTrue();
        } finally {
            lock.unlock();
        }
    }

    /** A load in flight: it is seen on its thread's stack by this method's name. */
    private boolean load() {
        return park();
    }

    /** A load of a thread that works for no test, with a name of its own: parallel tests must not wait for it. */
    private boolean loadForNobody() {
        return park();
    }

    private boolean park() {
        loading.countDown();
        try {
            return release.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
            return true;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void eachCacheThatBlocksHasALimitOfItsOwn() {
        FakeCache after = new FakeCache();
        registry.add("themes", () -> new FakeCache(() -> await(release)))
                .add("prices", () -> new FakeCache(() -> await(release)))
                .add("flags", () -> after);

        assertThatThrownBy(engine(SHORT)::reset)
                .hasMessageStartingWith("2 of 3 caches could not be made cold")
                .message()
                .containsPattern("themes  Waited 500 ms in vain for the reset, which is blocked by what it waits for:"
                        + " thread \"cacheproof-reset\" at ResetTests\\.")
                .containsPattern("prices  Waited 500 ms in vain");
        assertThat(after.resets).hasValue(1);
    }

    /** What a blocked reset does when it is let go must not be mistaken for the next one. */
    @Test
    void aResetThatWasGivenUpIsInterrupted() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        registry.add(
                "themes",
                () -> new FakeCache(() -> {
                    try {
                        release.await();
                    } catch (InterruptedException givenUp) {
                        interrupted.countDown();
                    }
                }));

        assertThatThrownBy(engine(SHORT)::reset).isInstanceOf(AssertionError.class);
        await(interrupted);
    }

    @Test
    void worksForTheScopeOfWhoeverResets() {
        Asked server = Asked.of(Operation.Kind.CACHE, "reset: server");
        registry.add("themes", () -> new FakeCache(() -> server.ask("DEL")));
        engine(LONG).reset();

        assertThat(server.in(scope).count()).isEqualTo(1);
    }

    @Test
    void aCacheThatGivesUpByItselfHasFailed() {
        registry.add(
                "themes",
                () -> new FakeCache(() -> {
                    throw new InterruptedException("of the cache's own thread");
                }));

        assertThatThrownBy(engine(LONG)::reset)
                .hasMessageContaining("themes  java.lang.InterruptedException: of the cache's own thread");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    /** A test that was about interrupts must not make the reset after it fail. */
    @Test
    void anInterruptThatCameBeforeIsKeptForTheTest() {
        Thread resetting = Thread.currentThread();
        FakeCache themes = new FakeCache(() -> Deadline.after(LONG)
                .await(() -> resetting.getState() == Thread.State.TIMED_WAITING, () -> "the wait for this reset"));
        registry.add("themes", () -> themes);
        Thread.currentThread().interrupt();
        engine(LONG).reset();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(themes.resets).hasValue(1);
    }

    @Test
    void anInterruptedResetFailsAndRestoresTheInterrupt() {
        FakeCache before = new FakeCache();
        FakeCache after = new FakeCache();
        Thread resetting = Thread.currentThread();
        registry.add("flags", () -> before)
                .add(
                        "themes",
                        () -> new FakeCache(() -> {
                            resetting.interrupt();
                            await(release);
                        }))
                .add("prices", () -> after);

        assertThatThrownBy(engine(LONG)::reset).hasMessage("""
                        2 of 3 caches could not be made cold

                          themes  The thread was interrupted before the reset was done.
                          prices  The thread was interrupted before the reset was done.""");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(before.resets).hasValue(1);
        assertThat(after.resets).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void waitsForALoadThatWouldWriteAfterwards(ThreadKind kind) throws Exception {
        LoadingCache themes = new LoadingCache();
        registry.add("themes", () -> themes);
        FutureTask<Boolean> loader = kind.start(scope.wrap(this::load));
        await(loading);
        FutureTask<Boolean> reset = PLATFORM.start(scope.wrap(() -> {
            engine(LONG).reset();
            return true;
        }));
        awaitSecondLook(themes);

        assertThat(themes.resets).hasValue(0);
        release.countDown();
        assertThat(reset.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(loader.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(themes.resets).hasValue(1);
    }

    /** Having looked at the load once, the engine looks again only because it waits. */
    private static void awaitSecondLook(LoadingCache cache) throws InterruptedException {
        Deadline.after(LONG).await(() -> cache.looks.get() > 1, () -> "the engine to look for loads");
    }

    @Test
    void waitsForALoadOfAThreadThatWorksForNoTest() throws Exception {
        LoadingCache themes = new LoadingCache("loadForNobody");
        registry.add("themes", () -> themes);
        FutureTask<Boolean> loader = PLATFORM.start(this::loadForNobody);
        await(loading);
        FutureTask<Boolean> reset = PLATFORM.start(scope.wrap(() -> {
            engine(LONG).reset();
            return true;
        }));
        awaitSecondLook(themes);
        assertThat(themes.resets).hasValue(0);
        release.countDown();

        assertThat(reset.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(loader.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void namesALoadThatDoesNotEnd() throws Exception {
        LoadingCache themes = new LoadingCache();
        FakeCache flags = new FakeCache();
        registry.add("themes", () -> themes).add("flags", () -> flags);
        FutureTask<Boolean> loader = PLATFORM.start(scope.wrap(() -> {
            Thread.currentThread().setName("endless loader");
            return load();
        }));
        await(loading);

        assertThatThrownBy(engine(SHORT)::reset).message().matches("""
                        1 of 2 caches could not be made cold

                          themes  Waited 500 ms in vain for a load in flight to end: thread "endless loader"\
                         at ResetTests\\.park\\(ResetTests\\.java:\\d+\\)\\. Its value would be written after the reset\\.\
                         Let the test wait for it, or register the cache with a way to replace it\\.""");
        assertThat(themes.resets).hasValue(1);
        assertThat(flags.resets).hasValue(1);
        release.countDown();
        assertThat(loader.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void doesNotWaitForALoadOfAnotherTest(ThreadKind kind) throws Exception {
        LoadingCache themes = new LoadingCache();
        registry.add("themes", () -> themes);
        FutureTask<Boolean> other = kind.start(() -> {
            try (Scope neighbour = Neighbour.claiming("OtherTests", run, "prices")) {
                return neighbour.wrap(this::load).call();
            }
        });
        await(loading);
        engine(LONG).reset();

        assertThat(themes.resets).hasValue(1);
        release.countDown();
        assertThat(other.get(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Its scope has ended, but the test around that has not. */
    @Test
    void doesNotWaitForAnotherTestsLoadThatOutlivedItsScope() throws Exception {
        LoadingCache themes = new LoadingCache();
        registry.add("themes", () -> themes);
        CountDownLatch closed = new CountDownLatch(1);
        AtomicInteger loaded = new AtomicInteger();
        FutureTask<Boolean> other = PLATFORM.start(() -> {
            try (Scope neighbour = Neighbour.claiming("OtherTests", run, "prices")) {
                Scope inner = Scope.open("inner");
                FutureTask<Boolean> loader = PLATFORM.start(inner.wrap(this::load));
                await(loading);
                inner.close();
                closed.countDown();
                loaded.set(loader.get(30, TimeUnit.SECONDS) ? 1 : 0);
                return neighbour.isClosed();
            }
        });
        await(closed);
        engine(LONG).reset();

        assertThat(themes.resets).hasValue(1);
        release.countDown();
        assertThat(other.get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(loaded).hasValue(1);
    }

    @Test
    void anInterruptEndsTheWaitForALoad() throws Exception {
        LoadingCache themes = new LoadingCache();
        registry.add("themes", () -> themes);
        FutureTask<Boolean> loader = PLATFORM.start(scope.wrap(this::load));
        await(loading);
        Thread[] resetting = new Thread[1];
        FutureTask<Boolean> reset = PLATFORM.start(scope.wrap(() -> {
            resetting[0] = Thread.currentThread();
            try {
                engine(LONG).reset();
                return false;
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
        }));
        awaitSecondLook(themes);
        resetting[0].interrupt();

        assertThatThrownBy(() -> reset.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("themes  The thread was interrupted before the reset was done.");
        release.countDown();
        assertThat(loader.get(30, TimeUnit.SECONDS)).isTrue();
    }

    /** A cache of a library that lets loads write after a reset. */
    private static final class LoadingCache extends FakeCache {
        final AtomicInteger looks = new AtomicInteger();
        private final String method;

        LoadingCache() {
            this("load");
        }

        LoadingCache(String method) {
            this.method = method;
        }

        @Override
        public boolean writesAfterReset() {
            return true;
        }

        @Override
        public boolean isLoading(StackTraceElement frame) {
            boolean loading = frame.getClassName().equals(ResetTests.class.getName())
                    && frame.getMethodName().equals(method);
            if (loading) {
                looks.incrementAndGet();
            }
            return loading;
        }
    }
}
