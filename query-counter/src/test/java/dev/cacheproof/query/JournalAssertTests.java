package dev.cacheproof.query;

import static dev.cacheproof.query.CacheWriteExpectation.expiring;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.JournalAssert.assertThat;
import static dev.cacheproof.query.QueryExpectation.exactly;
import static dev.cacheproof.query.QueryExpectation.none;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Journal;
import dev.cacheproof.Loads;
import dev.cacheproof.Operation;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/** What was asked for in a scope, in the style of AssertJ. */
@ResourceLock("unattributed queries")
class JournalAssertTests {

    private final RunningTest test =
            RunningTest.undeclared("assertj " + hashCode(), "assertj", new Object(), Settings.current());

    @AutoClose
    final Scope root = Scope.named("assertj").root().test(test).open();

    @AutoClose
    final FakeRedis redis = FakeRedis.builder().name("shop redis").start();

    @AutoClose
    final Database db = new Database();

    private final Jedis jedis = new Jedis(InProcessJedis.of(redis));

    @AfterEach
    void close() {
        jedis.close();
    }

    @Test
    void passesWhereAllIsAsItShouldBe() {
        try (Scope scope = Scope.named("checkout").callSites().open()) {
            db.name(1);
            db.execute("delete from item where id = 2");
            jedis.set("a", "1", SetParams.setParams().ex(60));
            jedis.get("a");
            Loads.counted("theme files", () -> "theme");

            assertThat(scope.journal())
                    .hasNumQueries(2)
                    .hasQueries(exactly(1).reads().and(exactly(1).deletes().onTable("item")))
                    .hasCacheRoundTrips(2)
                    .hasNumLoads(1)
                    .hasCacheWrites(expiring())
                    .hasNoNPlusOne()
                    .hasNoDuplicates();
            assertThat(scope.journal().sql()).hasNumQueries(2);
            assertThat(scope.journal().of(db.name()::equals)).hasNumQueries(2);
            assertThat(scope.journal().sql().operations())
                    .extracting(Operation::shape)
                    .as("a list is for AssertJ's own assertions")
                    .containsExactly(Database.BY_ID, "delete from item where id = ?");
        }
    }

    @Test
    void namesTheScopeInTheUsualTexts() {
        try (Scope scope = Scope.named("checkout").callSites().open()) {
            List.of(1, 2, 1).forEach(db::name);
            jedis.set("a", "1");
            Journal journal = scope.journal();

            assertThat(textOf(() -> assertThat(journal).hasNumQueries(2)))
                    .startsWith("Expected 2 queries, but 3 ran in the scope \"checkout\"\n");
            assertThat(textOf(() -> assertThat(journal.sql())
                            .as("%s request", "the second")
                            .hasNumQueries(2)))
                    .startsWith("Expected 2 queries, but 3 ran in the second request\n");
            assertThat(textOf(() -> assertThat(journal).hasQueries(none().reads())))
                    .startsWith("Expected no reads, but 3 ran in the scope \"checkout\"\n");
            assertThat(textOf(() -> assertThat(journal).hasCacheRoundTrips(0)))
                    .startsWith("Expected 0 cache round trips, but 1 was made in the scope \"checkout\"\n");
            assertThat(textOf(() -> assertThat(journal).hasCacheWrites(expiring())))
                    .startsWith("Of the cache writes in the scope \"checkout\", expected every entry to expire");
            assertThat(textOf(() -> assertThat(journal).hasNoNPlusOne()))
                    .startsWith("Expected no N+1 in the scope \"checkout\", but there is one\n");
            assertThat(textOf(() -> assertThat(journal).hasNoDuplicates()))
                    .startsWith("Expected nothing to be read twice in the scope \"checkout\", but there is one\n");
            assertThat(textOf(() -> assertThat(journal).hasNumLoads(1)))
                    .startsWith("No loads were counted in this test so far");
        }
    }

    @Test
    void doesNotBelieveWhatIsNotCertain() {
        try (Scope scope = Scope.open("checkout")) {
            CompletableFuture.runAsync(() -> db.name(1), task -> new Thread(task, "worker").start())
                    .join();

            assertThat(textOf(() -> assertThat(scope.journal()).hasNumQueries(0)))
                    .contains("and none ran in the scope \"checkout\"; but 1 more, on another thread, may be");
            assertThat(scope.journal().ignoring("worker"::equals)).hasNumQueries(0);

            CountDownLatch release = new CountDownLatch(1);
            CompletableFuture<Void> handedOver = CompletableFuture.runAsync(
                    scope.wrap((Runnable) () -> await(release)), task -> new Thread(task, "handed").start());
            assertThat(textOf(() -> assertThat(scope.journal().ignoring("worker"::equals))
                            .hasNumQueries(0)))
                    .startsWith("The work has not ended: the scope \"checkout\" returned");
            release.countDown();
            handedOver.join();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is refused
    void refusesAViewThatDoesNotShowWhatIsAskedFor() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThat(root.journal().commands()).hasNumQueries(0))
                .withMessage("journal must show QUERY, but was narrowed to [COMMAND]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThat(root.journal().sql()).hasCacheWrites(expiring()))
                .withMessage("journal must show COMMAND, but was narrowed to [QUERY]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThat(root.journal().of("typo"::equals)).hasQueries(none()))
                .withMessageStartingWith(
                        "journal must be of something that is watched, but was narrowed to others. Watched: [")
                .withMessageContaining(db.name());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThat(root.journal().roundTrips()).hasNoDuplicates())
                .withMessage("journal must show all commands of a pipeline, but was narrowed to round trips");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThat(root.journal()).hasNumQueries(-1))
                .withMessageContaining("must not be negative, but is -1");
        assertThatThrownBy(() -> assertThat((Journal) null).hasNumQueries(0))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expecting actual not to be null");
    }

    @Test
    void keepsToTheCustomsOfAssertJ() {
        assertThat(textOf(() -> assertThat(root.journal())
                        .withFailMessage("one %s is enough", "query")
                        .hasNumQueries(1)))
                .isEqualTo("one query is enough");
        SoftAssertions softly = new SoftAssertions();
        softly.proxy(JournalAssert.class, Journal.class, root.journal())
                .hasNumQueries(1)
                .hasCacheRoundTrips(2);
        Assertions.assertThat(softly.errorsCollected())
                .extracting(Throwable::getMessage)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("Expected 1 query, but 0 ran in the scope \"assertj\""),
                        second -> assertThat(second).startsWith("Expected 2 cache round trips, but 0 were made"));
    }

    @Test
    void findsNoNPlusOneWithoutLines() {
        assertThatIllegalStateException()
                .isThrownBy(() -> assertThat(root.journal()).hasNoNPlusOne())
                .withMessage("What is asked for from one line cannot be told: the scope \"assertj\" records no lines."
                        + " Open it with Scope.named(\"assertj\").callSites().open().");
    }
}
