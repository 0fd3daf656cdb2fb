package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.CacheView;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.redis.FakeRedis;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/** What is said where no key can be reached, or none may be. */
class RedisNamespaceFailureTests {

    private final FakeRedis server = FakeRedis.start();
    private final RedisClient jedis = RedisClient.create(server.uri());
    private final RedisNamespace redis = RedisNamespace.of(jedis);

    @AfterEach
    void stop() {
        jedis.close();
        server.close();
    }

    private static Scope test() {
        return Scope.named("test")
                .root()
                .test(RunningTest.claiming("id", "test", "run", Set.of(), Settings.current()))
                .open();
    }

    private CacheIsolationEngine engine() {
        return CacheIsolationEngine.of(CacheRegistry.create().addPerTest("outlines", () -> redis));
    }

    @Test
    void aThreadThatWorksForNoTestHasNoPrefix() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor(task -> new Thread(task, "pool-7"));
        try (Scope scope = test()) {
            assertThatThrownBy(() -> pool.submit(redis::prefix).get())
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("""
                            Thread "pool-7" works for no test, so no key in Redis is its own to touch

                              What to do: on a thread of the application, say whose work it is: wrap the pool once with Scope.propagating(pool),
                                or the task with Scope.current().orElseThrow().wrap(task).
                                In a static initializer, a constructor or @BeforeAll no test runs yet: ask in @BeforeEach, or let the application ask,
                                by giving it the method, RedisNamespace::prefix.""");
            assertThat(Scope.propagating(pool).submit(redis::prefix).get()).isEqualTo(redis.prefix());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void whatBelongsToNoTestIsNotReset() {
        assertThatThrownBy(engine()::reset)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("works for no test");
    }

    @SuppressWarnings("NullAway") // callers do pass null
    @Test
    void refusesNoClientAndAnEmptyPrefix() {
        UnifiedJedis none = null;
        assertThatNullPointerException()
                .isThrownBy(() -> RedisNamespace.of(none))
                .withMessage("jedis");
        assertThatNullPointerException()
                .isThrownBy(() -> RedisNamespace.of(jedis, null))
                .withMessage("outerPrefix");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisNamespace.of(jedis, ""))
                .withMessage("outerPrefix must not be empty; leave it out if any key will do");
    }

    @Test
    void itsKeysOutliveTheProcess() {
        assertThat(redis.outlivesProcess()).isTrue();
    }

    @Test
    void theOuterPrefixStandsFirst() {
        try (Scope scope = test()) {
            assertThat(RedisNamespace.of(jedis, "shop:").prefix()).matches("shop:cacheproof:[0-9a-f]{12}:1:");
            assertThat(server.keys()).allMatch(key -> key.matches("shop:cacheproof:[0-9a-f]{12}"));
        }
    }

    @Test
    void aTestThatNeverAskedForItsPrefixNeedsNoServer() {
        server.close();
        try (Scope scope = test()) {
            assertThatCode(engine()::reset).doesNotThrowAnyException();
            assertThat(engine().views()).containsEntry("outlines", CacheView.of(0, List.of(), -1));
        }
    }

    @Test
    void saysThatTheServerCannotBeReached() {
        try (Scope scope = test()) {
            server.close();
            assertThatIllegalStateException()
                    .isThrownBy(redis::prefix)
                    .withMessage("Redis was asked for SETEX by RedisNamespace, and failed: JedisConnectionException:"
                            + " Failed to connect to 127.0.0.1:" + server.port()
                            + "., caused by ConnectException: Connection refused. The client that was given to"
                            + " RedisNamespace.of must be open, and its server up, until the last test has ended.");
        }
    }

    @Test
    void saysThatTheClientIsClosed() {
        try (Scope scope = test()) {
            redis.prefix();
            jedis.close();
            assertThatThrownBy(engine()::reset)
                    .hasMessageContaining("failed: JedisException: Could not get a resource from the pool, caused by"
                            + " IllegalStateException: Pool not open. The client that was given to RedisNamespace.of"
                            + " must be open");
        }
    }

    @Test
    void repeatsWhatTheServerAnswered() {
        server.faults()
                .inject(Fault.error("NOPERM no permission to touch that key").on("SETEX"));
        try (Scope scope = test()) {
            assertThatIllegalStateException()
                    .isThrownBy(redis::prefix)
                    .withMessage("Redis was asked for SETEX by RedisNamespace, and failed: JedisAccessControlException:"
                            + " NOPERM no permission to touch that key. If the keys of this user must begin with some"
                            + " prefix, say so: RedisNamespace.of(jedis, \"shop:\").");
        }
    }

    @Test
    void theEngineGivesUpOnAServerThatIsSilent() {
        try (Scope scope = test()) {
            redis.prefix();
            server.faults().inject(Fault.silence().on("SCAN"));
            assertThatThrownBy(engine().withTimeout(Duration.ofMillis(100))::reset)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Waited 100 ms in vain for the reset");
        }
    }
}
