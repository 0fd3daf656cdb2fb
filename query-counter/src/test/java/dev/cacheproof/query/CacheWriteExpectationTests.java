package dev.cacheproof.query;

import static dev.cacheproof.query.CacheWriteExpectation.expiring;
import static dev.cacheproof.query.CacheWriteExpectation.expiringWithin;
import static dev.cacheproof.query.CacheWriteExpectation.noLargerThan;
import static dev.cacheproof.query.CacheWriteExpectation.readBack;
import static dev.cacheproof.query.CacheWriteExpectation.spreadOver;
import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.assertCacheWrites;
import static dev.cacheproof.query.QueryAssertions.ignoring;
import static dev.cacheproof.query.QueryAssertions.threads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.params.GetExParams;
import redis.clients.jedis.params.SetParams;

/** What is written to cache servers. */
@ResourceLock("unattributed queries")
class CacheWriteExpectationTests {

    private final RunningTest test =
            RunningTest.undeclared("writes " + hashCode(), "writes", new Object(), Settings.current());

    @AutoClose
    final Scope scope = Scope.named("writes").root().test(test).open();

    @AutoClose
    final FakeRedis redis = FakeRedis.builder().name("shop redis").start();

    private final Jedis jedis = new Jedis(InProcessJedis.of(redis));
    private final Jedis overTcp = new Jedis(redis.host(), redis.port());
    private int askedAt;

    CacheWriteExpectationTests() {
        redis.clock().freeze();
    }

    @AfterEach
    void close() {
        jedis.close();
        overTcp.close();
    }

    private static SetParams seconds(long seconds) {
        return SetParams.setParams().ex(seconds);
    }

    @Test
    void returnsWhatABlockReturnsWhoseWritesExpire() {
        assertThat(assertCacheWrites(expiring(), () -> jedis.set("a", "1", seconds(60))))
                .isEqualTo("OK");
        assertThat(assertCacheWrites(expiringWithin(Duration.ofMinutes(1)), () -> overTcp.set("a", "1", seconds(60))))
                .isEqualTo("OK");
    }

    @Test
    void showsWhatStaysForEver() {
        int block = here() + 1;
        String text = textOf(() -> assertCacheWrites(expiring(), () -> {
            jedis.set("a", "1", seconds(60));
            askedAt = here() + 1;
            jedis.set("b", "1");
        }));

        assertThat(text).isEqualTo("""
                Of the cache writes in the block at (CacheWriteExpectationTests.java:%d), expected every entry to expire, but 1 of 2 does not

                  b   has no time to live   SET b   on shop redis
                     at CacheWriteExpectationTests.showsWhatStaysForEver(CacheWriteExpectationTests.java:%d) <- CacheWriteExpectationTests.showsWhatStaysForEver(CacheWriteExpectationTests.java:%d)

                  What to do: give it a time to live where it is written; if its key names a version, and it may stay until it
                    is evicted, leave it out: exceptKeys("...").""".formatted(block, askedAt, block));
    }

    @Test
    void aVersionedKeyIsDeclaredFreeOfIt() {
        assertCacheWrites(expiring().exceptKeys("outline:*:v*").exceptKeys("lock:*"), () -> {
            jedis.set("outline:7:v3", "1");
            jedis.set("lock:7", "1");
            jedis.set("outline:7", "3", seconds(9));
        });
        assertThat(textOf(() -> assertCacheWrites(
                        expiring()
                                .onKeys("outline:*")
                                .exceptKeys("outline:*:v*")
                                .because("keys are reused"),
                        () -> {
                            jedis.set("outline:7:v3", "1");
                            jedis.set("outline:7", "1");
                            jedis.set("user:7", "1");
                        })))
                .contains(
                        "every entry to expire, of keys outline:*, but for keys outline:*:v*",
                        "but 1 of 1 does not",
                        "outline:7   has no time to live",
                        "because  keys are reused");
    }

    @Test
    void aTimeToLiveMayComeInTheSameRoundTripAlone() {
        assertCacheWrites(expiring(), () -> {
            try (Transaction transaction = overTcp.multi()) {
                transaction.hset("h", "name", "Ada");
                transaction.expire("h", 60);
                transaction.exec();
            }
            try (Pipeline pipeline = jedis.pipelined()) {
                pipeline.hset("p", "name", "Ada");
                pipeline.expire("p", 60);
                pipeline.sync();
            }
        });
        assertThat(textOf(() -> assertCacheWrites(expiring(), () -> {
                    jedis.hset("h2", "name", "Ada");
                    jedis.expire("h2", 60);
                })))
                .contains("h2   had no time to live until EXPIRE h2, of a later round trip   HSET h2", "SET ... EX");
    }

