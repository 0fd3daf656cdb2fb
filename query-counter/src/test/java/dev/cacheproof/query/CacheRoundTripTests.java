package dev.cacheproof.query;

import static dev.cacheproof.query.CachingContract.cacheRoundTrips;
import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.assertCacheRoundTrips;
import static dev.cacheproof.query.QueryAssertions.assertNoRemoteAccess;
import static dev.cacheproof.query.QueryAssertions.ignoring;
import static dev.cacheproof.query.QueryAssertions.threads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cacheproof.CacheRegistry;
import dev.cacheproof.Operation;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.exceptions.JedisDataException;

/** Round trips to cache servers, and access to anything remote. */
@ResourceLock("unattributed queries")
class CacheRoundTripTests {

    private final RunningTest test =
            RunningTest.undeclared("trips " + hashCode(), "trips", new Object(), Settings.current());
    private final Scope scope = Scope.named("trips").root().test(test).open();

    @AutoClose
    final FakeRedis redis = FakeRedis.start();

    @AutoClose
    final Database db = new Database();

    private final Jedis overTcp = new Jedis(redis.host(), redis.port());
    private final Jedis inProcess = new Jedis(InProcessJedis.of(redis));
    private int askedAt;

    @AfterEach
    void close() {
        overTcp.close();
        inProcess.close();
        scope.close();
    }

    private List<String> flags(Jedis jedis) {
        List<String> flags = new ArrayList<>();
        for (int id = 1; id <= 3; id++) {
            askedAt = here() + 1;
            flags.add(String.valueOf(jedis.get("flag:" + id)));
        }
        return flags;
    }

    @Test
    void countsCommandsThatTheClientWaitsFor() {
        assertThat(assertCacheRoundTrips(3, () -> flags(overTcp))).hasSize(3);
        assertThat(assertCacheRoundTrips(1, () -> inProcess.mget("flag:1", "flag:2", "flag:3")))
                .hasSize(3);
        assertCacheRoundTrips(1, () -> {
            Pipeline pipeline = overTcp.pipelined();
            pipeline.get("flag:1");
            pipeline.get("flag:2");
            pipeline.sync();
        });
        assertCacheRoundTrips(0, () -> db.name(1));
    }

    @Test
    void showsTheNPlusOneInProcess() {
        int block = here() + 1;
        assertThat(textOf(() -> assertCacheRoundTrips(1, () -> flags(inProcess))))
                .isEqualTo("""
                Expected 1 cache round trip, but 3 were made in the block at (CacheRoundTripTests.java:%d)

                  3x GET flag:#
                     N+1: same command, same call site, different keys
                     at CacheRoundTripTests.flags(CacheRoundTripTests.java:%d) <- CacheRoundTripTests.showsTheNPlusOneInProcess(CacheRoundTripTests.java:%d)

                  cache redis  misses 3

                  What to do: ask for the keys of the N+1 together, with MGET or in a pipeline.""".formatted(block, askedAt, block));
    }

    @Test
    void guessesTheNPlusOneOverTcp() {
        int block = here() + 1;
        assertThat(textOf(() -> assertCacheRoundTrips(1, () -> flags(overTcp)))).isEqualTo("""
                        Expected 1 cache round trip, but 3 were made in the block at (CacheRoundTripTests.java:%d)

                          3x GET flag:#
                             one by one: same command, different keys

                          cache redis  misses 3

                          What to do: ask for keys of one shape together, with one MGET or in a pipeline. InProcessJedis.client(redis)
                            shows the line that asks for them one by one.""".formatted(block));
    }

    @Test
    void oneKeyThatIsReadAgainOverTcpIsNotAskedForOneByOne() {
        assertThat(textOf(() -> assertCacheRoundTrips(1, () -> {
                    overTcp.get("version");
                    overTcp.get("version");
                })))
                .contains("2x GET version")
                .doesNotContain("one by one");
    }

    @Test
    void saysThatTheFakeLacksWhatItIsAskedFor() {
        int block = here() + 1;
        String text = textOf(() -> assertCacheRoundTrips(1, () -> {
            for (int id = 1; id <= 3; id++) {
                try {
                    overTcp.xlen("flags:" + id);
                } catch (JedisDataException unknown) {
                    // as a cache does whose server fails
                }
            }
        }));
        assertThat(text).isEqualTo("""
                Expected 1 cache round trip, but 3 were made in the block at (CacheRoundTripTests.java:%d)

                  3x XLEN
                     failed: not in this fake yet, though redis-server 7.0 knows it

                  cache redis   failed 3
                  likely cause  the fake refused 3 commands that it does not know: XLEN

                  What to do: let the code under test ask a real server in this test: the fake cannot answer it.""".formatted(block));
    }

