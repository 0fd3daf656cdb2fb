package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.allowingRepeats;
import static dev.cacheproof.query.QueryAssertions.allowingRepeatsOf;
import static dev.cacheproof.query.QueryAssertions.assertNoDuplicates;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import dev.cacheproof.query.sql.SqlShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    private void read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("select name from item where id = 1").close();
        }
    }

    /** Records a statement that H2 does not know, or has not run here. */
    private static void told(String source, String sql, Operation.Outcome outcome) {
        SqlShape shape = SqlShape.parse(sql);
        Recorder recorder =
                Recorder.of(shape.isTransactionControl() ? Operation.Kind.TRANSACTION : Operation.Kind.QUERY, source);
        Operation.Request request = recorder.request(shape.text()).text(sql);
        recorder.begin(SqlShape.describe(request, List.of(shape))).end(outcome);
    }

    private void told(String sql) {
        told(db.name(), sql, Operation.Outcome.of(Operation.Outcome.Status.DONE));
    }

    @Test
    void whatIsReadAnewAfterARollbackIsNone() {
        assertNoDuplicates(() -> {
            try (Connection connection = db.connect()) {
                connection.setAutoCommit(false);
                Savepoint savepoint = connection.setSavepoint();
                read(connection);
                connection.rollback(savepoint);
                read(connection);
                connection.rollback();
                read(connection);
            }
            told("rollback to savepoint s");
            db.execute("select name from item where id = 1");
            told("abort");
            db.execute("select name from item where id = 1");
        });
        assertThat(textOf(() -> assertNoDuplicates(() -> {
                    try (Connection connection = db.connect()) {
                        connection.setAutoCommit(false);
                        read(connection);
                        connection.commit();
                        read(connection);
                        connection.rollback();
                    }
                })))
                .contains("there is one");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select nextval('sq')",
                "select next value for sq",
                "select current_timestamp",
                "select random_uuid()",
                "select 1",
                "values 1",
                "select name from item where id = 1 for update",
                "select name from item where id = 1 for no key update skip locked",
                "select name from item where id = 1\nFOR  share of item",
                "select name from item where id = 1 lock in share mode",
                "fetch next from names"
            })
    void whatAsksForNoDataOrForALockIsNoQuestion(String sql) {
        assertNoDuplicates(() -> {
            told(sql);
            told(sql);
        });
    }

    @Test
    void aRetryIsNone() {
        assertNoDuplicates(() -> {
            told(db.name(), "select name from item", Operation.Outcome.failed(new SQLException("deadlock")));
            told(db.name(), "select name from item", Operation.Outcome.failed(new SQLException("deadlock")));
            told("select name from item");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update item set name = 'x'",
                "update public.item set name = 'x'",
                "update \"Item\" set name = 'x'",
                "call refresh()",
                "truncate table item",
                "select * from item where id = 7; delete from item"
            })
    void whatIsReadAnewAfterAWriteThroughWhateverSourceIsNone(String sql) {
        assertNoDuplicates(() -> {
            told("select name from item");
            told("primary of " + db.name(), sql, Operation.Outcome.of(Operation.Outcome.Status.DONE));
            told("select name from item");
        });
        assertNoDuplicates(() -> {
            told("select name from public.item");
            told(sql);
            told("select name from public.item");
        });
        assertNoDuplicates(() -> {
            told("select name from item");
            Thread other = new Thread(() -> told(sql), "importer-3");
            other.start();
            other.join();
            told("select name from item");
        });
        assertNoDuplicates(() -> {
            told("fetch all from unknown_cursor");
            told("select name from item");
            told("set schema other");
            told("select name from item");
        });
    }

    @Test
    void aWriteOutsideOfWhatIsCountedIsSeen() throws SQLException {
        try (Database primary = new Database()) {
            db.check().assertNoDuplicates(() -> {
                db.name(1);
                primary.execute("update item set name = 'x'");
                db.name(1);
            });
            assertThat(textOf(() -> db.check().assertNoDuplicates(() -> {
                        db.name(1);
                        primary.execute("set lock_timeout 1000");
                        primary.name(1);
                        db.name(1);
                    })))
                    .contains("there is one");
        }
    }

    @Test
    void doesNotBelieveADuplicateWhereOthersMayHaveWritten() {
        assertThat(textOf(() -> assertNoDuplicates(() -> {
                    db.execute("select id from item");
                    Thread other = new Thread(
                            () -> IntStream.range(0, 120).forEach(i -> told("select " + i + " from item")),
                            "importer-3");
                    other.start();
                    other.join();
                    db.execute("select id from item");
                })))
                .contains("unless another thread has written in between, there is one");
        assertThat(textOf(() -> db.check().details(10).assertNoDuplicates(() -> {
                    for (int id = 1; id <= 12; id++) {
                        db.name(1);
                    }
                })))
                .startsWith("It cannot be known what the block at (DuplicateTests.java:");
    }

    private String first() {
        return db.name(1);
    }

    private String second() {
        return db.name(1);
    }

    @Test
    void takesOffWhatIsAllowedRead() {
        assertThat(textOf(() -> allowingRepeatsOf("*DuplicateTests.first(*")
                        .assertNoDuplicates(() -> first() + second() + second())))
                .contains("2x select name from item where id = ?");
        allowingRepeatsOf("*DuplicateTests.first(*").assertNoDuplicates(() -> second() + first());
    }

    @Test
    void knowsTextsApartThatAreShortened() {
        String start = "select name from item where name <> '" + "x".repeat(4_000) + "' and id = ";

        assertNoDuplicates(() -> {
            db.execute(start + 1);
            db.execute(start + 2);
        });
        assertThat(textOf(() -> assertNoDuplicates(() -> {
                    db.execute(start + 1);
                    db.execute(start + 1);
                })))
                .contains("there is one");
    }

    @Test
    void aBlockThatAsksNothingShowsNothing() {
        assertThat(textOf(() -> assertNoDuplicates(() -> {})))
                .startsWith("Expected nothing to be read twice, but the block at (DuplicateTests.java:")
                .contains("which shows nothing", "watched  ");
        assertThat(textOf(() -> db.check().assertNoDuplicates(() -> {}))).contains("counted on  " + db.name());
        assertThat(textOf(() -> assertNoDuplicates(() -> {
                    Thread other = new Thread(() -> db.name(1), "importer-3");
                    other.start();
                    other.join();
                })))
                .contains("which shows nothing", "1 on thread \"importer-3\"", "ignoring(threads(\"importer-*\"))");
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
                db.names("select name from item where name = ?", "Aa");
                db.names("select name from item where name = ?", "BB");
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
