package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

/** Who may reset a cache of the whole process while another test runs. */
class NeighbourTests {

    private final Object run = new Object();
    private final FakeCache prices = new FakeCache();
    private final FakeCache own = new FakeCache();
    private final CacheIsolationEngine engine = CacheIsolationEngine.of(
            CacheRegistry.create().add("prices", () -> prices).addField("own", "field own", false, () -> own, null));

    @Test
    void aTestThatLockedNothingMayBeUsingTheCache() {
        try (Scope other = Neighbour.undeclared("OtherTests > other", run);
                Scope mine = Neighbour.claiming("MineTests > mine", run, "prices")) {
            assertThat(other.root()).isNotSameAs(mine.root());
            assertThatThrownBy(engine::reset)
                    .isInstanceOf(AssertionFailedError.class)
                    .hasMessage("""
                            Cache "prices" was about to be reset under a test that runs at the same time

                              reset by  MineTests > mine
                              while     OtherTests > other runs, without the cache's lock

                              What to do: annotate OtherTests > other with @CacheIsolation, so that the two wait for each other.
                                If the tests without it use no cache, say so once: cacheproof.undeclared = trusted""");
            assertThat(prices.resets).hasValue(0);
            assertThat(own.resets).hasValue(0);
        }
    }

    /** What a watched cache was asked is in the journal of the test that asked. */
    @Test
    void aTrustedTestThatWasSeenToUseTheCacheIsNotTrusted() {
        Settings trusting = Settings.resolve(
                name -> name.equals("cacheproof.undeclared") ? Optional.of("trusted") : Optional.empty());
        Recorder prices = Recorder.watching(Operation.Kind.CACHE, "prices");
        try (Scope other = Neighbour.open(RunningTest.undeclared("other", "OtherTests > other", run, trusting));
                Scope mine = Neighbour.claiming("MineTests > mine", run, "prices")) {
            engine.reset();
            assertThat(this.prices.resets).as("while nothing was seen").hasValue(1);

            try (Scope.Attachment working = other.attach()) {
                prices.begin(prices.request("GET x")).end(Operation.Outcome.of(Operation.Outcome.Status.MISS));
            }
            assertThat(Scope.current()).contains(mine);
            assertThatThrownBy(engine::reset).hasMessageContaining("OtherTests > other runs, without the cache's lock");
        }
    }

    @Test
    void aTestThatLockedTheCacheIsNotDisturbedByOneThatDidNot() {
        try (Scope other = Neighbour.claiming("OtherTests > other", run, "prices");
                Scope mine = Neighbour.undeclared("MineTests > mine", run)) {
            assertThat(other.root()).isNotSameAs(mine.root());
            assertThatThrownBy(engine::reset)
                    .isInstanceOf(AssertionFailedError.class)
                    .hasMessage("""
                            Cache "prices" was about to be reset under a test that runs at the same time

                              reset by  MineTests > mine
                              while     OtherTests > other runs

                              What to do: annotate MineTests > mine with @CacheIsolation, so that it locks what it uses.""");
            assertThat(prices.resets).hasValue(0);
        }
    }

    @Test
    void whoeverChangesMoreThanEntriesMustBeAlone() {
        try (Scope mine = Neighbour.claiming("MineTests > mine", run, "prices")) {
            assertThatCode(() -> engine.requireAlone("moved in time")).doesNotThrowAnyException();
            try (Scope other = Neighbour.undeclared("OtherTests > other", run)) {
                assertThatThrownBy(() -> engine.requireAlone("moved in time"))
                        .hasMessageContainingAll(
                                "Cache \"prices\" was about to be moved in time under a test that runs at the same time",
                                "moved in time by");
            }
        }
    }

    @Test
    void aTestOfAnotherApplicationIsNotDisturbed() {
        CacheIsolationEngine ofApplication =
                CacheIsolationEngine.of(CacheRegistry.create().addWithin("shop", "shop's prices", () -> prices));
        RunningTest elsewhere = RunningTest.undeclared("ElseTests > else", "ElseTests > else", run, Settings.current());
        RunningTest inside = RunningTest.undeclared("ShopTests > shop", "ShopTests > shop", run, Settings.current());
        RunningTest anywhere = RunningTest.undeclared("AnyTests > any", "AnyTests > any", run, Settings.current());
        elsewhere.runIn(Set.of("office", "company"));
        inside.runIn(Set.of("shop", "company"));
        try (Scope mine = Neighbour.claiming("MineTests > mine", run, "shop");
                Scope stranger = Neighbour.open(elsewhere)) {
            try (Scope.Attachment resetting = mine.attach()) {
                ofApplication.reset();
            }
            for (RunningTest user : List.of(inside, anywhere)) {
                try (Scope using = Neighbour.open(user);
                        Scope.Attachment resetting = mine.attach()) {
                    assertThatThrownBy(ofApplication::reset)
                            .hasMessageContaining("while     " + using.name() + " runs, without the cache's lock")
                            .hasMessageNotContaining(stranger.name());
                }
            }
        }
        assertThat(prices.resets).hasValue(1);
    }