    @Test
    void seesATimeToLiveThatIsTakenAway() {
        assertThat(textOf(() -> assertCacheWrites(expiring(), () -> {
                    jedis.set("a", "1", seconds(60));
                    jedis.set("a", "2");
                })))
                .contains("a   has no time to live   SET a");
        assertCacheWrites(expiring(), () -> {
            jedis.set("a", "1", seconds(60));
            jedis.set("a", "2", SetParams.setParams().keepTtl());
        });
    }

    @Test
    void limitsHowLongAnEntryLives() {
        assertThat(textOf(() -> assertCacheWrites(expiringWithin(Duration.ofMinutes(1)), () -> {
                    jedis.set("a", "1", seconds(60));
                    jedis.set("b", "1", SetParams.setParams().px(60_001));
                })))
                .contains("every entry to expire within 60 s", "1 of 2 does not", "b   expires after 60001 ms   SET b");
    }

    @Test
    void showsWhatExpiresTogether() {
        int block = here() + 1;
        String text = textOf(() -> assertCacheWrites(spreadOver(Duration.ofSeconds(10)), () -> {
            for (int id = 1; id <= 3; id++) {
                jedis.set("item:" + id, "1", seconds(id < 3 ? 60 : 65));
            }
        }));

        assertThat(text).isEqualTo("""
                Of the cache writes in the block at (CacheWriteExpectationTests.java:%d), expected times to live to be spread over 10 s, but those of 3 entries are within 5 s

                  2 expire after 60 s
                  1 expires after 65 s

                  What to do: add a random part to the time to live, so that not all are computed anew at once.""".formatted(block));
    }

    @Test
    void oneThatIsFarOffIsNoSpread() {
        assertThat(textOf(() -> assertCacheWrites(spreadOver(Duration.ofSeconds(10)), () -> {
                    for (int id = 1; id <= 3; id++) {
                        jedis.set("item:" + id, "1", seconds(id < 3 ? 60 : 600));
                    }
                })))
                .contains("but 2 of 3 entries have the same");
        assertCacheWrites(spreadOver(Duration.ofSeconds(10)), () -> {
            for (int id = 1; id <= 4; id++) {
                jedis.set("item:" + id, "1", seconds(60 + id / 2 * 5));
            }
        });
        assertThat(textOf(() -> assertCacheWrites(
                        spreadOver(Duration.ofSeconds(10)), () -> jedis.set("item:1", "1", seconds(60)))))
                .contains("but 1 of 1 entry expires", "let the block write several entries");
    }

    @Test
    void showsWhatIsTooLarge() {
        int block = here() + 1;
        String text = textOf(() -> assertCacheWrites(noLargerThan(1000), () -> {
            jedis.set("a", "x".repeat(1000));
            askedAt = here() + 1;
            jedis.set("b", "x".repeat(1001));
            jedis.set("b", "x");
            jedis.hset("h", Map.of("one", "x".repeat(1020)));
        }));

        assertThat(text).isEqualTo("""
                Of the cache writes in the block at (CacheWriteExpectationTests.java:%d), expected no entry to be larger than 1,000 bytes, but 2 of 3 are

                  h   has 1,023 bytes   HSET h   on shop redis
                     at CacheWriteExpectationTests.showsWhatIsTooLarge(CacheWriteExpectationTests.java:%d) <- CacheWriteExpectationTests.showsWhatIsTooLarge(CacheWriteExpectationTests.java:%d)
                  b   has 1,001 bytes   SET b   on shop redis
                     at CacheWriteExpectationTests.showsWhatIsTooLarge(CacheWriteExpectationTests.java:%d) <- CacheWriteExpectationTests.showsWhatIsTooLarge(CacheWriteExpectationTests.java:%d)

                  What to do: keep less in it, split it, or compress it: whoever reads it waits for all of it.""".formatted(block, askedAt + 2, block, askedAt, block));
    }

    @Test
    void showsWhatIsWrittenAndNeverRead() {
        int block = here() + 1;
        String text = textOf(() -> assertCacheWrites(readBack(), () -> {
            jedis.get("user:1");
            askedAt = here() + 1;
            jedis.set("user:1", "Ada");
            jedis.set("user:2", "Eve");
            jedis.mget("user:2", "User:1");
            jedis.set("user:2", "Eva");
        }));

        assertThat(text).isEqualTo("""
                Of the cache writes in the block at (CacheWriteExpectationTests.java:%d), expected every entry to be read after it was written, but 1 of 2 was not

                  user:1   was not read   SET user:1   on shop redis
                     at CacheWriteExpectationTests.showsWhatIsWrittenAndNeverRead(CacheWriteExpectationTests.java:%d) <- CacheWriteExpectationTests.showsWhatIsWrittenAndNeverRead(CacheWriteExpectationTests.java:%d)

                  What to do: if it is read under another key, build both keys in one place; if nobody reads it, do not write it;
                    if it is read later, let the block read it, too.""".formatted(block, askedAt, block));
    }

