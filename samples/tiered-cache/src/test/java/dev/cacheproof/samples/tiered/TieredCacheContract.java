package dev.cacheproof.samples.tiered;

import static dev.cacheproof.query.CachingContract.loads;
import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Deadline;
import dev.cacheproof.Loads;
import dev.cacheproof.Scope;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.RegisterCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a tiered cache promises, clause by clause. Each is proved by caches that break it: {@link ContractMutantTests}. */
@CacheIsolation
abstract class TieredCacheContract {

    static final Duration TTL = Duration.ofMinutes(10);
    static final String KEY = "caching-101";

    @RegisterCache("remote tier")
    WatchedRemote remote = new WatchedRemote(new NoRemoteCache());

    Tiers tiers = tiers(TierPolicy.usual());

    /** Returns an empty remote cache that nobody else uses. */
    abstract RemoteCache backend();

    /** Returns the cache under test. */
    Tiers tiers(TierPolicy policy) {
        return new Tiers(new TieredCache<>("outlines", remote, Serializer.ofText(), policy));
    }

    @BeforeEach
    void wire() {
        remote = new WatchedRemote(backend());
        tiers = tiers(TierPolicy.usual());
    }

    /** Looks into the request tier, which only the cache itself should. */
    static RequestCache<String> requestTier() {
        return RequestCache.ofTier("outlines");
    }

    static <T extends @Nullable Object> T inRequest(Supplier<T> work) {
        try (RequestScope request = RequestScope.open()) {
            return work.get();
        }
    }

    static void inRequest(Runnable work) {
        try (RequestScope request = RequestScope.open()) {
            work.run();
        }
    }

    /** Looks a key up, and shows what a response itself never shows. */
    String lookUp(String key) {
        return show(tiers.get(key));
    }

    String nextRequestLooksUp(String key) {
        return inRequest(() -> lookUp(key));
    }

    List<String> lookUpAll(String... keys) {
        Map<String, CachedResponse<String>> responses = tiers.getAll(List.of(keys));
        assertThat(responses.keySet()).containsExactly(keys);
        return responses.values().stream().map(TieredCacheContract::show).toList();
    }

    private static String show(CachedResponse<String> response) {
        return response.isFound() ? "found " + response.value() : "missed";
    }

    // The two tiers

    @Test
    void aRequestFindsWhatItHasSetWithoutARoundTrip() {
        inRequest(() -> {
            tiers.setAllTiers(KEY, "outline", TTL);
            assertThat(lookUp(KEY)).isEqualTo("found outline");
            assertThat(remote.reads).hasValue(0);
        });
    }

    @Test
    void theNextRequestFindsWhatWasSet() {
        inRequest(() -> tiers.setAllTiers(KEY, "outline", TTL));
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("found outline");
    }

    @Test
    void theNextRequestFindsAllThatWasSetTogether() {
        inRequest(() -> tiers.setAllTiers(Map.of(KEY, "outline", "other", "another"), TTL));
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("found outline");
        assertThat(nextRequestLooksUp("other")).isEqualTo("found another");
        assertThat(remote.writes).hasValue(1);
    }

    @Test
    void nullIsFoundByTheSameRequest() {
        inRequest(() -> {
            tiers.setAllTiers(KEY, null, TTL);
            assertThat(lookUp(KEY)).isEqualTo("found null");
        });
    }

    @Test
    void nullIsFoundByTheNextRequest() {
        inRequest(() -> tiers.setAllTiers(KEY, null, TTL));
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("found null");
    }

    @Test
    void anEmptyTextIsFoundByTheNextRequest() {
        inRequest(() -> tiers.setAllTiers(KEY, "", TTL));
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("found ");
    }

    @Test
    void aTtlOfZeroKeepsTheValueForTheRequest() {
        inRequest(() -> {
            tiers.setAllTiers(KEY, "outline", Duration.ZERO);
            assertThat(lookUp(KEY)).isEqualTo("found outline");
        });
    }

    @Test
    void aTtlOfZeroRemovesWhatTheServerHas() {
        inRequest(() -> tiers.setAllTiers(KEY, "old", TTL));
        inRequest(() -> tiers.setAllTiers(KEY, "new", Duration.ZERO));
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("missed");
    }

    @Test
    void whatTheServerGaveIsKeptUntilTheRequestEnds() {
        inRequest(() -> tiers.setAllTiers(KEY, "outline", TTL));
        inRequest(() -> {
            tiers.get(KEY);
            remote.clear();
            assertThat(lookUp(KEY)).isEqualTo("found outline");
        });
    }

