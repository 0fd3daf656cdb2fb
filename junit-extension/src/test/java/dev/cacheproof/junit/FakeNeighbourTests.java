package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.redis.FakeRedis;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that share a fake and are not isolated, so that nothing keeps them apart. */
@SuppressWarnings("NullAway.Init")
class FakeNeighbourTests {

    /** Lets the second test begin while the first one runs, and run on until that has done what it is for. */
    private static final class Together {
        static String change = "";
        static CountDownLatch firstRuns = new CountDownLatch(1);
        static CountDownLatch secondRuns = new CountDownLatch(1);
        static CountDownLatch firstIsDone = new CountDownLatch(1);

        static void begin(String what) {
            change = what;
            firstRuns = new CountDownLatch(1);
            secondRuns = new CountDownLatch(1);
            firstIsDone = new CountDownLatch(1);
        }

        static void await(CountDownLatch latch) throws InterruptedException {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    abstract static class SharingTestCase {
        @Fake
        static FakeRedis redis;

        static void disturb(String change) {
            switch (change) {
                case "given a fault" -> redis.faults().begin(Condition.DOWN);
                case "cleared of faults" -> redis.faults().clear();
                case "moved in time" -> redis.clock().advance(Duration.ofSeconds(1));
                case "frozen in time" -> redis.clock().freeze();
                case "emptied" -> redis.clear();
                default -> throw new AssertionError(change);
            }
        }
    }

    static class FirstTestCase extends SharingTestCase {
        @Test
        void disturbs() throws InterruptedException {
            Together.firstRuns.countDown();
            Together.await(Together.secondRuns);
            try {
                disturb(Together.change);
            } finally {
                Together.firstIsDone.countDown();
            }
        }
    }

    /** Begins once the first test runs, and ends after that has done its work. */
    static class SecondTestCase extends SharingTestCase {
        @RegisterExtension
        @Order(Integer.MAX_VALUE)
        static final AfterEachCallback LONG = context -> {
            Together.secondRuns.countDown();
            Together.await(Together.firstIsDone);
        };

        @BeforeAll
        static void waits() throws InterruptedException {
            Together.await(Together.firstRuns);
        }

        @Test
        void usesTheFakeToo() {}
    }

    /** Two that neither wait for each other nor can share the fake: the one that comes later, and the one that harms it. */
    @ParameterizedTest
    @ValueSource(strings = {"given a fault", "cleared of faults", "moved in time", "frozen in time", "emptied"})
    void whoDisturbsAnotherTestIsToldSo(String change) {
        Together.begin(change);
        Outcome outcome = InnerSuite.of(FirstTestCase.class, SecondTestCase.class)
                .onThreads(2)
                .launch()
                .someFail(2, 2);

        assertThat(outcome.failureOf("usesTheFakeToo()"))
                .hasMessageContainingAll(
                        "Cache \"SharingTestCase.redis\" was about to be reset under a test",
                        "FirstTestCase > disturbs() runs, without the cache's lock");
        assertThat(outcome.failureOf("disturbs()")).hasMessage("""
                Cache "SharingTestCase.redis" was about to be %1$s under a test that runs at the same time

                  %1$s by  FirstTestCase > disturbs()
                  %2$s  SecondTestCase > usesTheFakeToo() runs, without the cache's lock

                  What to do: annotate SecondTestCase > usesTheFakeToo() with @CacheIsolation, so that the two wait for each other.""".formatted(
                        change, "while" + " ".repeat(change.length() + " by".length() - "while".length())));
    }

    /** Neither fails anything; the first says what would have failed. */
    @Test
    void whoDisturbsAnotherTestFailsOnlyWhereFailuresAreEnforced() {
        Together.begin("given a fault");
        InnerSuite suite =
                InnerSuite.of(FirstTestCase.class, SecondTestCase.class).onThreads(2);

        Outcome reported = suite.with("cacheproof.mode", "report").launch().allPass(2);

        assertThat(reported.reported("cacheproof.wouldFail"))
                .anyMatch(text -> text.contains("was about to be given a fault under a test"));
        Together.begin("given a fault");
        assertThat(suite.off().launch().allPass(2).reports()).isEmpty();
    }

    /** The trust is in tests that have no cache; these have the field. */
    @Test
    void whoHasTheFieldIsNotTrustedToUseNoCache() {
        Together.begin("given a fault");
        InnerSuite.of(FirstTestCase.class, SecondTestCase.class)
                .onThreads(2)
                .with("cacheproof.undeclared", "trusted")
                .launch()
                .someFail(2, 2);
    }

    /** Else a suite that runs in parallel could share no fake, as most tests of a suite are not isolated. */
    @ParameterizedTest
    @ValueSource(strings = {"given a fault", "cleared of faults", "moved in time", "frozen in time", "emptied"})
    void aTestWhoseClassHasNoSuchFieldIsNotDisturbed(String change) {
        Together.begin(change);

        InnerSuite.of(StrangerTestCase.class, AmongStrangersTestCase.class)
                .onThreads(2)
                .launch()
                .allPass(2);
    }

    static class StrangerTestCase {
        @Test
        void hasNoFake() throws InterruptedException {
            Together.firstRuns.countDown();
            Together.await(Together.firstIsDone);
        }
    }

    static class AmongStrangersTestCase extends SharingTestCase {
        @BeforeAll
        static void waits() throws InterruptedException {
            Together.await(Together.firstRuns);
        }

        @Test
        void disturbsNobody() {
            disturb(Together.change);
        }

        @AfterAll
        static void letsTheStrangerGo() {
            Together.firstIsDone.countDown();
        }
    }

    /** A thread that belongs to no test works for the only one that has the fake. */
    @Test
    void aThreadOfTheTestMayDisturbIt() {
        InnerSuite.of(ThreadsTestCase.class).launch().allPass(2);
    }

    static class ThreadsTestCase extends SharingTestCase {
        @RepeatedTest(2)
        void disturbs() throws Exception {
            ExecutorService pool = Executors.newSingleThreadExecutor();
            try {
                pool.submit(() -> disturb("given a fault")).get(20, TimeUnit.SECONDS);
                pool.submit(() -> disturb("moved in time")).get(20, TimeUnit.SECONDS);
            } finally {
                pool.shutdown();
            }
        }
    }
}