    @Test
    void aCacheOfAnApplicationMayLieInAnotherOneToo() {
        CacheIsolationEngine ofApplication =
                CacheIsolationEngine.of(CacheRegistry.create().addOf("shop", "shop's prices", () -> prices));
        RunningTest elsewhere = RunningTest.undeclared("ElseTests > else", "ElseTests > else", run, Settings.current());
        elsewhere.runIn(Set.of("office"));
        try (Scope mine = Neighbour.claiming("MineTests > mine", run, "shop");
                Scope stranger = Neighbour.open(elsewhere);
                Scope.Attachment resetting = mine.attach()) {
            assertThatThrownBy(ofApplication::reset)
                    .hasMessageContaining("while     " + stranger.name() + " runs, without the cache's lock");
        }
    }

    /** Tests of other classes cannot reach what a field of a test class holds. */
    @Test
    void aTestOutOfReachOfTheCacheIsNotDisturbed() {
        RunningTest user = RunningTest.undeclared("UserTests > user", "UserTests > user", run, Settings.current());
        CacheIsolationEngine ofField = CacheIsolationEngine.of(
                CacheRegistry.create().addField("shared", "field shared", user::equals, () -> prices));
        try (Scope stranger = Neighbour.undeclared("OtherTests > other", run);
                Scope mine = Neighbour.undeclared("MineTests > mine", run)) {
            assertThat(stranger.root()).isNotSameAs(mine.root());
            assertThatCode(() -> ofField.requireAlone("moved in time")).doesNotThrowAnyException();
            ofField.reset();
            assertThat(prices.resets).hasValue(1);
            try (Scope using = Neighbour.open(user)) {
                using.attach().close();
                assertThatCode(() -> ofField.requireAlone("moved in time"))
                        .as("the user itself")
                        .doesNotThrowAnyException();
                try (Scope.Attachment attached = mine.attach()) {
                    assertThatThrownBy(() -> ofField.requireAlone("moved in time"))
                            .hasMessageContaining("UserTests > user runs, without the cache's lock")
                            .hasMessageEndingWith("so that the two wait for each other.");
                }
            }
        }
    }

    @Test
    void aThreadOfNoTestWorksForTheOnlyTestThatCanUseTheCache() {
        RunningTest first = RunningTest.undeclared("FirstTests > first", "FirstTests > first", run, Settings.current());
        RunningTest second =
                RunningTest.undeclared("SecondTests > second", "SecondTests > second", run, Settings.current());
        CacheIsolationEngine ofField = CacheIsolationEngine.of(CacheRegistry.create()
                .addField("shared", "field shared", test -> test == first || test == second, () -> prices));
        try (Scope using = Neighbour.open(first)) {
            assertThat(onUnknownThread(() -> ofField.requireAlone("moved in time")))
                    .as("beside %s", using)
                    .isEmpty();
            try (Scope usingToo = Neighbour.open(second)) {
                assertThat(onUnknownThread(() -> ofField.requireAlone("moved in time")))
                        .as("beside %s", usingToo)
                        .get()
                        .asString()
                        .contains("a thread that works for no test");
            }
        }
    }

    private static Optional<Throwable> onUnknownThread(Runnable task) {
        FutureTask<Void> future = new FutureTask<>(task, null);
        new Thread(future, "unknown").start();
        try {
            future.get(20, TimeUnit.SECONDS);
            return Optional.empty();
        } catch (ExecutionException failed) {
            return Optional.ofNullable(failed.getCause());
        } catch (InterruptedException | TimeoutException stuck) {
            throw new AssertionError(stuck);
        }
    }

    @Test
    void namesEveryCacheThatWouldBeReset() {
        CacheRegistry two = CacheRegistry.create().add("prices", FakeCache::new).add("themes", FakeCache::new);
        try (Scope other = Neighbour.undeclared("OtherTests > other", run);
                Scope mine = Neighbour.claiming("MineTests > mine", run, "prices", "themes")) {
            assertThat(other.root()).isNotSameAs(mine.root());
            assertThatThrownBy(CacheIsolationEngine.of(two)::reset)
                    .hasMessageStartingWith("Cache \"prices\", \"themes\" was about to be reset");
        }
    }