    @Test
    void saysThatTheFakeLacksWhatAContractNeeds() {
        test.registry(CacheRegistry.create().addField("redis", "field redis", false, () -> redis, null));
        assertThat(textOf(() -> db.check().assertCaching(QueryAssertions.cold(1).warm(0), () -> {
                    try {
                        return String.valueOf(inProcess.xlen("names"));
                    } catch (JedisDataException unknown) {
                        return db.name(1);
                    }
                })))
                .contains("warm cost 1, expected 0", "the fake refused 2 commands that it does not know: XLEN")
                .endsWith(
                        "What to do: let the code under test ask a real server in this test: the fake cannot answer it.");
    }

    @Test
    void showsWhatAPipelineSentTogether() {
        assertThat(textOf(() -> assertCacheRoundTrips(2, () -> {
                    Pipeline pipeline = overTcp.pipelined();
                    pipeline.set("a", "1");
                    pipeline.set("b", "2");
                    pipeline.sync();
                })))
                .contains("but 1 was made", "sent together  2 commands in 1 cache round trip")
                .contains("1x SET a\n     values [1]");
    }

    @Test
    void aKeyThatIsWrittenAgainIsNoNPlusOne() {
        String text = textOf(() -> assertCacheRoundTrips(1, () -> {
            for (int version = 1; version <= 2; version++) {
                inProcess.set("version", String.valueOf(version));
            }
        }));
        assertThat(text)
                .contains(
                        "2x SET version\n     repeated: same command, same call site, same key\n     values [1] [2]\n")
                .as("nothing could be asked once and passed on")
                .doesNotContain("N+1", "What to do");
    }

    @Test
    void aKeyThatIsReadAgainCouldBePassedOn() {
        assertThat(textOf(() -> assertCacheRoundTrips(1, () -> {
                    for (int read = 1; read <= 2; read++) {
                        inProcess.get("version");
                    }
                })))
                .contains("2x GET version\n     repeated: same command, same call site, same key\n")
                .endsWith("What to do: ask once and pass the answer on, or cache it.");
    }

    @Test
    void aPipelineIsNoNPlusOne() {
        assertThat(textOf(() -> assertCacheRoundTrips(2, () -> {
                    Pipeline pipeline = inProcess.pipelined();
                    pipeline.get("flag:1");
                    pipeline.get("flag:2");
                    pipeline.sync();
                })))
                .contains("2x GET flag:#", "at CacheRoundTripTests.")
                .doesNotContain("N+1");
    }

    /** In process a thread that belongs to no scope is known to, as it is when it asks a database. */
    @Test
    void doubtsCommandsOfThreadsInNoScope() {
        Block block = () -> {
            CompletableFuture.runAsync(() -> inProcess.get("job"), task -> new Thread(task, "job-7").start())
                    .join();
            inProcess.get("mine");
        };

        assertThat(textOf(() -> assertCacheRoundTrips(1, block)))
                .contains(
                        "Expected 1 cache round trip, and 1 was made",
                        "1 more, on another thread, may be the block's too",
                        "unattributed  1 on thread \"job-7\": GET job",
                        "Scope.propagating(executor). If it is not, declare it: ignoring(threads(\"job-*\")).");
        ignoring(threads("job-*")).assertCacheRoundTrips(1, block);
    }

    @Test
    void doubtsCommandsThatMayBeAnotherTests() {
        try (FakeRedis nobodys = CompletableFuture.supplyAsync(FakeRedis::start).join();
                Jedis jedis = new Jedis(nobodys.host(), nobodys.port())) {
            assertThat(textOf(() -> assertCacheRoundTrips(1, () -> jedis.get("key"))))
                    .contains("Expected 1 cache round trip, but 0 to 1")
                    .contains("1 on thread \"connection 1\": GET key")
                    .contains(
                            "What to do: what comes over a socket is a test's for certain if the fake is that test's alone");
            assertThat(textOf(() -> assertNoRemoteAccess(() -> jedis.get("key"))))
                    .contains("but none of its own was seen; but 1 on other threads may be the block's");
            assertThatCode(() -> ignoring(threads("connection *")).assertCacheRoundTrips(0, () -> jedis.get("key")))
                    .doesNotThrowAnyException();
        }
    }

