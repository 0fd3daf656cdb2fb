package dev.cacheproof.query;

import static dev.cacheproof.query.CachingContract.loads;
import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.cold;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.CacheView;
import dev.cacheproof.Loads;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.opentest4j.AssertionFailedError;

/** What a block costs after the warm run: in a new request, after a restart, after a change. */
@ResourceLock("unattributed queries")
class FurtherRunTests {

    private final ThreadLocal<Map<String, String>> request = ThreadLocal.withInitial(HashMap::new);
    private final Map<String, String> process = new ConcurrentHashMap<>();
    private final Map<String, String> server = new ConcurrentHashMap<>();
    private final Map<String, String> truth = new ConcurrentHashMap<>(Map.of("title", "Why"));

    private final RunningTest test =
            RunningTest.undeclared("further " + hashCode(), "further", new Object(), Settings.current());

    @AutoClose
    final Scope scope = Scope.named("further").root().test(test).open();

    {
        test.registry(CacheRegistry.create()
                .add("request", () -> request)
                .add("process", () -> process)
                .add("server", () -> new OnAServer(server)));
    }

    private record OnAServer(Map<String, String> entries) implements CacheHandle {
        @Override
        public String kind() {
            return "a cache server";
        }

        @Override
        public String strategy() {
            return "clear";
        }

        @Override
        public void reset() {
            entries.clear();
        }

        @Override
        public boolean outlivesProcess() {
            return true;
        }

        @Override
        public CacheView view() {
            return CacheView.of(entries.size(), entries.keySet(), -1);
        }
    }

    /** Each tier is asked by a load of its own, but for the first. */
    private String fetch() {
        return request.get()
                .computeIfAbsent(
                        "title",
                        inRequest -> Loads.counted(
                                "process cache",
                                () -> process.computeIfAbsent(
                                        "title",
                                        inProcess -> Loads.counted(
                                                "cache server",
                                                () -> server.computeIfAbsent(
                                                        "title",
                                                        onServer -> Loads.counted(
                                                                "source",
                                                                () -> Objects.requireNonNull(truth.get("title"))))))));
    }

    @Test
    void costsMoreForEachTierThatIsCold() {
        assertCaching(loads("process cache").cold(1).warm(0).afterNewRequest(1).afterRestart(1), this::fetch);
        assertCaching(loads("cache server").cold(1).warm(0).afterNewRequest(0).afterRestart(1), this::fetch);
        assertCaching(loads("source").cold(1).warm(0).afterNewRequest(0).afterRestart(0), this::fetch);
        assertThat(scope.reports().get("cacheproof.caching"))
                .endsWith(
                        "warm 0, after a new request 0, after a restart 0 loads of \"source\"; met request (1 new entry"
                                + " [title]), process (1 new entry [title]), server (1 new entry [title])");
    }

    @Test
    void showsWhichRunBreaksTheContract() {
        assertThatExceptionOfType(AssertionFailedError.class)
                .isThrownBy(() -> assertCaching(
                        loads("cache server").cold(1).warm(0).afterNewRequest(1).afterRestart(0), this::fetch))
                .withMessageContainingAll(
                        "after a new request cost 0, expected 1 load of \"cache server\"; after a restart cost 1, expected 0",
                        "  cold run: 1 load of \"cache server\", as expected\n",
                        "  after a new request: 0 loads of \"cache server\", expected 1\n",
                        "  after a restart: 1 load of \"cache server\", expected 0\n    1x cache server\n",
                        "the run after a new request cost less than expected: a cache has answered that was to be cold or\n"
                                + "    evicted, or one that is not registered. If it may, expect 0.")
                .satisfies(failure -> {
                    assertThat(failure.getExpected().getValue())
                            .isEqualTo("cold 1, warm 0, after a new request 1, after a restart 0");
                    assertThat(failure.getActual().getValue())
                            .isEqualTo("cold 1, warm 0, after a new request 0, after a restart 1");
                });
    }

