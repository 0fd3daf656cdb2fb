package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.allowingRepeats;
import static dev.cacheproof.query.QueryAssertions.allowingRepeatsOf;
import static dev.cacheproof.query.QueryAssertions.assertNoDuplicates;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import redis.clients.jedis.Jedis;

/** What is read twice. */
@ResourceLock("unattributed queries")
class DuplicateTests {

    private final RunningTest test =
            RunningTest.undeclared("twice " + hashCode(), "twice", new Object(), Settings.current());

    @AutoClose
    final Scope scope = Scope.named("twice").root().test(test).open();

    @AutoClose
    final FakeRedis redis = FakeRedis.builder().name("shop redis").start();

    @AutoClose
    final Database db = new Database();

    private final Jedis jedis = new Jedis(InProcessJedis.of(redis));
    private int askedAt;

    @AfterEach
    void close() {
        jedis.close();
    }

    @Test
    void returnsWhatABlockReturnsThatReadsNothingTwice() {
        assertThat(assertNoDuplicates(() -> db.name(1) + db.name(2))).isEqualTo("ab");
        assertNoDuplicates(() -> {
            jedis.get("a");
            jedis.get("b");
            jedis.mget("a", "b");
            jedis.mget("b", "a");
            jedis.hget("h", "1");
            jedis.hget("h", "2");
        });
    }

    @Test
    void showsWhatTwoLinesRead() {
        int block = here() + 1;
        String text = textOf(() -> assertNoDuplicates(() -> {
            askedAt = here() + 1;
            db.name(1);
            db.name(2);
            db.name(1);
        }));

        assertThat(text).isEqualTo("""
                Expected nothing to be read twice in the block at (DuplicateTests.java:%1$d), but there is one

                  2x select name from item where id = ?   on %2$s
                     values [1]
                     at DuplicateTests.showsWhatTwoLinesRead(DuplicateTests.java:%3$d) <- DuplicateTests.showsWhatTwoLinesRead(DuplicateTests.java:%1$d)
                     at DuplicateTests.showsWhatTwoLinesRead(DuplicateTests.java:%4$d) <- DuplicateTests.showsWhatTwoLinesRead(DuplicateTests.java:%1$d)

                  What to do: ask once and pass the answer on, or cache it. If it is meant, allow it: allowingRepeatsOf("select name from item where id = ?").""".formatted(block, db.name(), askedAt, askedAt + 2));
    }

    @Test
    void findsThatOfCacheCommands() {
        assertThat(textOf(() -> assertNoDuplicates(() -> {
                    jedis.get("flag:1");
                    jedis.hget("h", "1");
                    jedis.get("flag:1");
                    jedis.hget("h", "1");
                })))
                .contains("there are 2", "2x GET flag:1   on shop redis", "2x HGET h   on shop redis");
    }

    @Test
    void whatIsReadAnewAfterAWriteIsNone() {
        assertNoDuplicates(() -> {
            db.name(1);
            db.execute("update item set name = 'x' where id = 1");
            db.name(1);
            db.execute("call 1");
            db.name(1);
            jedis.get("a");
            jedis.set("a", "1");
            jedis.get("a");
            jedis.del("a");
            jedis.get("a");
            jedis.getDel("a");
            jedis.getDel("a");
        });
    }

    @Test
    void aWriteOfSomethingElseChangesNothing() {
        db.execute("create table other (id int)");

        assertThat(textOf(() -> assertNoDuplicates(() -> {
                    db.name(1);
                    jedis.set("a", "1");
                    db.execute("insert into other values (1)");
                    db.name(1);
                })))
                .contains("there is one");
        assertThat(textOf(() -> assertNoDuplicates(() -> {
                    jedis.get("a");
                    db.execute("update item set name = 'x'");
                    jedis.get("a");
                })))
                .contains("there is one");
    }

    @Test
    void repeatedWritesAreNone() {
        assertNoDuplicates(() -> {
            db.execute("update item set name = 'x' where id = 1");
            db.execute("update item set name = 'x' where id = 1");
            jedis.incr("hits");
            jedis.incr("hits");
        });
    }

    @Test
    void someAreAllowed() {
        Callable<@Nullable Object> twice = () -> db.name(1) + db.name(1);
        allowingRepeats(2).assertNoDuplicates(twice);
        allowingRepeatsOf("select name *").assertNoDuplicates(twice);
        assertThat(textOf(() -> allowingRepeats(2).because("once is dear").assertNoDuplicates(() -> {
                    db.name(1);
                    db.name(1);
                    db.name(1);
                })))
                .contains("3x select name", "allowed  up to 2 times each", "because  once is dear");
    }

    @Test
    void doubtsWhatMayBeTheBlocks() {
        assertThat(textOf(() -> assertNoDuplicates(() -> {
                    db.name(1);
                    CompletableFuture.supplyAsync(() -> db.name(1), task -> new Thread(task, "worker").start())
                            .join();
                })))
                .contains("there is one if what another thread asks for is the block's", "unattributed  1 on thread");
    }

    @Test
    void whatIsNotShownStillDiffers() {
        Settings masked =
                Settings.resolve(name -> Optional.of("masked").filter(values -> name.equals("cacheproof.values")));
        try (Scope inMasked = Scope.named("masked")
                .root()
                .test(RunningTest.undeclared("masked", "masked", new Object(), masked))
                .open()) {
            assertThat(inMasked.isClosed()).isFalse();
            assertNoDuplicates(() -> {
                db.names("select name from item where name = ?", "x".repeat(500) + "1");
                db.names("select name from item where name = ?", "x".repeat(500) + "2");
                jedis.hget("h", "1");
                jedis.hget("h", "2");
            });
        }
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is refused
    void refusesBadInput() {
        assertThatNullPointerException()
                .isThrownBy(() -> assertNoDuplicates((Block) null))
                .withMessage("block must not be null");
    }
}