    @Test
    void readBackIsWhatIsGivenOrWorkedWith() {
        List<Runnable> uses = List.of(
                () -> jedis.get("a"),
                () -> jedis.mget("b", "a"),
                () -> jedis.getDel("a"),
                () -> jedis.getEx("a", GetExParams.getExParams().ex(9)),
                () -> jedis.append("a", jedis.get("a")),
                () -> jedis.incr("a"),
                () -> jedis.rename("a", "b"),
                () -> jedis.copy("a", "b", true));
        assertThat(uses)
                .allSatisfy(use -> assertCacheWrites(readBack().onKeys("a"), () -> {
                    jedis.set("a", "1");
                    use.run();
                }));
        List<Runnable> others = List.of(
                () -> jedis.exists("a"),
                () -> jedis.ttl("a"),
                () -> jedis.type("a"),
                () -> jedis.strlen("a"),
                () -> {
                    jedis.del("a");
                    jedis.get("a");
                },
                () -> {
                    jedis.pexpire("a", 5);
                    redis.clock().advance(Duration.ofMillis(6));
                    jedis.get("a");
                });
        assertThat(others)
                .allSatisfy(other -> assertThat(textOf(() -> assertCacheWrites(readBack(), () -> {
                            jedis.set("a", "1");
                            other.run();
                        })))
                        .contains("a   was not read"));
        assertThat(textOf(() -> assertCacheWrites(readBack().onKeys("q"), () -> {
                    jedis.del("q");
                    jedis.setGet("q", "2");
                })))
                .as("what was before is given, and not what is written")
                .contains("q   was not read");
        assertCacheWrites(readBack(), () -> {
            try (Transaction transaction = jedis.multi()) {
                transaction.set("t", "1");
                transaction.get("t");
                transaction.exec();
            }
            jedis.rpush("l", "1");
            jedis.lpop("l");
        });
    }

    @Test
    void knowsEntriesApart() {
        assertThat(textOf(() -> assertCacheWrites(readBack(), () -> {
                    jedis.set("a", "1");
                    jedis.select(1);
                    jedis.set("a", "1");
                    jedis.get("a");
                    jedis.select(0);
                })))
                .contains("1 of 2 was not", "a   was not read");
        assertThat(textOf(() -> assertCacheWrites(readBack(), () -> {
                    jedis.set(new byte[] {'k', -1}, new byte[0]);
                    jedis.get(new byte[] {'k', -2});
                })))
                .contains("k\\xff   was not read");
    }

    /** Two clients of one name send nothing together. */
    @Test
    void knowsTheRoundTripsOfClientsOfOneNameApart() {
        try (Jedis other = new Jedis(redis.host(), redis.port())) {
            overTcp.clientSetname("app");
            other.clientSetname("app");
            assertThat(textOf(() -> assertCacheWrites(expiring(), () -> {
                        overTcp.set("k", "1");
                        try (Pipeline pipeline = other.pipelined()) {
                            pipeline.get("none");
                            pipeline.expire("k", 60);
                            pipeline.sync();
                        }
                    })))
                    .contains("k   had no time to live until EXPIRE k, of a later round trip");
        }
    }

    @Test
    void onlyWhatARoundTripLeavesCounts() {
        assertCacheWrites(expiringWithin(Duration.ofMinutes(1)), () -> {
            try (Pipeline pipeline = jedis.pipelined()) {
                pipeline.set("a", "1", seconds(999));
                pipeline.expire("a", 60);
                pipeline.sync();
            }
            jedis.set("gone", "1", SetParams.setParams().exAt(1));
        });
        assertThat(textOf(() -> assertCacheWrites(expiringWithin(Duration.ofMinutes(1)), () -> {
                    jedis.set("a", "1", seconds(999));
                    jedis.set("b", "1");
                })))
                .contains("2 of 2 do not", "give it a time to live where it is written", "shorten what lives too long");
    }