    /** Connects, asks, and waits for nothing. The fake lets the client in later, so that it cannot have looked by chance. */
    private Socket askAndGo(Duration late) throws IOException {
        redis.faults().inject(Fault.delay(late).onConnect());
        Socket client = new Socket(redis.host(), redis.port());
        client.getOutputStream().write("GET key\r\n".getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    @Test
    void countsWhatHasReachedTheFakeThoughNobodyWaitsForTheAnswer() throws IOException {
        List<Socket> clients = new ArrayList<>();
        try {
            assertCacheRoundTrips(1, () -> clients.add(askAndGo(Duration.ofMillis(20))));
            assertThat(textOf(() -> assertNoRemoteAccess(() -> clients.add(askAndGo(Duration.ofMillis(20))))))
                    .contains("but there was 1", "1x GET key");
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void doesNotCountWhatWasSentBeforeTheBlock() throws IOException {
        try (Socket client = askAndGo(Duration.ofMillis(20))) {
            assertThat(client.isConnected()).isTrue();
            assertCacheRoundTrips(0, () -> {});
        }
        assertThat(scope.journal().commands().count()).isEqualTo(1);
    }

    @Test
    void doubtsACountWhereTheFakeIsBehind() throws IOException {
        try (Socket client = askAndGo(Duration.ofHours(1))) {
            assertThat(client.isConnected()).isTrue();
            int block = here() + 1;
            assertThat(textOf(() -> assertCacheRoundTrips(0, () -> {}))).isEqualTo("""
                            The count cannot be known: when the block at (CacheRoundTripTests.java:%d) had returned, a server still had not looked at all that it was sent

                              counted  0 cache round trips so far
                              behind   redis

                              What to do: wait for the answers inside the block: pipeline.sync(), future.get(). If a fault delays them,
                                count without it.""".formatted(block));
            assertThat(textOf(() -> assertNoRemoteAccess(() -> {}))).startsWith("The count cannot be known");
        }
    }

    @Test
    void doubtsThatNothingWasAskedWhileACommandIsStillOnTheClientsSide() {
        List<Runnable> ends = new ArrayList<>();
        int block = here() + 1;
        assertThat(textOf(() -> assertNoRemoteAccess(
                        () -> ends.add(Scope.current().orElseThrow().underWay(Operation.Kind.COMMAND, "SET")))))
                .startsWith("The work has not ended: the block at (CacheRoundTripTests.java:" + block + ")")
                .contains("unfinished  SET");
        ends.forEach(Runnable::run);
    }

    @Test
    void saysWhatToDoWhereNothingWasSeen() {
        assertThat(textOf(() -> assertCacheRoundTrips(1, () -> "nothing")))
                .contains("Expected 1 cache round trip, but 0 were made in the block at")
                .contains("watched")
                .contains("What to do: if the block did ask a cache server, it is one that nobody watches");
    }

    @Test
    void canBeTheCostOfAContract() {
        CacheRegistry registry = CacheRegistry.create().addField("redis", "field redis", false, () -> redis, null);
        test.registry(registry);
        assertThat(QueryAssertions.assertCaching(cacheRoundTrips().cold(2).warm(1), () -> {
                    String cached = overTcp.get("answer");
                    if (cached == null) {
                        overTcp.set("answer", "42");
                        return "42";
                    }
                    return cached;
                }))
                .isEqualTo("42");
    }

    @Test
    void refusesANegativeNumber() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertCacheRoundTrips(-1, () -> "never run"))
                .withMessage("expected must not be negative, but is -1");
    }

    @Test
    void nothingRemoteIsAsked() {
        String attribute = "verified";
        assertThat(assertNoRemoteAccess(() -> attribute)).isEqualTo("verified");
        assertNoRemoteAccess(() -> {});
    }

    @Test
    void showsEverythingRemote() {
        int block = here() + 1;
        String text = textOf(() -> assertNoRemoteAccess(() -> {
            inProcess.get("mode:7");
            db.name(1);
            try (Connection connection = db.source().getConnection()) {
                connection.setAutoCommit(false);
                connection.commit();
            }
        }));
        assertThat(text)
                .startsWith("Expected no remote access in the block at (CacheRoundTripTests.java:" + block
                        + "), but there were 4\n");
        assertThat(text)
                .contains("1x GET mode:7   on redis")
                .contains("1x select name from item where id = ?   on ")
                .contains("queries              1")
                .contains("transaction control  2")
                .contains("cache commands       1")
                .endsWith(
                        "What to do: fetch it before, and pass it in; or name the method for what it does: fetch..., load...");
    }
}