    @Test
    void whatARequestKeptEndsWithIt() {
        inRequest(() -> tiers.setAllTiers(KEY, "outline", TTL));
        nextRequestLooksUp(KEY);
        remote.clear();
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("missed");
    }

    @Test
    void aMissIsNotRemembered() {
        inRequest(() -> {
            assertThat(lookUp(KEY)).isEqualTo("missed");
            inRequest(() -> tiers.setAllTiers(KEY, "of another request", TTL));
            assertThat(lookUp(KEY)).isEqualTo("found of another request");
        });
    }

    @Test
    void withoutARequestNothingIsKeptButRemotely() {
        tiers.setAllTiers(KEY, "outline", TTL);
        assertThat(lookUp(KEY)).isEqualTo("found outline");
        remote.clear();
        assertThat(lookUp(KEY)).isEqualTo("missed");
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("missed");
    }

    @Test
    void severalKeysCostOneRoundTrip() {
        inRequest(() -> tiers.setAllTiers("remote", "b", TTL));
        inRequest(() -> {
            tiers.setAllTiers("own", "a", Duration.ZERO);
            assertThat(lookUpAll("own", "remote", KEY)).containsExactly("found a", "found b", "missed");
            assertThat(remote.reads).hasValue(1);
            remote.clear();
            assertThat(lookUpAll("own", "remote")).containsExactly("found a", "found b");
            assertThat(remote.reads).as("with what the request knows already").hasValue(1);
        });
    }

    @Test
    void whatIsDeletedIsGoneFromBothTiers() {
        inRequest(() -> {
            tiers.setAllTiers(KEY, "outline", TTL);
            tiers.setAllTiers("other", "outline", TTL);
            tiers.deleteAllTiers(KEY, "other");
            assertThat(lookUp(KEY)).isEqualTo("missed");
        });
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("missed");
        assertThat(nextRequestLooksUp("other")).isEqualTo("missed");
    }

    // Forced misses

    @Test
    void aForcedMissSkipsTheServer() {
        inRequest(() -> tiers.setAllTiers(KEY, "outline", TTL));
        try (RequestScope request = RequestScope.open()) {
            request.forceMiss();
            assertThat(lookUp(KEY)).isEqualTo("missed");
            assertThat(lookUpAll(KEY)).containsExactly("missed");
            assertThat(remote.reads).hasValue(0);
        }
    }

    @Test
    void whatAForcedMissComputesIsCachedForAll() {
        inRequest(() -> tiers.setAllTiers(KEY, "old", TTL));
        try (RequestScope request = RequestScope.open()) {
            request.forceMiss();
            assertThat(tiers.getOrLoad(KEY, TTL, () -> "new")).isEqualTo("new");
            assertThat(lookUp(KEY)).isEqualTo("found new");
        }
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("found new");
    }

    @Test
    void aForcedMissSupersedesALoadThatBeganBefore() {
        String loaded = inRequest(() -> tiers.getOrLoad(KEY, TTL, () -> {
            try (RequestScope request = RequestScope.open()) {
                request.forceMiss();
                assertThat(tiers.getOrLoad(KEY, TTL, () -> "new")).isEqualTo("new");
            }
            return "old";
        }));
        assertThat(loaded).isEqualTo("old");
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("found new");
    }

    // Failures

    @Test
    void aFailedReadIsAMiss() {
        inRequest(() -> tiers.setAllTiers(KEY, "outline", TTL));
        remote.readsFail = true;
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("missed");
        assertThat(inRequest(() -> lookUpAll(KEY))).containsExactly("missed");
        assertThat(inRequest(() -> tiers.getOrLoad(KEY, TTL, () -> "loaded"))).isEqualTo("loaded");
    }

    @Test
    void aFailedWriteKeepsTheValueForTheRequest() {
        remote.writesFail = true;
        inRequest(() -> {
            tiers.setAllTiers(KEY, "outline", TTL);
            assertThat(lookUp(KEY)).isEqualTo("found outline");
        });
    }

    @Test
    void everyFailureIsCounted() {
        remote.readsFail = true;
        remote.writesFail = true;
        tiers.get(KEY);
        tiers.get(KEY);
        tiers.setAllTiers(KEY, "outline", TTL);
        assertThat(tiers.remoteFailures()).isEqualTo(3);
    }

