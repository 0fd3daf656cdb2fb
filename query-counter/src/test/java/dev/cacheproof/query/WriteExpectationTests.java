package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.assertCacheWrites;
import static dev.cacheproof.query.QueryAssertions.ignoring;
import static dev.cacheproof.query.QueryAssertions.threads;
import static dev.cacheproof.query.WriteExpectation.expiring;
import static dev.cacheproof.query.WriteExpectation.expiringWithin;
import static dev.cacheproof.query.WriteExpectation.noLargerThan;
import static dev.cacheproof.query.WriteExpectation.read;
import static dev.cacheproof.query.WriteExpectation.spreadOver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.params.SetParams;

/** What is written to cache servers. */
@ResourceLock("unattributed queries")
class WriteExpectationTests {

    private final RunningTest test =
            RunningTest.undeclared("writes " + hashCode(), "writes", new Object(), Settings.current());

    @AutoClose
    final Scope scope = Scope.named("writes").root().test(test).open();

    @AutoClose
    final FakeRedis redis = FakeRedis.builder().name("shop redis").start();

    private final Jedis jedis = new Jedis(InProcessJedis.of(redis));
    private final Jedis overTcp = new Jedis(redis.host(), redis.port());
    private int askedAt;

    WriteExpectationTests() {
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
                Of the cache writes in the block at (WriteExpectationTests.java:%d), expected every entry to expire, but 1 of 2 does not

                  b   stays for ever   SET b   on shop redis
                     at WriteExpectationTests.showsWhatStaysForEver(WriteExpectationTests.java:%d) <- WriteExpectationTests.showsWhatStaysForEver(WriteExpectationTests.java:%d)

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
                        "outline:7   stays for ever",
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
                .contains("h2   expires, but by EXPIRE h2 of a later round trip   HSET h2", "SET ... EX");
    }

    @Test
    void seesATimeToLiveThatIsTakenAway() {
        assertThat(textOf(() -> assertCacheWrites(expiring(), () -> {
                    jedis.set("a", "1", seconds(60));
                    jedis.set("a", "2");
                })))
                .contains("a   stays for ever   SET a");
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
                Of the cache writes in the block at (WriteExpectationTests.java:%d), expected times to live to be spread over 10 s, but those of 3 entries are within 5 s

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
                Of the cache writes in the block at (WriteExpectationTests.java:%d), expected no entry to be larger than 1,000 bytes, but 2 of 3 are

                  h   has 1,023 bytes   HSET h   on shop redis
                     at WriteExpectationTests.showsWhatIsTooLarge(WriteExpectationTests.java:%d) <- WriteExpectationTests.showsWhatIsTooLarge(WriteExpectationTests.java:%d)
                  b   has 1,001 bytes   SET b   on shop redis
                     at WriteExpectationTests.showsWhatIsTooLarge(WriteExpectationTests.java:%d) <- WriteExpectationTests.showsWhatIsTooLarge(WriteExpectationTests.java:%d)

                  What to do: keep less in it, split it, or compress it: whoever reads it waits for all of it.""".formatted(block, askedAt + 2, block, askedAt, block));
    }

    @Test
    void showsWhatIsWrittenAndNeverRead() {
        int block = here() + 1;
        String text = textOf(() -> assertCacheWrites(read(), () -> {
            jedis.get("user:1");
            askedAt = here() + 1;
            jedis.set("user:1", "Ada");
            jedis.set("user:2", "Eve");
            jedis.mget("user:2", "User:1");
            jedis.set("user:2", "Eva");
        }));

        assertThat(text).isEqualTo("""
                Of the cache writes in the block at (WriteExpectationTests.java:%d), expected every entry to be read after it was written, but 1 of 2 was not

                  user:1   was not read   SET user:1   on shop redis
                     at WriteExpectationTests.showsWhatIsWrittenAndNeverRead(WriteExpectationTests.java:%d) <- WriteExpectationTests.showsWhatIsWrittenAndNeverRead(WriteExpectationTests.java:%d)

                  What to do: if it is read under another key, build both keys in one place; if nobody reads it, do not write it;
                    if it is read later, let the block read it, too.""".formatted(block, askedAt, block));
    }

    @Test
    void showsAllThatIsNotMetTogether() {
        int block = here() + 1;
        String text = textOf(() -> assertCacheWrites(
                expiring()
                        .and(noLargerThan(3))
                        .because("it is a flag")
                        .and(read())
                        .onKeys("b"),
                () -> {
                    askedAt = here() + 1;
                    jedis.set("a", "long");
                    jedis.set("b", "1", seconds(60));
                    jedis.get("b");
                }));

        assertThat(text).isEqualTo("""
                2 of 3 expectations of the cache writes in the block at (WriteExpectationTests.java:%d) are not met: expected every entry to expire, but 1 of 2 does not; expected no entry to be larger than 3 bytes, but 1 of 2 is

                  every entry to expire:
                    a   stays for ever   SET a   on shop redis
                       at WriteExpectationTests.showsAllThatIsNotMetTogether(WriteExpectationTests.java:%d) <- WriteExpectationTests.showsAllThatIsNotMetTogether(WriteExpectationTests.java:%d)
                  no entry to be larger than 3 bytes:
                    a   has 4 bytes   SET a   on shop redis
                       at WriteExpectationTests.showsAllThatIsNotMetTogether(WriteExpectationTests.java:%d) <- WriteExpectationTests.showsAllThatIsNotMetTogether(WriteExpectationTests.java:%d)

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
                Expected every entry to expire, of keys user:*, but the block at (WriteExpectationTests.java:%d) wrote no such entry to a cache server, which shows nothing

                  1x GET user:1   on shop redis
                     at WriteExpectationTests.aBlockThatWritesNothingShowsNothing(WriteExpectationTests.java:%d) <- WriteExpectationTests.aBlockThatWritesNothingShowsNothing(WriteExpectationTests.java:%d)

                  What to do: let the block write: make the caches cold before, and ask for what is not cached yet.""".formatted(block, askedAt, block));
        assertThat(textOf(() -> assertCacheWrites(expiring(), () -> {})))
                .contains("wrote no such entry", "watched  shop redis");
        assertThat(textOf(() -> assertCacheWrites(read(), () -> jedis.set("lost", "1"))))
                .contains("wrote no such entry", "lost, by a fault");
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
                    It cannot be known what the block at (WriteExpectationTests.java:%d) has written: other commands may be the block's, too

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
        assertThatNullPointerException().isThrownBy(() -> assertCacheWrites(null, () -> {}));
    }
}
