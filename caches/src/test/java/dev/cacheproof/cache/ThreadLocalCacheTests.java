package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Scope;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request cache: a map for each thread. */
class ThreadLocalCacheTests {

    private final Scope scope = Scope.named("ThreadLocalCacheTests").root().open();
    private final ThreadLocal<Map<String, String>> plain = ThreadLocal.withInitial(HashMap::new);
    private final ThreadLocal<Map<String, String>> watched = WatchedCaches.of("request", plain);
    private final ExecutorService pool = Executors.newSingleThreadExecutor();

    @AfterEach
    void close() {
        scope.close();
        pool.shutdownNow();
    }

    private ThreadLocal<Map<String, String>> cache(boolean isWatched) {
        return isWatched ? watched : plain;
    }

    private <T> T onPool(Callable<T> task) throws Exception {
        return pool.submit(task).get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isColdOnTheTestsThread(boolean isWatched) {
        ThreadLocal<Map<String, String>> cache = cache(isWatched);
        cache.get().put("user", "ada");
        Reset.of(cache);

        assertThat(cache.get()).isEmpty();
        cache.get().put("user", "grace");
        Scope.open("a block of the test").close();
        assertThat(cache.get()).containsEntry("user", "grace");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isColdOnAPoolsThreadThatWorksForTheTest(boolean isWatched) throws Exception {
        ThreadLocal<Map<String, String>> cache = cache(isWatched);
        onPool(scope.wrap((Callable<String>) () -> String.valueOf(cache.get().put("user", "ada"))));
        Reset.of(cache);

        assertThat(onPool(scope.wrap((Callable<Map<String, String>>) cache::get)))
                .isEmpty();
    }

    /** The control: nothing can reach it there, unless it is watched. */
    @Test
    void aPlainOneStaysWarmOnAPoolsThreadThatNobodyWrapped() throws Exception {
        onPool(() -> String.valueOf(plain.get().put("user", "ada")));
        Reset.of(plain);

        assertThat(onPool(plain::get)).containsEntry("user", "ada");
    }

    @Test
    void aWatchedOneIsColdOnEveryThread() throws Exception {
        onPool(() -> String.valueOf(watched.get().put("user", "ada")));
        Reset.of(watched);

        assertThat(onPool(watched::get)).isEmpty();
        onPool(() -> String.valueOf(watched.get().put("user", "grace")));
        assertThat(onPool(watched::get)).containsEntry("user", "grace");
    }

    /** The value is older than the decoration, which is made at the first reset. */
    @Test
    void whatAThreadHeldBeforeItWasWatchedIsNotReadAfterAReset() throws Exception {
        onPool(() -> String.valueOf(plain.get().put("user", "ada")));
        ThreadLocal<Map<String, String>> late = WatchedCaches.of("late", plain);
        Reset.of(late);

        assertThat(onPool(late::get)).isEmpty();
    }

    @Test
    void whatAThreadHeldBeforeItWasWatchedIsReadUntilAReset() {
        plain.get().put("user", "ada");
        ThreadLocal<Map<String, String>> late = WatchedCaches.of("late", plain);

        assertThat(late.get()).containsEntry("user", "ada");
    }

    @Test
    void aLoadThatAResetOvertookDoesNotWrite() throws Exception {
        ThreadLocal<String> user = WatchedCaches.of("user", new ThreadLocal<String>());
        CountDownLatch missed = new CountDownLatch(1);
        CountDownLatch reset = new CountDownLatch(1);
        Future<String> stored = pool.submit(scope.wrap((Callable<String>) () -> {
            assertThat(user.get()).isNull();
            missed.countDown();
            assertThat(reset.await(30, TimeUnit.SECONDS)).isTrue();
            user.set("stale");
            String first = String.valueOf(user.get());
            user.set("fresh");
            return first + ", " + user.get();
        }));
        assertThat(missed.await(30, TimeUnit.SECONDS)).isTrue();
        Reset.of(user);
        reset.countDown();

        assertThat(stored.get(30, TimeUnit.SECONDS)).isEqualTo("null, fresh");
    }

    @Test
    void setsAndRemovesAsTheOneThatItDecorates() {
        ThreadLocal<String> delegate = new ThreadLocal<>();
        ThreadLocal<String> user = WatchedCaches.of("user", delegate);
        user.set("ada");
        assertThat(delegate.get()).isEqualTo("ada");
        user.remove();
        assertThat(delegate.get()).isNull();
        Reset.of(user);
        user.set("grace");
        assertThat(user.get()).isEqualTo("grace");
    }

    @Test
    void countsItsReads() {
        watched.get().put("user", "ada");
        assertThat(watched.get()).hasSize(1);

        assertThat(Reset.engine(watched).views()).hasEntrySatisfying("cache", view -> {
            assertThat(view.reads()).isEqualTo(2);
            assertThat(view.keys()).containsExactly("user");
        });
    }
}