    @Test
    void showsAllThatIsNotMetTogether() {
        int block = here() + 1;
        String text = textOf(() -> assertCacheWrites(
                expiring()
                        .and(noLargerThan(3))
                        .because("it is a flag")
                        .and(readBack())
                        .onKeys("b"),
                () -> {
                    askedAt = here() + 1;
                    jedis.set("a", "long");
                    jedis.set("b", "1", seconds(60));
                    jedis.get("b");
                }));

        assertThat(text).isEqualTo("""
                2 of 3 expectations of the cache writes in the block at (CacheWriteExpectationTests.java:%d) are not met: expected every entry to expire, but 1 of 2 does not; expected no entry to be larger than 3 bytes, but 1 of 2 is

                  every entry to expire:
                    a   has no time to live   SET a   on shop redis
                       at CacheWriteExpectationTests.showsAllThatIsNotMetTogether(CacheWriteExpectationTests.java:%d) <- CacheWriteExpectationTests.showsAllThatIsNotMetTogether(CacheWriteExpectationTests.java:%d)
                  no entry to be larger than 3 bytes:
                    a   has 4 bytes   SET a   on shop redis
                       at CacheWriteExpectationTests.showsAllThatIsNotMetTogether(CacheWriteExpectationTests.java:%d) <- CacheWriteExpectationTests.showsAllThatIsNotMetTogether(CacheWriteExpectationTests.java:%d)

                  because  it is a flag

                  What to do: give it a time to live where it is written; if its key names a version, and it may stay until it
                    is evicted, leave it out: exceptKeys("...").
                    keep less in it, split it, or compress it: whoever reads it waits for all of it.""".formatted(block, askedAt, block, askedAt, block));
    }

    @Test
    void aBlockThatWritesNothingShowsNothing() {
        redis.faults().inject(Fault.lostWrite().onKeys("lost"));
        int block = here() + 1;
        String text = textOf(() -> assertCacheWrites(expiring().onKeys("user:*"), () -> {
            askedAt = here() + 1;
            jedis.get("user:1");
        }));

        assertThat(text).isEqualTo("""
                Expected every entry to expire, of keys user:*, but the block at (CacheWriteExpectationTests.java:%d) wrote no such entry to a cache server, which shows nothing

                  1x GET user:1   on shop redis
                     at CacheWriteExpectationTests.aBlockThatWritesNothingShowsNothing(CacheWriteExpectationTests.java:%d) <- CacheWriteExpectationTests.aBlockThatWritesNothingShowsNothing(CacheWriteExpectationTests.java:%d)

                  What to do: let the block write: make the caches cold before, and ask for what is not cached yet.""".formatted(block, askedAt, block));
        assertThat(textOf(() -> assertCacheWrites(expiring(), () -> {})))
                .contains("wrote no such entry", "watched  shop redis");
        assertThat(textOf(() -> assertCacheWrites(readBack(), () -> jedis.set("lost", "1"))))
                .contains("It cannot be known what", "1 of its commands was not carried out", "lost, by a fault");
        assertThat(textOf(() -> assertCacheWrites(expiring(), () -> {
                    jedis.set("a", "1", seconds(60));
                    jedis.getConnection().sendCommand(Protocol.Command.XADD, "stream", "*", "field", "value");
                    assertThatThrownBy(() -> jedis.getConnection().getOne()).hasMessageContaining("unknown command");
                })))
                .contains("1 of its commands was not carried out", "let the code under test ask a real server");
    }

    @Test
    void doubtsCommandsThatMayBeAnotherTests() {
        try (FakeRedis nobodys = CompletableFuture.supplyAsync(FakeRedis::start).join();
                Jedis other = new Jedis(nobodys.host(), nobodys.port())) {
            int block = here() + 1;
            String text = textOf(() -> assertCacheWrites(expiring(), () -> {
                jedis.set("a", "1", seconds(60));
                other.set("b", "1");
            }));

            assertThat(text).isEqualTo("""
                    It cannot be known what the block at (CacheWriteExpectationTests.java:%d) has written: other commands may be the block's, too

                      unattributed  1 on thread "connection 1": SET b

                      What to do: what comes over a socket is a test's for certain if the fake is that test's alone: @Fake on an
                        instance field, or on a static one under @CacheIsolation. In process it always is:
                        InProcessJedis.of(redis). Declare what is not: ignoring(threads("name-*")).""".formatted(block));
            ignoring(threads("connection *")).assertCacheWrites(expiring(), () -> {
                jedis.set("a", "1", seconds(60));
                other.set("b", "1");
            });
        }
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is refused
    void refusesBadInput() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> noLargerThan(0))
                .withMessage("bytes must be positive, but is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> expiringWithin(Duration.ZERO))
                .withMessage("longest must be positive, but is PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spreadOver(Duration.ofSeconds(-1)))
                .withMessage("atLeast must be positive, but is PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> expiring().onKeys(" "))
                .withMessage("pattern must be such as user:*, but is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> expiring().exceptKeys(""))
                .withMessage("pattern must be such as user:*, but is blank");
        assertThatIllegalStateException()
                .isThrownBy(() -> expiring().onKeys("a:*").onKeys("b:*"))
                .withMessage(
                        "onKeys(\"a:*\") was said of this expectation already: begin another with and(...) for other keys");
        assertThatNullPointerException().isThrownBy(() -> assertCacheWrites(null, () -> {}));
    }
}
