package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.textOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Loads;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.cache.WatchedCaches;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import redis.clients.jedis.Jedis;

/** The lines of a snapshot's file. */
@ResourceLock("unattributed queries")
class SnapshotLinesTests {

    @AutoClose
    final Scope scope = Scope.named("lines")
            .root()
            .test(RunningTest.undeclared("lines " + hashCode(), "lines", new Object(), Settings.current()))
            .open();

    @AutoClose
    final Database db = new Database();

    private List<String> linesOf(Block block) {
        return linesOf(QueryAssertions.ignoring(thread -> true), block);
    }

    private static List<String> linesOf(QueryCheck check, Block block) {
        return SnapshotLines.of(Measurement.of(check, CachingContract.Unit.remoteAccess(), () -> {
            block.run();
            return null;
        }));
    }

    @Test
    void showWhatWasAskedInOrder() {
        Map<Object, String> cache = WatchedCaches.of("lines names", new ConcurrentHashMap<>());

        assertThat(linesOf(() -> {
                    for (int read = 1; read <= 2; read++) {
                        cache.computeIfAbsent(17, id -> db.name(1));
                    }
                    Loads.counted("files", () -> "found");
                    try (Connection connection = db.connect()) {
                        connection.setAutoCommit(false);
                        insert(connection, "x", "y");
                        connection.commit();
                    }
                    cache.remove(17);
                }))
                .containsExactly(
                        "CACHE       lines names: GET #  miss",
                        "QUERY       " + db.name() + ": select name from item where id = ?",
                        "CACHE       lines names: GET #  hit",
                        "LOAD        files: files",
                        "TRANSACTION " + db.name() + ": SET AUTOCOMMIT false",
                        "QUERY       " + db.name() + ": insert into item (name) values (?)  batch",
                        "TRANSACTION " + db.name() + ": COMMIT",
                        "CACHE       lines names: REMOVE #");
    }

    private static void insert(Connection connection, String... names) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("insert into item (name) values (?)")) {
            for (String name : names) {
                statement.setString(1, name);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    @Test
    void foldWhatFollowsItself() {
        assertThat(linesOf(() -> {
                    for (int id = 1; id <= 3; id++) {
                        db.execute("select name\n  from item -- by id\n where id = " + id);
                    }
                    db.names("select id from item");
                    db.execute("select name from item where id = 'four'".replace("'four'", "4"));
                }))
                .containsExactly(
                        "QUERY       " + db.name() + ": 3x select name from item where id = ?",
                        "QUERY       " + db.name() + ": select id from item",
                        "QUERY       " + db.name() + ": select name from item where id = ?");
    }

    @Test
    void holdNoTextOfAnError() {
        assertThat(linesOf(() -> {
                    try (Connection connection = db.connect()) {
                        connection.createStatement().execute("select * from nowhere");
                    } catch (SQLException expected) {
                        db.name(1);
                    }
                }))
                .containsExactly(
                        "QUERY       " + db.name() + ": select * from nowhere  failed",
                        "QUERY       " + db.name() + ": select name from item where id = ?");
    }

    @Test
    void areTheSameOverASocketAndInProcess() {
        try (FakeRedis redis = FakeRedis.start();
                Jedis overTcp = new Jedis(redis.host(), redis.port());
                Jedis inProcess = new Jedis(InProcessJedis.of(redis))) {
            for (Jedis client : List.of(overTcp, inProcess)) {
                assertThat(linesOf(() -> {
                            client.get("flag:1");
                            client.set("flag:1", "on");
                            client.get("flag:2");
                            client.get("flag:1");
                            client.get("flag:1");
                            client.flushAll();
                        }))
                        .containsExactly(
                                "COMMAND     redis: GET flag:#  miss",
                                "COMMAND     redis: SET flag:#",
                                "COMMAND     redis: GET flag:#  miss",
                                "COMMAND     redis: 2x GET flag:#  hit",
                                "COMMAND     redis: FLUSHALL");
            }
        }
    }

    /** Which number a data source has that nobody named depends on the tests that ran before. */
    @Test
    void numberDataSourcesWithoutANameAsTheyCome() {
        List<DataSource> three =
                List.of(QueryCounter.watch(db.pool()), QueryCounter.watch(db.pool()), QueryCounter.watch(db.pool()));

        for (List<Integer> order : List.of(List.of(0, 1, 0), List.of(2, 1, 2))) {
            assertThat(linesOf(() ->
                            order.forEach(each -> Database.names(three.get(each), "select id from item where id = 1"))))
                    .containsExactly(
                            "QUERY       dataSource: select id from item where id = ?",
                            "QUERY       dataSource-2: select id from item where id = ?",
                            "QUERY       dataSource: select id from item where id = ?");
        }
    }

    /** A key without a text of its own. */
    private static final class Key {}

    @Test
    void holdNoAddressAndNothingThatAFileWouldNotGiveBack() {
        Map<Object, String> cache = WatchedCaches.of("lines keys", new ConcurrentHashMap<>());
        List<Object> keys = List.of(new Key(), "bob@example.com", "a\n\tb", "\u0000\u2028\ud800", "\u00e9");

        assertThat(linesOf(() -> keys.forEach(cache::get)))
                .containsExactly(
                        "CACHE       lines keys: GET dev.cacheproof.query.SnapshotLinesTests$Key@#  miss",
                        "CACHE       lines keys: GET bob@example.com  miss",
                        "CACHE       lines keys: GET a b  miss",
                        "CACHE       lines keys: GET ???  miss",
                        "CACHE       lines keys: GET \u00e9  miss");
    }

    @Test
    void areOfTheDataSourcesThatAreLookedAt() throws SQLException {
        try (Database other = new Database()) {
            assertThat(linesOf(db.check(), () -> {
                        other.name(1);
                        db.name(1);
                    }))
                    .containsExactly("QUERY       " + db.name() + ": select name from item where id = ?");
        }
    }

    @Test
    void sayThatThereIsNothing() {
        assertThat(linesOf(db.check(), () -> {})).containsExactly("(nothing)");
    }

    @Test
    void areNotMadeWhileSomethingRuns() {
        Recorder files = Recorder.of(Operation.Kind.LOAD, "lines files");
        Recording[] begun = new Recording[1];
        String text = textOf(() -> QueryAssertions.describedAs("the import")
                .ignoring(thread -> true)
                .assertQuerySnapshot("import", true, () -> begun[0] = files.begin(files.request("read"))));
        begun[0].end(Operation.Outcome.of(Operation.Outcome.Status.DONE));

        assertThat(text).isEqualTo("""
                It cannot be known what the import asked for: 1 operation of it has not ended

                  What to do: wait for it inside the block: future.get(), latch.await().""");
    }
}