    @Test
    void tellsOfTheFurtherRunThatIsNotAsExpected() {
        assertThat(textOf(() -> assertCaching(
                        loads("cache server").cold(1).warm(0).afterNewRequest(0).afterRestart(0), this::fetch)))
                .startsWith("Caching is broken in the block")
                .contains(
                        "  after a new request: 0 loads of \"cache server\", as expected\n",
                        "the run after a restart cost more than expected. If it needs all that is listed above, expect 1.");
    }

    private void rename(String title) {
        truth.put("title", title);
        request.get().clear();
        process.clear();
        server.clear();
    }

    @Test
    void passesWhereAChangeIsSeen() {
        assertThat(assertCaching(loads("source").cold(1).warm(0).after(() -> rename("Why at all"), 1), this::fetch))
                .as("the answer of the warm run")
                .isEqualTo("Why");
        assertCaching(
                loads("source")
                        .cold(1)
                        .warm(0)
                        .after(() -> rename("How"), 1)
                        .expecting("How")
                        .afterRestart(0)
                        .after(() -> rename("How"), 1)
                        .expecting("How"),
                this::fetch);
    }

    @Test
    void showsAStaleAnswer() {
        CachingContract contract = loads("source").cold(1).warm(0).after(() -> truth.put("title", "How"), 1);
        int block = here() + 1;
        String text = textOf(() -> assertCaching(contract, this::fetch));

        assertThat(text.replaceAll("FurtherRunTests[.\\w]*\\(FurtherRunTests.java:\\d+\\)( <- )?", ""))
                .isEqualTo("""
                Caching is broken in the block at (FurtherRunTests.java:%d): after the change cost 0, expected 1 load of "source"; the answer after the change is the stale one

                  cold run: 1 load of "source", as expected
                  warm run: 0 loads of "source", as expected
                  after the change: 0 loads of "source", expected 1

                  answer after the change  Why
                  with cold caches         How
                  cache request            cold run: 1 new entry [title]
                                           warm run: no new entry
                  cache process            cold run: 1 new entry [title]
                                           warm run: no new entry
                  cache server             cold run: 1 new entry [title]
                                           warm run: no new entry

                  What to do: a cache still holds what was there before the change: let the change evict it, or let its key
                    name a version that the change moves on. If the eviction is put off, to a commit or to another
                    thread, let the change wait for it.""".formatted(block));
    }

    @Test
    void showsAnAnswerThatIsNeitherTheOldOneNorTheNewOne() {
        CachingContract contract = loads("source")
                .cold(1)
                .warm(0)
                .after(
                        () -> {
                            truth.put("title", "How");
                            request.get().put("title", "When");
                        },
                        0)
                .expecting("When");

        assertThat(textOf(() -> assertCaching(contract, this::fetch)))
                .contains(
                        ": the answer after the change is not that of cold caches\n",
                        "  answer after the change  When\n",
                        "  with cold caches         How\n")
                .doesNotContain("\n  expected ");
    }

    @Test
    void isNotSatisfiedByAChangeThatChangesNothing() {
        CachingContract contract = loads("source").cold(1).warm(0).after(() -> rename("Why"), 1);

        assertThat(textOf(() -> assertCaching(contract, this::fetch)))
                .contains(
                        "the change did not change the answer, so nothing stale could be seen",
                        "let the change change the answer; or say that it need not: after(...).expecting(answer).");
        assertCaching(contract.expecting("Why"), this::fetch);
        assertThat(textOf(() -> assertCaching(
                        loads("source")
                                .cold(1)
                                .warm(0)
                                .after(() -> rename("Why"), 0)
                                .expecting("Why"),
                        this::fetch)))
                .endsWith(
                        "the run after the change cost more than expected. If it needs all that is listed above, expect 1.");
    }

