package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.assertCacheGrowthAtMost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** How much caches grow. */
@ResourceLock("unattributed queries")
class CacheGrowthTests {

    private final Map<Object, Object> memo = new LinkedHashMap<>();
    private final Cache<Object, Object> bounded =
            Caffeine.newBuilder().maximumSize(10).build();
    private final AtomicInteger clock = new AtomicInteger();
    private Scope scope = open(
            Settings.Mode.ENFORCE,
            CacheRegistry.create().add("memo", () -> memo).add("bounded", () -> bounded));

    private static Scope open(Settings.Mode mode, CacheRegistry registry) {
        Settings settings =
                Settings.resolve(name -> name.equals("cacheproof.mode") ? Optional.of(mode.name()) : Optional.empty());
        RunningTest test = RunningTest.claiming("growth", "growth", new Object(), registry.ids(), settings);
        test.registry(registry);
        return Scope.named("growth").root().test(test).open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    /** The key changes from call to call, as one does that holds a time or an object without equals. */
    private Object load(String what) {
        return memo.computeIfAbsent(what + "@" + clock.incrementAndGet(), absent -> "loaded");
    }

    @Test
    void returnsWhatABlockReturnsThatStaysWithinTheBound() {
        assertThat(assertCacheGrowthAtMost(1, () -> load("theme"))).isEqualTo("loaded");
        assertCacheGrowthAtMost(10, () -> {
            for (int id = 0; id < 1_000; id++) {
                bounded.put(id, id);
            }
        });
        assertCacheGrowthAtMost(0, () -> {
            memo.remove("theme@1");
            load("theme");
            bounded.invalidateAll();
            bounded.put(1, 1);
        });
    }

    @Test
    void showsWhichCacheHasGrown() {
        load("earlier");
        int block = here() + 1;
        String text = textOf(() -> assertCacheGrowthAtMost(1, () -> {
            load("theme");
            load("theme");
        }));

        assertThat(text).isEqualTo("""
                Expected no cache to grow by more than 1 entry in the block at (CacheGrowthTests.java:%d), but "memo" grew by 2

                  cache memo  1 before, 3 after: 2 new entries [theme@2, theme@3]

                  What to do: if the block asks for the same again and again, something in the key changes from call to call.
                    If it asks for much, give the cache a bound: a largest size, or a time to live.""".formatted(block));
        assertThat(textOf(() -> QueryAssertions.describedAs("three loads")
                        .because("a site has one theme")
                        .assertCacheGrowthAtMost(0, () -> load("theme"))))
                .contains("more than 0 entries in three loads", "because     a site has one theme");
    }

    @Test
    void aBlockThatMeetsNoCacheShowsNothing() {
        int block = here() + 1;
        String text = textOf(() -> assertCacheGrowthAtMost(1, () -> {}));

        assertThat(text).isEqualTo("""
                No registered cache was met by the block at (CacheGrowthTests.java:%d), so it shows nothing that none has grown

                  registered  memo, bounded

                  What to do: register the cache that it is about, and make it cold before: one that holds all already does not
                    grow, and if it does not count its reads, that it was read is not seen (Caffeine: recordStats()).""".formatted(block));
        scope.close();
        scope = open(Settings.Mode.ENFORCE, CacheRegistry.create());
        assertThat(textOf(() -> assertCacheGrowthAtMost(1, () -> {}))).isEqualTo("""
                No cache is registered, so it cannot be known whether one grows

                  What to do: register the caches that the block uses: @RegisterCache on a field of the test, with
                    @CacheIsolation on its class, or a CacheRegistrar once per project.""");
    }

    @Test
    void workThatGoesOnIsNotJudged() {
        CompletableFuture<Object> later = new CompletableFuture<>();
        assertThat(textOf(() -> assertCacheGrowthAtMost(1, () -> later)))
                .contains("The work may not have run", "returned a Future that is not done");
    }

    @Test
    void onlyLooksWhereNothingIsEnforced() {
        scope.close();
        scope = open(Settings.Mode.REPORT, CacheRegistry.create().add("memo", () -> memo));
        assertThat(assertCacheGrowthAtMost(0, () -> load("theme"))).isEqualTo("loaded");
        scope.close();
        scope = open(Settings.Mode.OFF, CacheRegistry.create());
        assertThat(assertCacheGrowthAtMost(0, () -> load("theme"))).isEqualTo("loaded");
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is refused
    void refusesBadInput() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertCacheGrowthAtMost(-1, () -> {}))
                .withMessage("entries must not be negative, but is -1");
        assertThatNullPointerException()
                .isThrownBy(() -> assertCacheGrowthAtMost(1, (Callable<Object>) null))
                .withMessage("block must not be null");
    }
}
