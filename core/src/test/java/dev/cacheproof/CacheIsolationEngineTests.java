package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.AssertionFailedError;

class CacheIsolationEngineTests {

    private final Object run = new Object();
    private final CacheRegistry registry = CacheRegistry.create();
    private final CacheIsolationEngine engine = CacheIsolationEngine.of(registry);
    private final Scope scope = Neighbour.claiming("CacheIsolationEngineTests", run);

    @AfterEach
    void closeScope() {
        scope.close();
    }

    @Test
    void resetsEveryCache() {
        FakeCache themes = new FakeCache();
        FakeCache prices = new FakeCache();
        registry.add("themes", () -> themes).add("prices", () -> prices);
        ThreadKind.all().forEach(kind -> engine.reset());

        int times = ThreadKind.all().size();
        assertThat(themes.resets).hasValue(times);
        assertThat(prices.resets).hasValue(times);
    }

    @Test
    void resetsWhatTheTestRegisteredFromAnywhere() {
        FakeCache themes = new FakeCache();
        registry.add("themes", () -> themes);
        scope.test().orElseThrow().registry(registry);
        try (Scope inner = Scope.open("inner")) {
            CacheIsolationEngine.resetAll();

            assertThat(inner.root()).isSameAs(scope);
            assertThat(themes.resets).hasValue(1);
        }
    }

    @Test
    void resetsNothingWhereNothingIsRegistered() {
        engine.reset();

        assertThat(engine.ids()).isEmpty();
        assertThat(engine.views()).isEmpty();
    }

    @Test
    void resetsTheOthersAlthoughOneFails() {
        FakeCache broken = new FakeCache(() -> {
            throw new java.io.IOException("connection refused");
        });
        FakeCache stuck = new FakeCache(() -> {
            throw new IllegalStateException("The server that holds it has gone.");
        });
        FakeCache last = new FakeCache();
        registry.add("themes", () -> broken)
                .add("prices", () -> stuck)
                .add("flags", () -> {
                    throw new NoClassDefFoundError("com/shop/Flags");
                })
                .add("outlines", () -> last);

        assertThatThrownBy(engine::reset)
                .isInstanceOf(AssertionFailedError.class)
                .hasMessage("""
                        3 of 4 caches could not be made cold

                          flags   java.lang.NoClassDefFoundError: com/shop/Flags
                          themes  java.io.IOException: connection refused
                          prices  The server that holds it has gone.""")
                .satisfies(error -> assertThat(error.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("com/shop/Flags", "connection refused", "The server that holds it has gone."));
        assertThat(last.resets).hasValue(1);
    }

    @Test
    void aCacheThatFailsWithAnErrorIsOneThatFails() {
        FakeCache last = new FakeCache();
        registry.add(
                        "themes",
                        () -> new FakeCache(() -> {
                            throw new AssertionError("of the cache");
                        }))
                .add("prices", () -> {
                    throw new AssertionError("of the supplier");
                })
                .add("flags", () -> last);

        assertThatThrownBy(engine::reset)
                .hasMessageStartingWith("2 of 3 caches could not be made cold")
                .hasMessageContaining("themes  java.lang.AssertionError: of the cache")
                .hasMessageContaining("prices  java.lang.AssertionError: of the supplier");
        assertThat(last.resets).hasValue(1);
    }

    @Test
    void speaksOfOneCacheAsOne() {
        registry.add("themes", () -> {
            throw new IllegalStateException("Not started.");
        });

        assertThatThrownBy(engine::reset).hasMessageStartingWith("1 of 1 cache could not be made cold");
    }

    @ParameterizedTest
    @EnumSource(
            value = Settings.Mode.class,
            names = {"REPORT", "OFF"})
    void resetsNothingUnlessItEnforces(Settings.Mode mode) {
        FakeCache themes = new FakeCache();
        registry.add("themes", () -> themes);
        Settings settings =
                Settings.resolve(name -> name.equals("cacheproof.mode") ? Optional.of(mode.name()) : Optional.empty());
        RunningTest test = RunningTest.claiming("id", "reporting", new Object(), Set.of(), settings);
        try (Scope other = Neighbour.undeclared("another", run);
                Scope mine = Neighbour.open(test)) {
            engine.reset();

            assertThat(other.root()).isNotSameAs(mine);
            assertThat(themes.resets).hasValue(0);
        }
    }

    @Test
    void showsWhatCachesHold() {
        registry.add("themes", FakeCache::new).add("prices", FakeCache::new);

        assertThat(engine.views())
                .containsExactly(
                        Map.entry("themes", new CacheView(3, List.of("a", "b", "c"), -1)),
                        Map.entry("prices", new CacheView(3, List.of("a", "b", "c"), -1)));
        assertThat(engine.describe())
                .containsExactly(
                        "themes (fake; reset by: count; 3 entries)", "prices (fake; reset by: count; 3 entries)");
        assertThat(engine.ids()).containsExactly("themes", "prices");
    }

    @Test
    void resetsTheCachesOfOneSortAlone() {
        FakeCache themes = new FakeCache();
        FakeCache emptied = new FakeCache() {
            @Override
            public boolean outlivesProcess() {
                return true;
            }
        };
        registry.add("themes", () -> themes).add("prices", () -> emptied);

        engine.where(CacheHandle::outlivesProcess).reset();

        assertThat(emptied.resets).hasValue(1);
        assertThat(themes.resets).hasValue(0);
    }

    @Test
    void resetsNothingWhereNoCacheIsOfTheSort() {
        FakeCache themes = new FakeCache();
        registry.add("themes", () -> themes);
        CacheIsolationEngine none = engine.where(CacheHandle::outlivesProcess);

        none.reset();

        assertThat(none.isEmpty()).isTrue();
        assertThat(themes.resets).hasValue(0);
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesWhatItCannotWorkWith() {
        assertThatNullPointerException()
                .isThrownBy(() -> CacheIsolationEngine.of(null))
                .withMessage("registry");
        assertThatNullPointerException()
                .isThrownBy(() -> engine.withTimeout(null))
                .withMessage("timeout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.withTimeout(Duration.ZERO))
                .withMessage("timeout must be positive, but is PT0S");
    }
}
