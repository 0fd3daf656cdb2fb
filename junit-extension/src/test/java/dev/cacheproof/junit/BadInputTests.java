package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.CacheRegistrar;
import dev.cacheproof.CacheRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a user gets wrong, and reads. Each text is pinned once, here. */
class BadInputTests {

    private static Throwable onlyFailure(Class<?> testCase) {
        InnerSuite.of(testCase).launch().onlyFailure();
        return InnerSuite.of(testCase).run().onlyFailure();
    }

    @Test
    void noCache() {
        assertThat(onlyFailure(NoCacheTestCase.class))
                .isInstanceOf(AssertionError.class)
                .hasMessage("""
                @CacheIsolation on NoCacheTestCase finds no cache to isolate

                  What to do: register one: on a field of the test class,
                      @RegisterCache static final Cache<String, Price> PRICES = Prices.CACHE;
                    or once for the project, in a class that META-INF/services/dev.cacheproof.CacheRegistrar names,
                      public void register(CacheRegistry caches) { caches.add("prices", () -> Prices.CACHE); }""");
    }

    @CacheIsolation
    static class NoCacheTestCase {
        @Test
        void test() {}
    }

    @Test
    void aFieldThatIsNull() {
        assertThat(onlyFailure(NullFieldTestCase.class)).hasMessage("""
                1 of 1 cache could not be made cold

                  NullFieldTestCase.memo  @RegisterCache field NullFieldTestCase.memo is null. Assign the cache where the field is declared, or in a @BeforeAll or @BeforeEach method.""");
    }

    @CacheIsolation
    static class NullFieldTestCase {
        @RegisterCache
        @Nullable
        Map<String, String> memo;

        @Test
        void test() {}
    }

    @Test
    void aFieldThatHoldsNoCache() {
        assertThat(onlyFailure(NoCacheInFieldTestCase.class)).hasMessage("""
                1 of 1 cache could not be made cold

                  NoCacheInFieldTestCase.TEXT  Cache "NoCacheInFieldTestCase.TEXT", registered at field NoCacheInFieldTestCase.TEXT, is a java.lang.String, which is no cache that is known here. Known: Caffeine's Cache and AsyncCache, java.util.Map, java.lang.ThreadLocal, RedisNamespace, FakeRedis; or implement dev.cacheproof.CacheHandle for it.""");
    }

    @CacheIsolation
    static class NoCacheInFieldTestCase {
        @RegisterCache
        static final Object TEXT = "text";

        @Test
        void test() {}
    }

    @Test
    void twoFieldsWithOneId() {
        assertThat(onlyFailure(TwiceTestCase.class))
                .hasMessage("Cache \"prices\" is registered twice: at field TwiceTestCase.ONE and at field"
                        + " TwiceTestCase.two. Give each cache an id of its own, or remove one of the two.");
    }

    @CacheIsolation
    static class TwiceTestCase {
        @RegisterCache("prices")
        static final Map<String, String> ONE = new ConcurrentHashMap<>();

        @RegisterCache("prices")
        final Map<String, String> two = new ConcurrentHashMap<>();

        @Test
        void test() {}
    }

    @Test
    void aFieldWithTheIdOfARegistrar() {
        assertThat(FreshProcess.call(FieldAndRegistrar.class, PricesCaches.class))
                .singleElement()
                .asString()
                .matches("Cache \"prices\" is registered twice: at \\(BadInputTests.java:\\d+\\) and at field"
                        + " FieldAndRegistrarTestCase.MEMO\\. Give each .*");
    }

    public static final class PricesCaches implements CacheRegistrar {
        @Override
        public void register(CacheRegistry caches) {
            caches.add("prices", () -> FieldAndRegistrarTestCase.MEMO);
        }
    }

    public static final class FieldAndRegistrar implements Callable<List<String>> {
        @Override
        public List<String> call() {
            return List.of(
                    String.valueOf(onlyFailure(FieldAndRegistrarTestCase.class).getMessage()));
        }
    }

    @CacheIsolation
    static class FieldAndRegistrarTestCase {
        @RegisterCache("prices")
        static final Map<String, String> MEMO = new ConcurrentHashMap<>();