    @Test
    void aLostDeleteIsTold() {
        remote.deletesFail = true;
        assertThatThrownBy(() -> tiers.deleteAllTiers(KEY)).isInstanceOf(RemoteCacheException.class);
        assertThatThrownBy(() -> tiers.setAllTiers(KEY, "outline", Duration.ZERO))
                .isInstanceOf(RemoteCacheException.class);
    }

    @Test
    void aLostDeleteMayBeBoundedByTheTtl() {
        Tiers bounded = tiers(TierPolicy.usual().boundingLostDeletes(Duration.ofMinutes(1)));
        bounded.setAllTiers(KEY, "outline", TTL);
        remote.deletesFail = true;
        bounded.deleteAllTiers(KEY);
        assertThat(remote.ttls).allSatisfy(ttl -> assertThat(ttl).isLessThanOrEqualTo(Duration.ofMinutes(1)));
        assertThat(bounded.remoteFailures()).isEqualTo(1);
    }

    @Test
    void whatCannotBeReadIsAMissAndIsReplaced() {
        remote.set(KEY, "of a stranger".getBytes(UTF_8), TTL);
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("missed");
        assertThat(inRequest(() -> tiers.getOrLoad(KEY, TTL, () -> "loaded"))).isEqualTo("loaded");
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("found loaded");
    }

    // Expiry

    @Test
    void ttlsAreSpreadAndNeverLonger() {
        IntStream.range(0, 50).forEach(i -> tiers.setAllTiers("one-" + i, "outline", TTL));
        assertSpread(remote.ttls);
        remote.ttls.clear();
        tiers.setAllTiers(
                IntStream.range(0, 50).boxed().collect(Collectors.toMap(i -> "many-" + i, i -> "outline")), TTL);
        assertSpread(remote.ttls);
    }

    private static void assertSpread(List<Duration> ttls) {
        assertThat(ttls)
                .hasSize(50)
                .allSatisfy(ttl -> assertThat(ttl).isBetween(TTL.multipliedBy(9).dividedBy(10), TTL));
        assertThat(new HashSet<>(ttls)).hasSizeGreaterThan(25);
    }

    // Read-through

    @Test
    void whatWasLoadedIsNotLoadedAgain() {
        assertThat(assertCaching(loads("outlines").cold(1).warm(0), () -> inRequest(() -> load("outline"))))
                .isEqualTo("outline");
    }

    @Test
    void aNullThatWasLoadedIsNotLoadedAgain() {
        assertThat(assertCaching(loads("outlines").cold(1).warm(0), () -> inRequest(() -> load(null))))
                .isNull();
    }

    private @Nullable String load(@Nullable String value) {
        return tiers.getOrLoad(KEY, TTL, () -> Loads.counted("outlines", () -> value));
    }

    @Test
    void aLoadThatFailsIsThrownOnAndCachesNothing() {
        IllegalStateException broken = new IllegalStateException("no database");
        assertThatThrownBy(() -> inRequest(() -> tiers.getOrLoad(KEY, TTL, () -> {
                    throw broken;
                })))
                .isSameAs(broken);
        assertThat(inRequest(() -> tiers.getOrLoad(KEY, TTL, () -> "loaded"))).isEqualTo("loaded");
    }

    @Test
    void whatIsDeletedDuringALoadIsNotCached() {
        String loaded = inRequest(() -> tiers.getOrLoad(KEY, TTL, () -> {
            tiers.deleteAllTiers(KEY);
            return "old";
        }));
        assertThat(loaded).isEqualTo("old");
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("missed");
    }

    @Test
    void whatIsDeletedWhileALoadedValueIsStoredIsNotCached() {
        remote.beforeSet = () -> tiers.deleteAllTiers(KEY);
        inRequest(() -> {
            assertThat(tiers.getOrLoad(KEY, TTL, () -> "old")).isEqualTo("old");
            assertThat(requestTier().get(KEY).isFound()).isFalse();
        });
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("missed");
    }

    @Test
    void whatIsWrittenDuringALoadIsNotOverwritten() {
        inRequest(() -> {
            tiers.getOrLoad(KEY, TTL, () -> {
                tiers.setAllTiers(KEY, "new", TTL);
                return "old";
            });
            assertThat(lookUp(KEY)).isEqualTo("found new");
        });
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("found new");
    }

