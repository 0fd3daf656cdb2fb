package dev.cacheproof.query;

import static dev.cacheproof.query.CachingContract.loads;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.cold;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.CacheView;
import dev.cacheproof.Loads;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.cache.WatchedCaches;
import java.io.IOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.opentest4j.AssertionFailedError;

@ResourceLock("unattributed queries")
class CachingTests {

    private static final String NOWHERE = "select name from item where id = -1";

    @AutoClose
    final Database db = new Database();

    private final Map<Object, Object> memo = new ConcurrentHashMap<>();
    private final Cache<Object, Object> caffeine =
            Caffeine.newBuilder().recordStats().build();
    private Scope scope = Scope.open("none yet");

    @BeforeEach
    void register() {
        open(
                Settings.Mode.ENFORCE,
                CacheRegistry.create().add("memo", () -> memo).add("caffeine", () -> caffeine));
    }

    private void open(Settings.Mode mode, CacheRegistry registry) {
        scope.close();
        Settings settings =
                Settings.resolve(name -> name.equals("cacheproof.mode") ? Optional.of(mode.name()) : Optional.empty());
        RunningTest test = RunningTest.claiming("id", "test", new Object(), registry.ids(), settings);
        test.registry(registry);
        scope = Scope.named("test").root().test(test).open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private Object memoized(Object key) {
        return memo.computeIfAbsent(key, absent -> db.names(NOWHERE));
    }

    private String withoutLineOf(String text) {
        return text.replaceAll("\\(CachingTests.java:\\d+\\)", "(CachingTests.java)");
    }

    @Test
    void passesForACaffeineCache() {
        Object answer = db.check().assertCaching(cold(1).warm(0), () -> caffeine.get(1, id -> db.name(1)));

        assertThat(answer).isEqualTo("a");
        assertThat(scope.reports())
                .containsEntry("cacheproof.caching", "cold 1, warm 0 queries; met caffeine (1 new entry [1], 2 reads)");
    }

    @Test
    void passesForAMap() {
        assertCaching(cold(1).warm(0), () -> memoized("key"));

        assertThat(scope.reports())
                .containsEntry("cacheproof.caching", "cold 1, warm 0 queries; met memo (1 new entry [key])");
    }

    @Test
    void makesTheCachesColdFirst() {
        memo.put("key", "stale");

        assertThat(db.check().assertCaching(cold(1).warm(0), () -> memoized("key")))
                .isEqualTo(List.of());
    }

    @Test
    void failsWhereAnEmptyResultIsNotStored() {
        Cache<Object, Object> watched = WatchedCaches.of("names-" + db.name(), caffeine);
        open(Settings.Mode.ENFORCE, CacheRegistry.create().add("names", () -> watched));
        Callable<List<?>> block = () -> {
            if (watched.getIfPresent(7) instanceof List<?> known) {
                return known;
            }
            List<String> found = db.names(NOWHERE);
            if (!found.isEmpty()) {
                watched.put(7, found);
            }
            return found;
        };

        assertThat(withoutLineOf(textOf(() -> db.check().assertCaching(cold(1).warm(0), block))))
                .isEqualTo("""
                        Caching is broken in the block at (CachingTests.java): warm cost 1, expected 0 queries

                          cold run: 1 query, as expected
                          warm run: 1 query, expected 0
                            1x select name from item where id = -1
                               at CachingTests.failsWhereAnEmptyResultIsNotStored(CachingTests.java) <- CachingTests.failsWhereAnEmptyResultIsNotStored(CachingTests.java)

                          cache names  cold run: no new entry, 1 read
                                       warm run: no new entry, 1 read

                          What to do: a cache was read, and nothing was written: the result is not stored (null or empty results
                            are often left out), the write failed, or its time to live is zero.\
                        """);
    }

    @Test
    void failsWhereNoCacheIsMet() {
        assertThat(withoutLineOf(textOf(() -> db.check().assertCaching(cold(1).warm(1), () -> db.name(1)))))
                .isEqualTo("""
                        Caching is broken in the block at (CachingTests.java): no registered cache has kept anything, or was seen to be read

                          cold run: 1 query, as expected
                          warm run: 1 query, as expected

                          cache memo      no new entry; it does not count its reads
                          cache caffeine  not met: no new entry, no read

                          What to do: no registered cache has kept anything (memo, caffeine). The code does not cache; or
                            its answer is one that is not kept, as null may be, or what a condition leaves out; or it uses a cache
                            that is not registered, or that only = ... leaves out.\
                        """);
    }

    @Test
    void saysWhereCachingIsSwitchedOff() {
        open(Settings.Mode.ENFORCE, CacheRegistry.create().add("prices", NothingStored::new));

        assertThat(withoutLineOf(textOf(() -> db.check().assertCaching(cold(1).warm(0), () -> db.name(1)))))
                .contains("cache prices  no new entry; it does not count its reads")
                .endsWith("""

                          What to do: caching is switched off here: prices is a cache of nothing, which keeps nothing.
                            Let this test have the cache that it is about.\
                        """);
    }

    private static final class Unreachable implements CacheHandle {
        @Override
        public String kind() {
            return "a cache on another machine";
        }

        @Override
        public String strategy() {
            return "clear";
        }

        @Override
        public void reset() {}

        @Override
        public CacheView view() {
            throw new IllegalStateException("its server is down");
        }
    }

    private static final class NothingStored implements CacheHandle {
        @Override
        public String kind() {
            return "cache of nothing";
        }

        @Override
        public String strategy() {
            return "is always cold";
        }

        @Override
        public void reset() {}

        @Override
        public boolean storesNothing() {
            return true;
        }

        @Override
        public CacheView view() {
            return CacheView.of(0, List.of(), -1);
        }
    }

    /** A cache manager may make a cache when it is first used. */
    @Test
    void meetsACacheThatTheBlockMakes() {
        AtomicBoolean made = new AtomicBoolean();
        open(
                Settings.Mode.ENFORCE,
                CacheRegistry.growing(
                        caches -> {
                            if (made.get() && caches.ids().isEmpty()) {
                                caches.addOf("application", "memo", () -> memo);
                            }
                        },
                        () -> true));

        db.check().assertCaching(cold(1).warm(0), () -> {
            made.set(true);
            return memoized("a");
        });
    }

    @Test
    void failsWhereTheKeysDiffer() {
        AtomicInteger changing = new AtomicInteger();
        Callable<Object> block = () -> memoized("key@" + changing.incrementAndGet());

        assertThat(withoutLineOf(
                        textOf(() -> db.check().because("the key is the id").assertCaching(cold(1).warm(0), block))))
                .isEqualTo("""
                        Caching is broken in the block at (CachingTests.java): warm cost 1, expected 0 queries

                          cold run: 1 query, as expected
                          warm run: 1 query, expected 0
                            1x select name from item where id = -1
                               at CachingTests.memoized(CachingTests.java) <- CachingTests.failsWhereTheKeysDiffer(CachingTests.java)

                          because         the key is the id
                          cache memo      cold run: 1 new entry [key@1]
                                          warm run: 1 new entry [key@2]
                          cache caffeine  not met: no new entry, no read

                          What to do: the two runs used different keys of "memo": something in the key changes from call to call.\
                        """);
    }

    @Test
    void failsWhereAnEntryIsHeldAndNotUsed() {
        Callable<Object> block = () -> {
            Object known = memo.get("key");
            if (known instanceof List<?> list && !list.isEmpty()) {
                return known;
            }
            List<String> found = db.names(NOWHERE);
            memo.put("key", found);
            return found;
        };

        assertThat(withoutLineOf(textOf(() -> db.check().assertCaching(cold(1).warm(0), block))))
                .endsWith("""
                          cache memo      cold run: 1 new entry [key]
                                          warm run: no new entry
                          cache caffeine  not met: no new entry, no read

                          What to do: "memo" held an entry after the cold run, and the warm run did not use it:
                            look at the test that decides whether the entry counts (null, empty, zero, false).\
                        """);
    }

    @Test
    void failsWhereTheAnswersDiffer() {
        AtomicInteger calls = new AtomicInteger();
        Callable<Object> block = () -> memoized("key") + " for call " + calls.incrementAndGet();

        assertThat(withoutLineOf(textOf(() -> db.check().assertCaching(cold(1).warm(0), block))))
                .isEqualTo("""
                        Caching is broken in the block at (CachingTests.java): the warm answer is not equal to the cold one

                          cold run: 1 query, as expected
                          warm run: 0 queries, as expected

                          cold answer     [] for call 1
                          warm answer     [] for call 2
                          cache memo      cold run: 1 new entry [key]
                                          warm run: no new entry
                          cache caffeine  not met: no new entry, no read

                          What to do: look for what differs above: what is cached lost or gained it on its way (a type, a time zone, an
                            order), or the block adds what changes from call to call (a time, a random number).\
                        """);
    }

    private static final class WithoutEquals {
        @Override
        public String toString() {
            return "a value";
        }
    }

    @Test
    void saysWhereAnswersCannotBeCompared() {
        for (Callable<Object> answer : List.<Callable<Object>>of(
                WithoutEquals::new,
                () -> List.of(new WithoutEquals()),
                () -> Optional.of(new WithoutEquals()),
                () -> Map.of("key", new WithoutEquals()),
                () -> new Object[] {new WithoutEquals()})) {
            assertThat(textOf(() -> db.check().assertCaching(cold(1).warm(0), () -> {
                        memoized("key");
                        return answer.call();
                    })))
                    .contains("the warm answer is not equal to the cold one")
                    .endsWith(
                            "What to do: CachingTests.WithoutEquals does not define equals; return what can be compared from the"
                                    + " block,\n    such as a record or a list of values.");
        }
    }

    @Test
    void comparesArraysByWhatTheyHold() {
        db.check().assertCaching(cold(1).warm(0), () -> {
            memoized("key");
            return new int[][] {{1}, {2}};
        });
        AtomicInteger calls = new AtomicInteger();
        assertThat(textOf(() -> db.check().assertCaching(cold(1).warm(0), () -> {
                    memoized("key");
                    return new int[] {calls.incrementAndGet()};
                })))
                .contains("cold answer     [1]", "warm answer     [2]")
                .doesNotContain("does not define equals");
    }

    /** Both answers are the object that the cache holds, so they are equal whatever becomes of it. */
    @Test
    void failsWhereTheWarmRunChangesTheCachedObject() {
        Callable<Object> block = () -> {
            @SuppressWarnings("unchecked") // it is made here
            List<String> cached = (List<String>) memo.computeIfAbsent("key", id -> new ArrayList<>(db.names(NOWHERE)));
            cached.add("footer");
            return cached;
        };

        assertThat(withoutLineOf(textOf(() -> db.check().assertCaching(cold(1).warm(0), block))))
                .isEqualTo("""
                        Caching is broken in the block at (CachingTests.java): the warm run changed the answer of the cold one

                          cold run: 1 query, as expected
                          warm run: 0 queries, as expected

                          both answers    [footer, footer], after the warm run
                          cache memo      cold run: 1 new entry [key]
                                          warm run: no new entry
                          cache caffeine  not met: no new entry, no read

                          What to do: the cache hands out the object that it holds, and somebody changes it: store and return
                            copies, or immutable values.\
                        """);
    }

    @Test
    void passesForAnAnswerThatCannotBeHashed() {
        List<Object> itself = new ArrayList<>();
        itself.add(itself);

        assertThat(db.check().<Object>assertCaching(cold(1).warm(0), () -> {
                    memoized("key");
                    return itself;
                }))
                .isSameAs(itself);
    }

    @Test
    void failsWhereACacheThatIsNotRegisteredAnswersTheColdRun() {
        Map<String, Object> unknown = new ConcurrentHashMap<>();
        Callable<Object> block = () -> {
            memoized("key");
            return unknown.computeIfAbsent("x", key -> db.name(1));
        };
        db.check().assertCaching(cold(2).warm(0), block);

        assertThat(withoutLineOf(textOf(() -> db.check().assertCaching(cold(2).warm(0), block))))
                .startsWith("Caching works, but not as expected, in the block at (CachingTests.java): cold cost 1,"
                        + " expected 2 queries\n")
                .endsWith("What to do: if the cold run needs no more than is listed above, expect cold(1).warm(0).\n"
                        + "    Otherwise a cache that is not registered may have answered it: register it with @RegisterCache"
                        + " on a\n    field, or in a CacheRegistrar once per project. Or the rest of the work went to a"
                        + " data source that is\n    not watched.");
    }

    @Test
    void doesNotSayThatCachingWorksWhereTheWarmRunSavesNothing() {
        assertThat(textOf(() -> db.check().assertCaching(cold(2).warm(1), () -> {
                    memo.put("key", "unused");
                    return db.name(1);
                })))
                .startsWith("Caching is broken in the block")
                .contains(": cold cost 1, expected 2 queries\n", "What to do: if the cold run needs no more");
        assertThat(textOf(() -> db.check().assertCaching(cold(2).warm(0), () -> {
                    memo.put("key", "unused");
                    return db.name(1);
                })))
                .contains("What to do: a cache that is not registered may have answered it");
    }

    @Test
    void saysThatTheExpectationMayBeWhatIsWrong() {
        assertThat(withoutLineOf(textOf(() -> db.check().assertCaching(cold(1).warm(1), () -> memoized("key")))))
                .isEqualTo("""
                        Caching works, but not as expected, in the block at (CachingTests.java): warm cost 0, expected 1 query

                          cold run: 1 query, as expected
                          warm run: 0 queries, expected 1

                          cache memo      cold run: 1 new entry [key]
                                          warm run: no new entry
                          cache caffeine  not met: no new entry, no read

                          What to do: the warm run cost less than expected: what was to be asked for anew is cached, too. If it may be,
                            expect cold(1).warm(0).\
                        """);
    }

    @Test
    void listsTheCachesOfALargeApplicationThatWereNotMetInOneLine() {
        CacheRegistry many = CacheRegistry.create().add("memo", () -> memo);
        for (int i = 1; i <= 7; i++) {
            many.add("other " + i, ConcurrentHashMap::new);
        }
        open(Settings.Mode.ENFORCE, many);

        assertThat(textOf(() -> db.check().assertCaching(cold(1).warm(1), () -> memoized("key"))))
                .contains("""
                          cache memo    cold run: 1 new entry [key]
                                        warm run: no new entry
                          other caches  not met: other 1, other 2, other 3, other 4, other 5 and 2 more

                        """);
    }

    @Test
    void saysWhichNumbersWouldDo() {
        assertThat(textOf(() -> db.check()
                        .assertCaching(cold(1).warm(0), () -> List.of(memoized("one key"), memoized("another")))))
                .startsWith("Caching works, but not as expected, in the block")
                .endsWith(
                        "What to do: the cold run cost more than expected. If it needs all that is listed above, expect"
                                + " cold(2).warm(0).");
        assertThat(textOf(() -> db.check().assertCaching(cold(2).warm(0), () -> {
                    db.name(1);
                    return memoized("key");
                })))
                .startsWith("Caching is broken in the block")
                .endsWith("What to do: the warm run still cost something. If that is not to be cached, expect"
                        + " cold(2).warm(1).");
    }

    @Test
    void failsWhereNoCacheIsRegistered() {
        open(Settings.Mode.ENFORCE, CacheRegistry.create());
        AtomicInteger calls = new AtomicInteger();

        assertThat(textOf(() -> db.check().assertCaching(cold(0).warm(0), calls::incrementAndGet)))
                .isEqualTo("""
                        No cache is registered, so nothing can be made cold

                          What to do: register the caches that the block uses: @RegisterCache on a field of the test, with
                            @CacheIsolation on its class, or a CacheRegistrar once per project.\
                        """);
        assertThat(calls).hasValue(0);
    }

    @Test
    void reportsBothNumbersAndBothExpectations() {
        assertThatExceptionOfType(AssertionFailedError.class)
                .isThrownBy(() -> db.check().assertCaching(cold(3).warm(2), () -> memoized("key")))
                .withMessageContaining("cold cost 1, expected 3 queries; warm cost 0, expected 2 queries")
                .satisfies(failure -> {
                    assertThat(failure.getExpected().getValue()).isEqualTo("cold 3, warm 2");
                    assertThat(failure.getActual().getValue()).isEqualTo("cold 1, warm 0");
                });
    }

    @Test
    void doesNotBelieveARunThatAnotherThreadMayHaveWorkedFor() {
        ExecutorService pool = Executors.newSingleThreadExecutor(task -> new Thread(task, "refresher-7"));
        try {
            Callable<Object> block = () -> {
                memoized("key");
                return pool.submit(() -> db.name(1)).get();
            };
            assertThat(textOf(() -> db.check().assertCaching(cold(1).warm(0), block)))
                    .startsWith("It cannot be told whether caching works in the block at (CachingTests.java:")
                    .contains(
                            "cold cost 1 to 2, expected 1 query; warm cost 0 to 1, expected 0 queries",
                            "unattributed, cold  1 on thread \"refresher-7\": " + Database.BY_ID,
                            "unattributed, warm  1 on thread \"refresher-7\"",
                            "Scope.propagating(executor). If it is not, declare it: ignoring(threads(\"refresher-*\")).")
                    .doesNotContain("as expected");
            assertThat(textOf(() -> db.check().assertCaching(cold(0).warm(0), block)))
                    .as("the cold run cannot have cost nothing")
                    .startsWith("Caching is broken in the block at (CachingTests.java:");
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void doesNotBelieveAFurtherRunMoreThanTheOthers() {
        AtomicInteger calls = new AtomicInteger();
        assertThat(textOf(() -> db.check().assertCaching(cold(1).warm(0).afterRestart(1), () -> {
                    if (calls.incrementAndGet() == 3) {
                        CompletableFuture.runAsync(() -> db.name(1), task -> new Thread(task, "importer-3").start())
                                .join();
                    }
                    return memoized("key");
                })))
                .contains(
                        "after a restart cost 1 to 2, expected 1 query", "  unattributed    1 on thread \"importer-3\"")
                .contains("ignoring(threads(\"importer-*\"))");
        calls.set(0);
        assertThat(textOf(() -> db.check().assertCaching(cold(1).warm(0).afterRestart(1), () -> {
                    if (calls.incrementAndGet() == 3) {
                        try (Connection connection = db.connect()) {
                            connection.unwrap(org.h2.jdbc.JdbcConnection.class);
                        }
                    }
                    return memoized("key");
                })))
                .startsWith("The count cannot be known");
    }

    @Test
    void doesNotBelieveAnAnswerThatIsNotFinished() {
        AtomicInteger calls = new AtomicInteger();

        assertThat(textOf(() -> db.check().assertCaching(cold(0).warm(0), () -> {
                    memo.put("key", calls.incrementAndGet());
                    return List.of(1).iterator();
                })))
                .startsWith("The work may not have run: ");
        assertThat(calls).hasValue(1);
    }

    @Test
    void countsLoads() {
        String name = "files-" + db.name();
        Callable<Object> block = () -> memo.computeIfAbsent("key", key -> Loads.counted(name, () -> "content"));

        assertThat(assertCaching(loads(name).cold(1).warm(0), block)).isEqualTo("content");
        db.check().assertCaching(loads(name).cold(1).warm(0), block);
        assertThat(textOf(() -> assertCaching(loads(name).cold(2).warm(1), block)))
                .contains("cold cost 1, expected 2 loads of \"" + name + "\"; warm cost 0, expected 1 load of");
    }

    /** Nobody may take a block for cached that calls another service again. */
    @Test
    void showsTheWorkThatTheContractIsNotAbout() {
        Callable<Object> block = () -> List.of(memoized("key"), Loads.counted("stock", () -> 1));

        db.check().assertCaching(cold(1).warm(0), block);
        assertThat(scope.root().reports())
                .containsEntry(
                        "cacheproof.caching",
                        "cold 1, warm 0 queries; met memo (1 new entry [key]); not counted: cold run: 1 load; warm run: 1 load");
        assertThat(textOf(() -> db.check().assertCaching(loads("stock").cold(1).warm(0), block)))
                .contains(
                        "not counted     cold run: 1 query; warm run: 0 queries",
                        "the caches have saved what is not counted here, and not what is: let 1 load of \"stock\" lie");
        assertThat(textOf(() -> db.check().assertCaching(cold(2).warm(0), block)))
                .contains("not counted     cold run: 1 load; warm run: 1 load");
        assertThat(textOf(() -> db.check().assertCaching(cold(2).warm(0), () -> memoized("key"))))
                .doesNotContain("not counted");
    }

    @Test
    void showsWhatTheCachesHoldWhereSomethingHasAnswered() {
        List.of(1, 2, 3, 4, 5, 6).forEach(key -> caffeine.put(key, "stale"));
        memoized("key");

        assertThat(textOf(() -> db.check().assertNumQueries(1, () -> memoized("key"))))
                .contains(
                        "held now    memo: 1 entry [key]\n              caffeine: 6 entries [",
                        ", ...]\n",
                        "or one that held what should have been evicted");
        assertThat(textOf(() -> db.check().assertNumQueries(0, () -> db.name(1))))
                .as("more than expected is nobody's answer")
                .doesNotContain("held now");
        assertThat(textOf(() ->
                        db.check().assertQueries(QueryExpectation.exactly(1).reads(), () -> memoized("key"))))
                .contains("held now    memo: 1 entry [key]");
        assertThat(textOf(() -> db.check().assertQueries(QueryExpectation.none().reads(), () -> db.name(1))))
                .doesNotContain("held now");

        open(Settings.Mode.ENFORCE, CacheRegistry.create().add("far", Unreachable::new));
        assertThat(textOf(() -> db.check().assertNumQueries(1, () -> {})))
                .startsWith("Expected 1 query, but 0 ran")
                .doesNotContain("held now");
    }

    @Test
    void showsOfManyCachesWhatTheFirstHold() {
        CacheRegistry many = CacheRegistry.create().add("empty", ConcurrentHashMap::new);
        for (int i = 1; i <= 6; i++) {
            Map<String, String> held = new ConcurrentHashMap<>(Map.of("key", "stale"));
            many.add("other " + i, () -> held);
        }
        open(Settings.Mode.ENFORCE, many);

        assertThat(textOf(() -> db.check().assertNumQueries(1, () -> {})))
                .contains("held now    other 1: 1 entry [key]\n", "other 5: 1 entry [key]\n")
                .doesNotContain("other 6", "empty: ");
    }

    @Test
    void letsTheBlocksOwnExceptionWin() {
        IOException own = new IOException("own");

        assertThatThrownBy(() -> db.check().assertCaching(cold(1).warm(0), () -> {
                    throw own;
                }))
                .isSameAs(own);
    }

    @Test
    void namesTheParameterThatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cold(-1))
                .withMessage("cold must not be negative, but is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cold(1).warm(-2))
                .withMessage("warm must not be negative, but is -2");
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is tried
    void namesTheParameterThatIsNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> assertCaching(null, () -> 1))
                .withMessage("contract must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> assertCaching(cold(1).warm(0), null))
                .withMessage("block must not be null");
        assertThatNullPointerException().isThrownBy(() -> loads(null)).withMessage("name must not be null");
    }

    @Test
    void resetsNothingInReportMode() {
        open(Settings.Mode.REPORT, CacheRegistry.create().add("memo", () -> memo));
        memo.put("other", "kept");
        AtomicInteger calls = new AtomicInteger();

        db.check().assertCaching(cold(5).warm(1), () -> {
            calls.incrementAndGet();
            return memoized("key");
        });

        assertThat(calls).hasValue(1);
        assertThat(memo).containsEntry("other", "kept");
        assertThat(scope.reports())
                .containsExactly(
                        Map.entry("cacheproof.caching", "1 query in one run; cold 5, warm 1 would be enforced"));
    }

    @Test
    void saysInReportModeWhatMayPassWithColdCaches() {
        open(Settings.Mode.REPORT, CacheRegistry.create().add("memo", () -> memo));
        db.check().assertNumQueries(0, () -> db.name(1));
        assertThat(scope.reports()).containsKey("cacheproof.wouldFail").doesNotContainKey("cacheproof.mayPass");

        db.check().assertNumQueries(2, () -> db.name(1));
        assertThat(scope.reports().get("cacheproof.mayPass"))
                .startsWith("Expected 2 queries, but 1 ran")
                .isSubstringOf(scope.reports().get("cacheproof.wouldFail"));

        open(Settings.Mode.REPORT, CacheRegistry.create());
        db.check().assertNumQueries(2, () -> db.name(1));
        assertThat(scope.reports()).as("nothing would be cold").doesNotContainKey("cacheproof.mayPass");
        open(Settings.Mode.REPORT, CacheRegistry.create().add("memo", () -> memo));
        db.check().assertNumQueries(2, () -> List.of(db.name(1)).iterator());
        assertThat(scope.reports()).as("the work may not have run").doesNotContainKey("cacheproof.mayPass");
    }

    @Test
    void onlyRunsTheBlockInOffMode() {
        open(Settings.Mode.OFF, CacheRegistry.create());
        AtomicInteger calls = new AtomicInteger();

        assertThat(assertCaching(cold(5).warm(1), calls::incrementAndGet)).isEqualTo(1);
        assertThat(scope.reports()).isEmpty();
    }
}