        @Test
        void test() {}
    }

    @Test
    void aRegistrarThatThrows() {
        assertThat(FreshProcess.call(TwoSuites.class, ThrowingCaches.class))
                .containsExactly(
                        "CacheRegistrar " + ThrowingCaches.class.getName() + " failed: java.lang.IllegalStateException:"
                                + " no pool. No cache can be isolated until it works; mend its register method.",
                        // Neither the discovery nor the tests that are not isolated may suffer from it.
                        "failed 1 of 2");
    }

    public static final class ThrowingCaches implements CacheRegistrar {
        @Override
        public void register(CacheRegistry caches) {
            throw new IllegalStateException("no pool");
        }
    }

    public static final class TwoSuites implements Callable<List<String>> {
        @Override
        public List<String> call() {
            Outcome outcome = InnerSuite.of(FieldAndRegistrarTestCase.class, NotIsolatedTestCase.class)
                    .launch()
                    .someFail(1, 2);
            return List.of(
                    String.valueOf(onlyFailure(FieldAndRegistrarTestCase.class).getMessage()),
                    "failed " + outcome.failures().size() + " of "
                            + outcome.tests().size());
        }
    }

    static class NotIsolatedTestCase {
        @Test
        void test() {}
    }

    @Test
    void aRegistrarThatDoesNotExist() {
        List<String> texts = FreshProcess.call(TwoSuites.class, "com.example.Missing");

        assertThat(texts.get(0))
                .startsWith("A CacheRegistrar could not be loaded: ")
                .contains("com.example.Missing", "META-INF/services/dev.cacheproof.CacheRegistrar");
        assertThat(texts.get(1)).isEqualTo("failed 1 of 2");
    }

    @Test
    void anUnknownId() {
        assertThat(onlyFailure(UnknownIdTestCase.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("@CacheIsolation(only = ...) names [prizes], but no cache is registered under that id."
                        + " Registered: [prices]. Name one of these, or register the cache: @RegisterCache on a field,"
                        + " or a CacheRegistrar.");
    }

    @CacheIsolation(only = {"prices", "prizes"})
    static class UnknownIdTestCase {
        @RegisterCache("prices")
        static final Map<String, String> MEMO = new ConcurrentHashMap<>();

        @Test
        void test() {}
    }

    @Test
    void aModeThatDoesNotExist() {
        InnerSuite suite = InnerSuite.of(AnyModeTestCase.class).with("cacheproof.mode", "loud");

        assertThat(suite.run().onlyFailure())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cacheproof.mode is \"loud\", but must be one of enforce, report, off");
        assertThat(suite.launch().onlyFailure()).hasMessageContaining("\"loud\"");
    }

    @CacheIsolation
    static class AnyModeTestCase {
        @RegisterCache
        static final Map<String, String> MEMO = new ConcurrentHashMap<>();

        @Test
        void test() {}
    }

    @Test
    void aFinalFieldThatIsToBeWatched() {
        assertThat(onlyFailure(WatchedFinalTestCase.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "@RegisterCache(watch = true) on field WatchedFinalTestCase.MEMO, which is final: it must be a"
                                + " field that can be given another cache, of the type Map, Cache, LoadingCache or ThreadLocal.");
    }

    @CacheIsolation
    static class WatchedFinalTestCase {
        @RegisterCache(watch = true)
        static final Map<String, String> MEMO = new ConcurrentHashMap<>();

        @Test
        void test() {}
    }

    @Test
    void aScopeThatATestLeavesOpen() {
        assertThat(onlyFailure(LeavingTestCase.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Scope \"LeavingTestCase > test()\" was left before the scopes inside it: [outer, inner]."
                        + " Close the inner scope first; try-with-resources does.");
        assertThat(LeavingTestCase.MEMO).isEmpty();
    }

    @CacheIsolation
    static class LeavingTestCase {
        @RegisterCache
        static final Map<String, String> MEMO = new ConcurrentHashMap<>();

        @Test
        @SuppressWarnings("MustBeClosedChecker")
        void test() {
            MEMO.put("key", "value");
            dev.cacheproof.Scope.open("outer");
            dev.cacheproof.Scope.open("inner");
        }
    }
}