    @Test
    void aTestThatLockedOtherCachesIsNotDisturbed() {
        try (Scope other = Neighbour.claiming("OtherTests > other", run, "themes");
                Scope mine = Neighbour.undeclared("MineTests > mine", run)) {
            assertResets(other, mine);
        }
    }

    /** Two tests that both hold the lock cannot run at the same time: one waits inside the other's thread. */
    @Test
    void twoTestsThatBothLockedTheCacheDoNotMeet() {
        try (Scope other = Neighbour.claiming("OtherTests > other", run, "prices");
                Scope mine = Neighbour.claiming("MineTests > mine", run, "prices")) {
            assertResets(other, mine);
        }
    }

    @Test
    void aTestOfAnotherRunIsNotDisturbed() {
        try (Scope other = Neighbour.undeclared("OtherTests > other", new Object());
                Scope mine = Neighbour.claiming("MineTests > mine", run, "prices")) {
            assertResets(other, mine);
        }
    }

    @Test
    void aTestMayResetUnderItself() {
        try (Scope mine = Neighbour.undeclared("MineTests > mine", run);
                Scope inner = Scope.open("inner")) {
            assertThat(inner.root()).isSameAs(mine);
            assertResets(inner, mine);
        }
    }

    @Test
    void aCacheOfTheTestsOwnDisturbsNobody() {
        CacheRegistry mineAlone = CacheRegistry.create().addField("own", "field own", false, () -> own, null);
        try (Scope other = Neighbour.undeclared("OtherTests > other", run);
                Scope mine = Neighbour.undeclared("MineTests > mine", run)) {
            assertThat(other.root()).isNotSameAs(mine.root());
            assertThatCode(CacheIsolationEngine.of(mineAlone)::reset).doesNotThrowAnyException();
            assertThat(own.resets).hasValue(1);
        }
    }

    /** Both know it by the same object, which a cache of the process could not be. */
    @Test
    void aCacheWithAPartForEachTestDisturbsNobody() {
        CacheRegistry outlines = CacheRegistry.create().addPerTest("outlines", () -> own);
        CacheRegistry aliased = CacheRegistry.create().addPerTest("alias", () -> own);
        try (Scope other = Neighbour.undeclared("OtherTests > other", run);
                Scope mine = Neighbour.claiming("MineTests > mine", run)) {
            other.test().orElseThrow().registry(aliased);
            CacheIsolationEngine.of(aliased).views();
            assertThat(other.root()).isNotSameAs(mine.root());
            assertThatCode(CacheIsolationEngine.of(outlines)::reset).doesNotThrowAnyException();
            assertThat(own.resets).hasValue(1);
        }
    }

    @Test
    void aTestThatHasEndedIsNotDisturbed() {
        Neighbour.undeclared("OtherTests > other", run).close();
        try (Scope mine = Neighbour.claiming("MineTests > mine", run, "prices")) {
            assertResets(mine, mine);
        }
    }

    private void assertResets(Scope other, Scope mine) {
        assertThat(other.isClosed()).isFalse();
        assertThat(mine.isClosed()).isFalse();
        engine.reset();
        assertThat(prices.resets).hasValue(1);
        assertThat(own.resets).hasValue(1);
    }

    /** Which caches an application has is not known when tests are locked. */
    @Test
    void testsOfOneApplicationLockItAndNotEachOfItsCaches() {
        FakeCache cache = new FakeCache();
        CacheIsolationEngine ofApplication =
                CacheIsolationEngine.of(CacheRegistry.create().addOf("application", "themes", () -> cache));
        try (Scope other = Neighbour.claiming("OtherTests > other", run, "application");
                Scope mine = Neighbour.claiming("MineTests > mine", run, "themes")) {
            assertThat(other.root()).isNotSameAs(mine.root());
            assertThatThrownBy(ofApplication::reset).hasMessageContaining("while     OtherTests > other runs");
        }
        try (Scope other = Neighbour.claiming("OtherTests > other", run, "themes");
                Scope mine = Neighbour.claiming("MineTests > mine", run, "application")) {
            assertThat(other.root()).isNotSameAs(mine.root());
            ofApplication.reset();
        }
        assertThat(cache.resets).hasValue(1);
    }
}
