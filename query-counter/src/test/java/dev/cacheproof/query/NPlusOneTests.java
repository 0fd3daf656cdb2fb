package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.allowingRepeats;
import static dev.cacheproof.query.QueryAssertions.allowingRepeatsOf;
import static dev.cacheproof.query.QueryAssertions.assertNoNPlusOne;
import static dev.cacheproof.query.QueryAssertions.scale;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.cacheproof.CacheRegistry;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

@ResourceLock("unattributed queries")
class NPlusOneTests {

    private final RunningTest test =
            RunningTest.undeclared("n+1 " + hashCode(), "n+1", new Object(), Settings.current());

    @AutoClose
    final Scope scope = Scope.named("n+1").root().test(test).open();

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
    }

    private List<String> oneByOne(int... ids) {
        List<String> names = new ArrayList<>();
        for (int id : ids) {
            askedAt = here() + 1;
            names.add(db.name(id));
        }
        return names;
    }

    @Test
    void returnsWhatABlockReturnsThatAsksOnce() {
        assertThat(assertNoNPlusOne(() -> db.names("select name from item where id in (?, ?)", 1, 2)))
                .containsExactly("a", "b");
        assertNoNPlusOne(() -> {
            db.name(1);
            db.name(2); // another line
        });
        assertThat(assertNoNPlusOne(() -> oneByOne(1, 1)))
                .as("a duplicate is none")
                .containsExactly("a", "a");
    }

    @Test
    void showsWhatIsAskedForOneByOne() {
        int block = here() + 1;
        String text = textOf(() -> assertNoNPlusOne(() -> oneByOne(1, 2, 3)));

        assertThat(text).isEqualTo("""
                Expected no N+1 in the block at (NPlusOneTests.java:%d), but there is one

                  3x select name from item where id = ?   on %s
                     N+1: same SQL, same call site, different values
                     values [1] [2] [3]
                     at NPlusOneTests.oneByOne(NPlusOneTests.java:%d) <- NPlusOneTests.showsWhatIsAskedForOneByOne(NPlusOneTests.java:%d)

                  What to do: fetch the rows of the N+1 together, with a join or with IN (...).
                    If it is meant, allow it: allowingRepeatsOf("select name from item where id = ?").""".formatted(block, db.name(), askedAt, block));
    }

    private void first() {
        db.name(1);
    }

    private void second() {
        db.name(2);
    }

    /** What both ask through is one line, but neither asks twice. */
    @Test
    void whatTwoMethodsAskOnceIsNone() {
        assertNoNPlusOne(() -> List.<Runnable>of(this::first, this::second).forEach(Runnable::run));
    }

    @Test
    void findsThatOfCacheCommands() {
        assertThat(textOf(
                        () -> assertNoNPlusOne(() -> List.of("flag:1", "flag:2").forEach(inProcess::get))))
                .contains("2x GET flag:#", "N+1: same command, same call site, different keys", "with MGET");
        assertThat(textOf(
                        () -> assertNoNPlusOne(() -> List.of("flag:1", "flag:2").forEach(overTcp::get))))
                .contains("one by one: same command, different keys", "allowingRepeatsOf(\"GET flag:#\")");
        assertNoNPlusOne(() -> {
            overTcp.mget("flag:1", "flag:2");
        });
    }

    @Test
    void findsThatOfThePartsOfOneEntry() {
        List<String> fields = List.of("f1", "f2");

        assertThat(textOf(() -> assertNoNPlusOne(() -> fields.forEach(field -> inProcess.hget("h", field)))))
                .contains(
                        "2x HGET h",
                        "N+1: same command, same call site, same key, different arguments",
                        "values [f1] [f2]",
                        "ask for the parts together, with HMGET.");
        assertThat(textOf(() -> assertNoNPlusOne(() -> fields.forEach(field -> overTcp.hget("h", field)))))
                .contains("one by one: same command, same key, different arguments");
        assertThat(textOf(() -> assertNoNPlusOne(() -> List.of(1, 2).forEach(at -> inProcess.lindex("l", at)))))
                .contains("ask for the parts together, with one command for all, or in a pipeline.");
        assertThat(textOf(() -> assertNoNPlusOne(
                        scale(1, 2), n -> fields.subList(0, n).forEach(field -> inProcess.hget("h", field)))))
                .contains("same key, different arguments", "with HMGET");
        assertNoNPlusOne(() -> {
            overTcp.hget("h", "name");
            overTcp.hget("h", "age");
            List.of("1", "2").forEach(value -> inProcess.set("a", value));
            List.of("1", "1").forEach(field -> inProcess.hget("h", field));
        });
    }

    @Test
    void takesOffWhatIsAllowedCommandByCommand() {
        assertThat(textOf(() -> allowingRepeatsOf("GET flag:#")
                        .assertNoNPlusOne(() -> List.of("flag:1", "flag:2").forEach(key -> {
                            inProcess.get(key);
                            inProcess.hgetAll(key);
                        }))))
                .contains("2x HGETALL flag:#")
                .doesNotContain("2x GET");
    }

    @Test
    void showsTextsWhoseLiteralsDiffer() {
        assertThat(textOf(() -> assertNoNPlusOne(
                        () -> List.of(1, 2, 3, 4).forEach(id -> db.execute("select name from item where id = " + id)))))
                .contains("""
                          4x select name from item where id = ?   on %s
                             N+1: same SQL, same call site, different values
                             as select name from item where id = 1
                             as select name from item where id = 2
                             as select name from item where id = 3
                             ...
                        """.formatted(db.name()).indent(0).replaceAll("(?m)^ {10}", "  "));
    }

    @Test
    void knowsTextsApartThatAreShortened() {
        String start = "select name from item where name <> '" + "x".repeat(4_000) + "' and id = ";

        assertThat(textOf(() -> assertNoNPlusOne(() -> List.of(1, 2).forEach(id -> db.execute(start + id)))))
                .contains("N+1: same SQL, same call site, different values");
    }

    @Test
    void aBlockThatAsksNothingShowsNothing() {
        int block = here() + 1;
        String text = textOf(() -> assertNoNPlusOne(() -> {}));

        assertThat(text.replaceAll("(?m)^(  watched  ).*$", "$1...")).isEqualTo("""
                Expected no N+1, but the block at (NPlusOneTests.java:%d) asked no database and no cache server for anything, which shows nothing

                  watched  ...

                  What to do: let the block ask: make the caches cold before, and give the code under test what is watched.""".formatted(block));
    }

    @Test
    void advisesToWriteTogetherWhatIsWrittenOneByOne() {
        assertThat(textOf(() -> assertNoNPlusOne(() -> List.of("x", "y")
                        .forEach(name -> db.execute("insert into item (name) values ('" + name + "')")))))
                .contains(
                        "N+1: same SQL, same call site, different values",
                        "write the rows of the N+1 together, in a batch");
    }

    @Test
    void allowsWhatIsMeant() {
        Callable<Object> three = () -> oneByOne(1, 2, 3);

        allowingRepeats(3).assertNoNPlusOne(three);
        allowingRepeatsOf("select name from item*").assertNoNPlusOne(three);
        allowingRepeatsOf("*NPlusOneTests.oneByOne(*").assertNoNPlusOne(three);
        assertThat(textOf(() -> allowingRepeats(2)
                        .allowingRepeatsOf("delete*")
                        .because("a page")
                        .assertNoNPlusOne(three)))
                .contains("  because  a page\n", "  allowed  up to 2 times each; any number of delete*\n");
        allowingRepeatsOf("select name from item*").allowingRepeats(2).assertNoNPlusOne(three);
    }

    /** Two pages of keys are two times, however many keys a page has. */
    @Test
    void allowsSoManyRoundTripsAndNotSoManyCommands() {
        List<List<String>> pages = List.of(List.of("flag:1", "flag:2"), List.of("flag:3", "flag:4"));
        Block inPages = () -> pages.forEach(page -> {
            Pipeline pipeline = inProcess.pipelined();
            page.forEach(pipeline::get);
            pipeline.sync();
        });

        assertThat(textOf(() -> assertNoNPlusOne(inPages))).contains("4x GET flag:#");
        allowingRepeats(2).assertNoNPlusOne(inPages);
    }

    @Test
    void proposesAPatternThatAllowsALongStatement() {
        String sql = "select " + "name, ".repeat(60) + "name from item where id = ?";
        Callable<Object> block =
                () -> List.of(1, 2).stream().map(id -> db.names(sql, id)).toList();

        String text = textOf(() -> assertNoNPlusOne(block));
        String pattern = text.replaceAll("(?s).*allowingRepeatsOf\\(\"(.*)\"\\).*", "$1");
        assertThat(pattern).hasSizeLessThan(200).contains("*");
        allowingRepeatsOf(pattern).assertNoNPlusOne(block);
    }

    @Test
    void doesNotBelieveThatThereIsNoneWhereItCannotBeSeen() throws InterruptedException {
        assertThat(textOf(() -> assertNoNPlusOne(() -> {
                    try (Connection connection = db.connect()) {
                        connection.unwrap(org.h2.jdbc.JdbcConnection.class);
                    }
                })))
                .startsWith("The count cannot be known");
        assertThat(textOf(() -> assertNoNPlusOne(() -> {
                    Thread other = new Thread(() -> oneByOne(1, 2), "importer-3");
                    other.start();
                    other.join();
                })))
                .contains(
                        "and none of its own was seen; but one on another thread may be the block's",
                        "ignoring(threads(\"importer-*\"))");
        assertThat(textOf(() -> db.check().details(10).assertNoNPlusOne(() -> {
                    for (int id = 1; id <= 12; id++) {
                        db.execute("select " + "name, ".repeat(id) + "name from item");
                    }
                })))
                .startsWith("It cannot be known what the block at (NPlusOneTests.java:")
                .contains("counted  12 queries", "details(100_000)");
    }

    @Test
    void doubtsCommandsToAServerThatIsNobodys() {
        try (FakeRedis nobodys = CompletableFuture.supplyAsync(FakeRedis::start).join();
                Jedis jedis = new Jedis(nobodys.host(), nobodys.port())) {
            assertThat(textOf(() ->
                            assertNoNPlusOne(() -> List.of("flag:1", "flag:2").forEach(jedis::get))))
                    .contains("one on another thread may be the block's", "2x GET flag:#")
                    .as("a connection is no name for a thread")
                    .contains("ignoring(threads(\"name-*\"))");
        }
    }

    @Test
    void seesByTheSlopeWhatHidesFromOneRun() {
        ScaledBlock hidden = n -> {
            if (n > 0) {
                db.name(1);
            }
            if (n > 1) {
                db.names("select id from item where name = ?", "b");
            }
        };
        int block = here() + 1;
        String text = textOf(() -> assertNoNPlusOne(scale(1, 4), hidden));

        assertThat(text)
                .startsWith("Expected no more round trips for 4 than for 1 in the block at (NPlusOneTests.java:" + block
                        + "), but they grow: 1 for 1, 2 for 4\n")
                .contains("  1x select id from item where name = ?   on " + db.name())
                .doesNotContain("where id = ?")
                .contains("  grows by  1 for 3\n")
                .endsWith("ask for all of it together: with a join, with IN (...), with MGET or in a pipeline.");
    }

    @Test
    void provesAnNPlusOneByItsSlope() {
        List<Integer> prepared = new ArrayList<>();
        Scale scale = scale(1, 3).preparing(prepared::add);
        ScaledBlock names = n -> oneByOne(n == 1 ? new int[] {1} : new int[] {1, 2, 3});
        int block = here() + 1;
        String text = textOf(() -> assertNoNPlusOne(scale, names));

        assertThat(prepared).containsExactly(1, 1, 3);
        assertThat(text).isEqualTo("""
                Expected no more round trips for 3 than for 1 in the block at (NPlusOneTests.java:%d), but they grow: 1 for 1, 3 for 3

                  3x select name from item where id = ?   on %s
                     N+1: same SQL, same call site, different values
                     values [1] [2] [3]
                     at NPlusOneTests.oneByOne(NPlusOneTests.java:%d) <- NPlusOneTests.provesAnNPlusOneByItsSlope(NPlusOneTests.java:%d)

                  grows by  1 for each

                  What to do: fetch the rows of the N+1 together, with a join or with IN (...).""".formatted(block, db.name(), askedAt, block));
    }

    @Test
    void showsOfWhatGrowsTheDataSourceWhereItDoes() throws SQLException {
        try (Database other = new Database()) {
            assertThat(textOf(() -> assertNoNPlusOne(scale(1, 2), n -> {
                        db.name(1);
                        if (n > 1) {
                            other.name(1);
                        }
                    })))
                    .contains("1x select name from item where id = ?   on " + other.name())
                    .doesNotContain("on " + db.name());
        }
    }

    @Test
    void comparesNothingInReportModeWithARunThatCannotBeBelieved() {
        Settings report =
                Settings.resolve(name -> Optional.of("report").filter(mode -> name.equals("cacheproof.mode")));
        List<Integer> ran = new ArrayList<>();
        try (Scope inReport = Scope.named("report")
                .root()
                .test(RunningTest.undeclared("report", "report", new Object(), report))
                .open()) {
            assertNoNPlusOne(scale(1, 2), n -> {
                ran.add(n);
                try (Connection connection = db.connect()) {
                    connection.unwrap(org.h2.jdbc.JdbcConnection.class);
                }
            });
            assertThat(inReport.reports().get("cacheproof.wouldFail")).startsWith("The count cannot be known");
        }
        assertThat(ran).containsExactly(1, 1);
    }

    @Test
    void doesNotLetTheFirstRunWarmACacheForTheSecond() {
        Map<Integer, String> cache = new ConcurrentHashMap<>();
        test.registry(CacheRegistry.create().add("names", () -> cache));
        ScaledBlock cached = n -> {
            for (int id = 1; id <= n; id++) {
                cache.computeIfAbsent(id, db::name);
            }
        };

        assertThat(textOf(() -> assertNoNPlusOne(scale(1, 2).preparing(n -> cached.run(5)), cached)))
                .contains("they grow: 1 for 1, 2 for 2");
    }

    @Test
    void passesWhereWhatGrowsIsAllowedOrTogether() {
        assertNoNPlusOne(scale(1, 4), n -> db.names("select name from item where id <= ?", n));
        allowingRepeatsOf("*where id = ?")
                .assertNoNPlusOne(scale(1, 3), n -> oneByOne(n == 1 ? new int[] {1} : new int[] {1, 2, 3}));
        assertNoNPlusOne(scale(0, 2), n -> overTcp.mget("a", "b"));
    }

    @Test
    void takesOffWhatIsAllowedOnlyWhereAllOfItIsKept() {
        ScaledBlock many = n -> oneByOne(1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2);

        assertThat(textOf(() -> db.check()
                        .details(10)
                        .allowingRepeatsOf("*where id = ?")
                        .assertNoNPlusOne(scale(1, 2), many)))
                .startsWith("It cannot be known what the block at (NPlusOneTests.java:");
        db.check().details(10).assertNoNPlusOne(scale(1, 2), many);
    }

    @Test
    void cannotTellTheSlopeWhereAnotherThreadIsAtWork() {
        assertThat(textOf(() -> assertNoNPlusOne(scale(1, 2), n -> {
                    Thread other = new Thread(() -> oneByOne(n == 1 ? new int[] {1} : new int[] {1, 2}), "importer-3");
                    other.start();
                    other.join();
                })))
                .contains("but it cannot be told: 0 to 1 for 1, 0 to 2 for 2", "2 on thread \"importer-3\"");
        assertThat(textOf(() -> assertNoNPlusOne(scale(1, 2), n -> {
                    oneByOne(n == 1 ? new int[] {1} : new int[] {1, 2});
                    if (n == 1) {
                        Thread other = new Thread(() -> oneByOne(1), "importer-3");
                        other.start();
                        other.join();
                    }
                })))
                .contains("but it cannot be told: 1 to 2 for 1, 2 for 2", "ignoring(threads(\"importer-*\"))");
        assertThat(textOf(() -> assertNoNPlusOne(scale(1, 2), n -> {
                    db.name(1);
                    if (n == 2) {
                        Thread other = new Thread(() -> oneByOne(1), "importer-3");
                        other.start();
                        other.join();
                    }
                })))
                .contains("but it cannot be told: 1 for 1, 1 to 2 for 2")
                .doesNotContain("grows by");
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is refused
    void refusesBadInput() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scale(4, 4))
                .withMessage("many must be above few, which is 4, but is 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scale(-1, 4))
                .withMessage("few must not be negative, but is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> allowingRepeats(0))
                .withMessage("atMost must be at least 1, but is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> allowingRepeatsOf(" "))
                .withMessage("pattern must be such as select name from item where id = ?, but is blank");
        Block none = null;
        assertThatNullPointerException()
                .isThrownBy(() -> assertNoNPlusOne(none))
                .withMessage("block must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> scale(1, 2).preparing(null))
                .withMessage("preparation must not be null");
    }

    /** What is shown of values may be the same although they are not. */
    @Test
    void knowsValuesApartThatAreNotShown() {
        Settings masked =
                Settings.resolve(name -> Optional.of("masked").filter(values -> name.equals("cacheproof.values")));
        try (Scope inMasked = Scope.named("masked")
                .root()
                .test(RunningTest.undeclared("masked", "masked", new Object(), masked))
                .open()) {
            assertThat(textOf(() -> assertNoNPlusOne(() -> oneByOne(1, 2))))
                    .contains("N+1: same SQL, same call site, different values", "values [?] [?]");
            assertNoNPlusOne(() -> oneByOne(1, 1));
        }
        String start = "a".repeat(100);
        List<byte[]> bytes = List.of(new byte[] {1}, new byte[] {2});
        assertThat(textOf(() -> assertNoNPlusOne(() -> List.of(start + "b", start + "c")
                        .forEach(value -> db.names("select id from item where name = ?", value)))))
                .contains("different values");
        assertThat(textOf(() -> assertNoNPlusOne(() -> bytes.forEach(
                        value -> db.names("select 1 where cast(? as varbinary) is null", (Object) value)))))
                .contains("different values", "values [1 byte] [1 byte]");
        assertNoNPlusOne(() -> List.of(start + "b", start + "b")
                .forEach(value -> db.names("select id from item where name = ?", value)));
    }

    @Test
    void onlyRunsTheBlockInOffMode() {
        Settings off = Settings.resolve(name -> Optional.of("off").filter(mode -> name.equals("cacheproof.mode")));
        List<@Nullable Object> ran = new ArrayList<>();
        try (Scope inOff = Scope.named("off")
                .root()
                .test(RunningTest.undeclared("off", "off", new Object(), off))
                .open()) {
            assertNoNPlusOne(scale(1, 2).preparing(n -> ran.add("prepare " + n)), n -> ran.add(n));
            assertNoNPlusOne(() -> oneByOne(1, 2));
        }
        assertThat(ran).containsExactly("prepare 1", 1, "prepare 2", 2);
    }
}