    @Test
    void manyCallersMakeOneLoad() throws Exception {
        Set<Thread> callers = ConcurrentHashMap.newKeySet();
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try (Scope scope = Scope.open("stampede")) {
            ExecutorService threads = Scope.propagating(pool);
            List<Future<@Nullable String>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(threads.submit(() -> {
                    callers.add(Thread.currentThread());
                    return inRequest(() -> tiers.getOrLoad(KEY, TTL, () -> loadWhileOthersWait(callers)));
                }));
            }
            for (Future<@Nullable String> answer : answers) {
                assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("outline");
            }
            assertThat(scope.journal().loads().count()).isEqualTo(1);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Goes on when all the other callers wait: for this load, or, in a broken cache, in loads of their own. */
    private static String loadWhileOthersWait(Set<Thread> callers) {
        return Loads.counted("outlines", () -> {
            Deadline.after(Duration.ofSeconds(20))
                    .await(
                            () -> callers.size() == 8
                                    && callers.stream()
                                            .allMatch(caller -> caller == Thread.currentThread() || isParked(caller)),
                            () -> "the other callers to wait: " + callers);
            return "outline";
        });
    }

    private static boolean isParked(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    // Copies that outlive their entries

    private final TierPolicy copying = TierPolicy.usual().servingStaleWhileRecomputing(Duration.ofHours(1));

    /** Caches a value with a copy, and lets it expire. */
    private Tiers withACopyOf(String value) {
        Tiers withCopies = tiers(copying);
        inRequest(() -> withCopies.setAllTiers(KEY, value, TTL));
        remote.delete(KEY);
        return withCopies;
    }

    @Test
    void whileOneRecomputesAnotherIsGivenTheCopy() {
        Tiers withCopies = withACopyOf("old");
        List<@Nullable String> given = new ArrayList<>();
        String loaded = inRequest(() -> withCopies.getOrLoad(KEY, TTL, () -> {
            given.add(inRequest(() -> withCopies.getOrLoad(KEY, TTL, () -> "loaded as well")));
            return "new";
        }));
        assertThat(given).containsExactly("old");
        assertThat(loaded).isEqualTo("new");
        assertThat(inRequest(() -> show(withCopies.get(KEY)))).isEqualTo("found new");
    }

    @Test
    void aForcedMissIsGivenNoCopy() {
        Tiers withCopies = withACopyOf("old");
        List<@Nullable String> given = new ArrayList<>();
        inRequest(() -> withCopies.getOrLoad(KEY, TTL, () -> {
            try (RequestScope request = RequestScope.open()) {
                request.forceMiss();
                given.add(withCopies.getOrLoad(KEY, TTL, () -> "new"));
            }
            return "old";
        }));
        assertThat(given).containsExactly("new");
    }

    @Test
    void aCopyOutlivesItsEntryAndNoDelete() {
        Tiers withCopies = tiers(copying);
        withCopies.setAllTiers(KEY, "old", TTL);
        assertThat(remote.ttls).hasSize(2).contains(TTL.plusHours(1)).anyMatch(ttl -> ttl.compareTo(TTL) <= 0);
        withCopies.deleteAllTiers(KEY);
        assertThat(remote.keys()).isEmpty();
    }

    // Write-through

    @Test
    void whatWasWrittenThroughIsFoundByAll() {
        inRequest(() -> {
            tiers.writeThrough(KEY, "outline", TTL, () -> {});
            assertThat(lookUp(KEY)).isEqualTo("found outline");
        });
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("found outline");
    }

    @Test
    void whatIsWrittenThroughDuringALoadIsNotOverwritten() {
        inRequest(() -> tiers.getOrLoad(KEY, TTL, () -> {
            tiers.writeThrough(KEY, "new", TTL, () -> {});
            return "old";
        }));
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("found new");
    }

    @Test
    void whatCouldNotBeStoredIsNotCached() {
        IllegalStateException broken = new IllegalStateException("no database");
        inRequest(() -> {
            assertThatThrownBy(() -> tiers.writeThrough(KEY, "outline", TTL, () -> {
                        throw broken;
                    }))
                    .isSameAs(broken);
            assertThat(lookUp(KEY)).isEqualTo("missed");
        });
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("missed");
    }

    @Test
    void aFailedWriteThroughRemovesWhatTheServerHad() {
        tiers.setAllTiers(KEY, "old", TTL);
        remote.writesFail = true;
        tiers.writeThrough(KEY, "new", TTL, () -> {});
        assertThat(nextRequestLooksUp(KEY)).isEqualTo("missed");
    }

    @Test
    void aFailedWriteThroughThatLeavesTheOldValueIsTold() {
        tiers.setAllTiers(KEY, "old", TTL);
        remote.isDown(true);
        assertThatThrownBy(() -> tiers.writeThrough(KEY, "new", TTL, () -> {}))
                .isInstanceOf(RemoteCacheException.class);
    }
}