    @Test
    void comparesEachChangeWithTheAnswerBeforeIt() {
        CachingContract twice = loads("source").cold(1).warm(0).after(() -> rename("How"), 1);

        assertCaching(twice.after(() -> rename("Why"), 1), this::fetch);
        assertThat(textOf(() -> assertCaching(twice.after(() -> rename("How"), 1), this::fetch)))
                .contains("the change did not change the answer");
    }

    @Test
    void knowsAnswersApartThatHaveTheSameHash() {
        truth.put("title", "Aa");

        assertThat("BB").hasSameHashCodeAs("Aa");
        assertCaching(loads("source").cold(1).warm(0).after(() -> rename("BB"), 1), this::fetch);
    }

    @Test
    void comparesArraysByWhatTheyHold() {
        assertCaching(
                loads("source")
                        .cold(1)
                        .warm(0)
                        .afterRestart(0)
                        .after(() -> rename("How"), 1)
                        .expecting(new String[] {"How"}),
                () -> new String[] {fetch()});
    }

    @Test
    void comparesWithTheExpectedAnswer() {
        assertThat(textOf(() -> assertCaching(
                        loads("source")
                                .cold(1)
                                .warm(0)
                                .after(() -> rename("How"), 1)
                                .expecting("When"),
                        this::fetch)))
                .contains(
                        "the answer after the change is not the expected one",
                        "  answer after the change  How\n",
                        "  expected                 When\n")
                .doesNotContain("with cold caches");
    }

    /** A cache that hands out the object that it holds would make the change look like none. */
    @Test
    void seesThatAnAnswerWasChangedInPlace() {
        List<String> shared = new ArrayList<>(List.of("Why"));
        test.registry(CacheRegistry.create().add("process", () -> process));
        assertCaching(loads("source").cold(1).warm(1).after(() -> shared.set(0, "How"), 1), () -> {
            process.put("title", Loads.counted("source", () -> "held"));
            return shared;
        });
    }

    @Test
    void refusesARunThatWouldBeNoOther() {
        test.registry(CacheRegistry.create().add("server", () -> new OnAServer(server)));

        assertThat(textOf(() -> assertCaching(loads("source").cold(1).warm(0).afterNewRequest(0), () -> {
                    request.get().clear();
                    process.clear();
                    return fetch();
                })))
                .isEqualTo("""
                        No cache with a part for each thread, such as a ThreadLocal, is registered, so the run after a new request would be no other than the warm one

                          registered  server

                          What to do: register the cache that it is about: @RegisterCache on a field, or a CacheRegistrar once per
                            project; or leave the run out.""");
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is refused
    void refusesBadInput() {
        CachingContract contract = cold(1).warm(0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> contract.afterRestart(-1))
                .withMessage("count must not be negative, but is -1");
        assertThatNullPointerException()
                .isThrownBy(() -> contract.after(null, 1))
                .withMessage("change must not be null");
        for (CachingContract noChange : List.of(contract, contract.afterRestart(1))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> noChange.expecting("x"))
                    .withMessage("expecting(...) says what the answer after a change is, so it follows after(...)");
        }
    }

    @Test
    void waitsForWhatAChangeHandsOver() {
        ExecutorService pool = Scope.propagating(Executors.newSingleThreadExecutor());
        try {
            QueryAssertions.awaitingTasks(Duration.ofSeconds(30))
                    .assertCaching(
                            loads("cache server")
                                    .cold(1)
                                    .warm(0)
                                    .after(
                                            () -> {
                                                CountDownLatch returned = new CountDownLatch(1);
                                                pool.execute(() -> {
                                                    awaitQuietly(returned);
                                                    truth.put("title", "Why at all");
                                                    process.clear();
                                                    server.clear();
                                                });
                                                new Thread(returned::countDown).start();
                                                request.remove();
                                            },
                                            1),
                            this::fetch);
        } finally {
            pool.shutdownNow();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
