package dev.cacheproof.samples.tiered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Loads;
import dev.cacheproof.Scope;
import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Injection;
import dev.cacheproof.fake.redis.FakeRedis;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.UnifiedJedis;

/** What the cache promises while its server is in a condition, for a minute of the test's clock, and after it. */
class ConditionTests {

    private static final Duration TTL = Duration.ofMinutes(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String KEY = "caching-101";

    private final FakeRedis redis = FakeRedis.start();
    private final UnifiedJedis client = RemoteServers.clientInProcess(redis);
    private final TieredCache<String> cache = new TieredCache<>(
            "outlines",
            new JedisRemoteCache(client, "shop", "outlines"),
            Serializer.ofText(),
            TierPolicy.usual().withClock(redis.clock()));

    /** What the database holds, and when it was last published. */
    private @Nullable String stored = "outline 1";

    private int version = 1;

    /** What others are given after a value was changed, but its key was not. */
    private enum Change {
        /** The new value, at once and from then on. */
        FRESH,
        /** The old one, until the condition ends. */
        STALE_WHILE_IT_LASTS,
        /** The old one, until its TTL is over: the server says that it has done what it has not. */
        STALE_UNTIL_EXPIRY,
        /** The old one, once the server is back, until its TTL is over; but whoever made the change knows. */
        TOLD
    }

    /**
     * What holds besides that no answer under a versioned key is ever wrong.
     *
     * @param knownIsFound whether what was cached before is found
     * @param newIsKept whether what is cached meanwhile is found again
     * @param written what becomes of a value that is written through
     * @param deleted what becomes of a value that is deleted
     */
    private record Promise(boolean knownIsFound, boolean newIsKept, Change written, Change deleted) {

        /** A condition without a promise does not compile. */
        static Promise in(Condition condition) {
            return switch (condition) {
                case SLOW, NULL_IS_MISS -> new Promise(true, true, Change.FRESH, Change.FRESH);
                case EVICTING -> new Promise(true, false, Change.FRESH, Change.FRESH);
                case LOST_WRITES -> new Promise(true, false, Change.STALE_UNTIL_EXPIRY, Change.FRESH);
                case LOST_DELETES -> new Promise(true, true, Change.FRESH, Change.STALE_UNTIL_EXPIRY);
                case SILENT_FAILURE -> new Promise(true, false, Change.STALE_UNTIL_EXPIRY, Change.STALE_UNTIL_EXPIRY);
                case STALE -> new Promise(true, false, Change.STALE_WHILE_IT_LASTS, Change.STALE_WHILE_IT_LASTS);
                case DOWN, HANGING, MISCONFIGURED -> new Promise(false, false, Change.TOLD, Change.TOLD);
            };
        }
    }

    @AfterEach
    void stop() {
        client.close();
        redis.close();
    }

    private void publish() {
        version++;
        stored = "outline " + version;
    }

    private static String key(int version) {
        return VersionedKey.of("outline", 1)
                .with("course", KEY)
                .with("published", version)
                .toString();
    }

    private @Nullable String fetch(String key, @Nullable String inDatabase) {
        try (RequestScope request = RequestScope.open()) {
            return cache.getOrLoad(key, TTL, () -> Loads.counted("outlines", () -> inDatabase));
        }
    }

    private void assertFetch(int published, boolean found) {
        try (Scope scope = Scope.open("a request")) {
            assertThat(fetch(key(published), "outline " + published)).isEqualTo("outline " + published);
            assertThat(scope.journal().loads().count())
                    .as("loads of version %d", published)
                    .isEqualTo(found ? 0 : 1);
        }
    }

    private boolean isAnswerRight() {
        String answer = fetch(KEY, stored);
        assertThat(answer).isIn("outline 1", "outline 2");
        return answer != null && answer.equals(stored);
    }

    @ParameterizedTest
    @EnumSource
    void underVersionedKeysAnswersStayRightAndCachingResumes(Condition condition) {
        Promise promise = Promise.in(condition);
        assertFetch(1, false);
        assertFetch(1, true);

        Injection minute = redis.faults().begin(condition, MINUTE);
        for (int third = 0; third < 3; third++) {
            assertFetch(1, promise.knownIsFound);
            publish();
            assertFetch(version, false);
            assertFetch(version, promise.newIsKept);
            redis.clock().advance(Duration.ofSeconds(20));
        }
        assertThat(minute.hits() > 0)
                .as("it showed, unless it is about deletes, of which versioned keys need none")
                .isEqualTo(condition != Condition.LOST_DELETES);

        assertFetch(1, true);
        publish();
        assertFetch(version, false);
        assertFetch(version, true);
    }

    @ParameterizedTest
    @EnumSource
    void aNullStaysOneAndIsCachedAgainAfterwards(Condition condition) {
        boolean kept = Promise.in(condition).newIsKept;
        try (Scope scope = Scope.open("requests")) {
            redis.faults().begin(condition, MINUTE);
            assertThat(fetch(KEY, null)).isNull();
            assertThat(fetch(KEY, null)).isNull();
            assertThat(scope.journal().loads().count()).isEqualTo(kept ? 1 : 2);
        }
        redis.clock().advance(MINUTE);
        fetch(KEY, null);
        try (Scope scope = Scope.open("afterwards")) {
            assertThat(fetch(KEY, null)).isNull();
            assertThat(scope.journal().loads().count()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenThroughIsSeenOrToldOrBounded(Condition condition) {
        assertThat(change(condition, () -> cache.writeThrough(KEY, "outline 2", TTL, this::publish)))
                .isEqualTo(Promise.in(condition).written);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsDeletedIsGoneOrToldOrBounded(Condition condition) {
        assertThat(change(condition, () -> {
                    publish();
                    cache.deleteAllTiers(KEY);
                }))
                .isEqualTo(Promise.in(condition).deleted);
    }

    private Change change(Condition condition, Runnable work) {
        assertThat(isAnswerRight()).isTrue();
        redis.faults().begin(condition, MINUTE);
        boolean told = false;
        try {
            work.run();
        } catch (RemoteCacheException lost) {
            told = true;
        }
        boolean rightMeanwhile = isAnswerRight();
        redis.clock().advance(MINUTE);
        boolean rightAfterwards = isAnswerRight();
        redis.clock().advance(TTL);
        assertThat(isAnswerRight()).as("at the latest when the TTL is over").isTrue();

        if (told) {
            return Change.TOLD;
        }
        assertThat(rightAfterwards || !rightMeanwhile)
                .as("an answer that was right stays right")
                .isTrue();
        if (rightMeanwhile) {
            return Change.FRESH;
        }
        return rightAfterwards ? Change.STALE_WHILE_IT_LASTS : Change.STALE_UNTIL_EXPIRY;
    }

    @Test
    void whoIsToldOfALostDeleteRepeatsItWhenTheServerIsBack() {
        isAnswerRight();
        publish();
        redis.faults().begin(Condition.DOWN, MINUTE);
        assertThatThrownBy(() -> cache.deleteAllTiers(KEY)).isInstanceOf(RemoteCacheException.class);
        redis.clock().advance(MINUTE);
        assertThat(isAnswerRight()).isFalse();

        cache.deleteAllTiers(KEY);
        assertThat(isAnswerRight()).isTrue();
    }
}
