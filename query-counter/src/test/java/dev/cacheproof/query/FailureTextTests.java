package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.on;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.cache.WatchedCaches;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The whole text, as the person reads it who has the red test. */
@ResourceLock("unattributed queries")
class FailureTextTests {

    @AutoClose
    final Database db = new Database();

    private final Orders orders = new Orders(db);

    /** An application, which notes the lines that it queries from. */
    private static final class Orders {
        private final Database db;
        private int listedAt;
        private int namedAt;

        Orders(Database db) {
            this.db = db;
        }

        List<String> list() {
            listedAt = here() + 1;
            List<String> ids = db.names("select id from item where id < ?", 4);
            List<String> names = new ArrayList<>();
            for (String id : ids) {
                namedAt = here() + 1;
                names.add(db.name(Integer.parseInt(id)));
            }
            return names;
        }

        String nameTwice() {
            String name = "";
            for (int i = 0; i < 2; i++) {
                namedAt = here() + 1;
                name += db.name(1);
            }
            return name;
        }

        void move() throws SQLException {
            try (Connection connection = db.connect();
                    Statement statement = connection.createStatement();
                    PreparedStatement insert = connection.prepareStatement("insert into item (name) values (?)")) {
                connection.setAutoCommit(false);
                for (String name : List.of("x", "y")) {
                    insert.setString(1, name);
                    insert.addBatch();
                }
                listedAt = here() + 1;
                insert.executeBatch();
                namedAt = here() + 2;
                try {
                    statement.execute("delete from nowhere");
                } catch (SQLException expected) {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
            }
        }
    }

    @Test
    void namesAnNPlusOne() {
        int block = here() + 1;
        String text = textOf(() -> db.check().assertNumQueries(1, orders::list));

        assertThat(text).isEqualTo("""
                        Expected 1 query, but 4 ran in the block at (FailureTextTests.java:%2$d)

                          3x select name from item where id = ?
                             N+1: same SQL, same call site, different values
                             values [1] [2] [3]
                             at FailureTextTests.Orders.list(FailureTextTests.java:%4$d) <- FailureTextTests.namesAnNPlusOne(FailureTextTests.java:%2$d)
                          1x select id from item where id < ?
                             values [4]
                             at FailureTextTests.Orders.list(FailureTextTests.java:%3$d) <- FailureTextTests.namesAnNPlusOne(FailureTextTests.java:%2$d)

                          counted on  %1$s

                          What to do: fetch the rows of the N+1 together, with a join or with IN (...).\
                        """.formatted(db.name(), block, orders.listedAt, orders.namedAt));
    }

    @Test
    void namesARepetition() {
        int block = here() + 1;
        String text = textOf(() -> db.check().assertNumQueries(1, orders::nameTwice));

        assertThat(text).isEqualTo("""
                        Expected 1 query, but 2 ran in the block at (FailureTextTests.java:%2$d)

                          2x select name from item where id = ?
                             repeated: same SQL, same call site, same values
                             values [1] [1]
                             at FailureTextTests.Orders.nameTwice(FailureTextTests.java:%3$d) <- FailureTextTests.namesARepetition(FailureTextTests.java:%2$d)

                          counted on  %1$s

                          What to do: ask once and pass the answer on, or cache it.\
                        """.formatted(db.name(), block, orders.namedAt));
    }

    @Test
    void showsBatchesFailuresAndTransactionControl() {
        int block = here() + 1;
        String text = textOf(() -> db.check().assertNumQueries(1, orders::move));

        assertThat(text).isEqualTo("""
                        Expected 1 query, but 2 ran in the block at (FailureTextTests.java:%2$d)

                          1x insert into item (name) values (?)
                             values ['x'] ['y']
                             batch of 2
                             at FailureTextTests.Orders.move(FailureTextTests.java:%3$d) <- FailureTextTests.showsBatchesFailuresAndTransactionControl(FailureTextTests.java:%2$d)
                          1x delete from nowhere
                             failed: org.h2.jdbc.JdbcSQLSyntaxErrorException: Table "NOWHERE" not found; SQL statement: delete from nowhere [42102-232]
                             at FailureTextTests.Orders.move(FailureTextTests.java:%4$d) <- FailureTextTests.showsBatchesFailuresAndTransactionControl(FailureTextTests.java:%2$d)

                          counted on   %1$s
                          not counted  3 of transaction control: SET AUTOCOMMIT false, ROLLBACK, SET AUTOCOMMIT true

                          What to do: if a cache was to answer, assertCaching shows whether it was asked, and what it has kept.
                            If nothing is wrong with the block, expect 2 queries.\
                        """.formatted(db.name(), block, orders.listedAt, orders.namedAt));
    }

    @Test
    void showsWhatTheCachesDid() {
        Cache<Integer, String> cache =
                WatchedCaches.of("names-" + db.name(), Caffeine.newBuilder().build());
        Block lookUp = () -> {
            for (int id : new int[] {1, 2, 1, 1}) {
                String known = cache.getIfPresent(id);
                if (known == null) {
                    cache.put(id, db.name(id));
                }
            }
            cache.invalidate(1);
        };

        assertThat(textOf(() -> db.check().assertNumQueries(1, lookUp)))
                .contains("\n  cache names-" + db.name() + "  misses 2, put 2, hits 2, invalidate 1\n");
    }

    @Test
    void saysWhatWasNotKept() {
        Block many = () -> {
            for (int i = 0; i < 25; i++) {
                db.name(1);
            }
        };

        assertThat(textOf(() -> db.check().details(10).assertNumQueries(1, many)))
                .startsWith("Expected 1 query, but 25 ran in the block at ")
                .contains(
                        "\n  10x select name from item where id = ?\n",
                        "\n     values [1] [1] [1] [1] [1] ...\n",
                        "\n  (The count is exact, but the details of 15 were not kept: raise details(n).)\n");
    }

    @Test
    void showsTheLargestKinds() {
        Block many = () -> {
            for (int i = 0; i < 15; i++) {
                for (int n = 0; n <= i; n++) {
                    db.execute("select 1 as c" + i);
                }
            }
        };

        String text = textOf(() -> db.check().assertNumQueries(1, many));

        assertThat(text)
                .startsWith("Expected 1 query, but 120 ran in the block at ")
                .containsSubsequence(
                        "\n  15x select 1 as c14\n", "\n  14x select 1 as c13\n", "\n  4x select 1 as c3\n")
                .contains("\n  ... and 6 more, of 3 other kinds\n")
                .doesNotContain("c2\n");
    }

    @Test
    void groupsByShapeWhereTheTextHoldsTheValues() {
        Block literals = () -> {
            for (int id = 1; id <= 3; id++) {
                db.execute("select name from item where id = " + id);
            }
        };

        assertThat(textOf(() -> db.check().assertNumQueries(1, literals)))
                .contains(
                        "\n  3x select name from item where id = ?\n     N+1: same SQL, same call site, different values\n");
    }

    @Test
    void tellsDataSourcesApart() throws SQLException {
        try (Database other = new Database()) {
            Block both = () -> {
                for (Database each : List.of(db, other, db)) {
                    each.name(1);
                }
            };

            assertThat(textOf(() -> on(db.source(), other.source()).assertNumQueries(1, both)))
                    .contains(
                            "\n  2x select name from item where id = ?   on " + db.name() + "\n",
                            "\n  1x select name from item where id = ?   on " + other.name() + "\n",
                            "\n  counted on  " + db.name() + ", " + other.name() + "\n");
        }
    }

    @Test
    void asksWhereTheQueriesAre() {
        int block = here() + 1;
        String text = textOf(() -> db.check().because("the page is new").assertNumQueries(1, () -> {}));

        assertThat(text).isEqualTo("""
                        Expected 1 query, but 0 ran in the block at (FailureTextTests.java:%d)

                          because     the page is new
                          counted on  %s

                          What to do: if the block did query, it was through a data source that is not watched: give it
                            what QueryCounter.watch(dataSource) returned. If it did not, find out what answered instead:
                              a cache that another test has warmed (@CacheIsolation makes it cold);
                              or one that held what should have been evicted;
                              or one whose key lacks something that has changed: a version, a tenant, a flag.
                            If nothing is wrong with the block, expect 0 queries.\
                        """.formatted(block, db.name()));
    }

    @Test
    void sendsNobodyAfterWhatAnIsolatedTestHasAlready() {
        RunningTest isolated = RunningTest.claiming("id", "test", new Object(), Set.of(), Settings.current());
        isolated.registry(CacheRegistry.create().add("names", ConcurrentHashMap::new));
        try (Scope scope = Scope.named("isolated").root().test(isolated).open()) {
            assertThat(textOf(() -> db.check().assertNumQueries(2, () -> db.name(1))))
                    .startsWith("Expected 2 queries, but 1 ran in the block")
                    .endsWith("""
                            What to do: if it needs no more than is listed above, expect 1 query. Otherwise find out what
                              answered instead:
                                a cache that the test itself has warmed, or one that is not made cold: not registered, or left out
                                by only = ...;
                                or one that held what should have been evicted;
                                or one whose key lacks something that has changed: a version, a tenant, a flag.\
                          """);
        }
    }

    @Test
    void knowsThatTheBeansOfAnApplicationAreWatched() {
        RunningTest test = RunningTest.undeclared("id", "test", new Object(), Settings.current());
        test.runIn(Set.of("text: an application"));
        Runnable end = Recorder.leftUnwatched(Operation.Kind.QUERY, "text: an application", "bean \"two\" is final");
        try (Scope scope = Scope.named("in an application").root().test(test).open()) {
            assertThat(textOf(() -> db.check().assertNumQueries(1, () -> {})))
                    .contains(
                            "not watched  bean \"two\" is final\n",
                            "through a data source that is not watched, such as one that is no bean: give it\n");
            assertThat(textOf(() -> db.check().assertNumQueries(0, () -> db.name(1))))
                    .doesNotContain("not watched");
        } finally {
            end.run();
        }
    }

    @Test
    void doesNotBelieveACountBesideADataSourceThatIsNotWatched() {
        RunningTest inside = RunningTest.undeclared("id", "test", new Object(), Settings.current());
        RunningTest elsewhere = RunningTest.undeclared("id", "test", new Object(), Settings.current());
        inside.runIn(Set.of("text: with two"));
        elsewhere.runIn(Set.of("text: another"));
        Runnable end = Recorder.leftUnwatched(Operation.Kind.QUERY, "text: with two", "bean \"two\" is final");
        try (Scope scope = Scope.named("in an application").root().test(inside).open()) {
            int block = here() + 1;
            assertThat(textOf(() -> QueryAssertions.assertNumQueries(0, () -> {})))
                    .isEqualTo("""
                    The count cannot be known: the block at (FailureTextTests.java:%d) may query a data source of the application that is not watched

                      counted      0 queries
                      not watched  bean "two" is final

                      What to do: change what is named above; or count a data source that is watched, alone:
                        on(dataSource).assertNumQueries(...).""".formatted(block));
            assertThat(textOf(() -> QueryAssertions.assertNoRemoteAccess(() -> {})))
                    .startsWith("The count cannot be known");
            assertThat(textOf(() -> QueryAssertions.assertNoNPlusOne(() -> {})))
                    .startsWith("The count cannot be known");
            db.check().assertNumQueries(0, () -> {});
        }
        for (RunningTest other :
                List.of(elsewhere, RunningTest.undeclared("id", "test", new Object(), Settings.current()))) {
            try (Scope scope = Scope.named("elsewhere").root().test(other).open()) {
                QueryAssertions.assertNumQueries(1, () -> db.name(1));
            }
        }
        end.run();
        try (Scope scope = Scope.named("in an application").root().test(inside).open()) {
            QueryAssertions.assertNumQueries(1, () -> db.name(1));
        }
    }

    @Test
    void namesWhatIsWatchedWhereNothingWasAsked() {
        assertThat(textOf(() -> QueryAssertions.assertNumQueries(1, () -> {})))
                .startsWith("Expected 1 query, but 0 ran")
                .contains("\n  watched  ")
                .contains("db-");
    }

    @Test
    void shortensLongSql() {
        String sql = "select\n\t" + "name, ".repeat(60) + "name\nfrom item where id = 1";

        assertThat(textOf(() -> db.check().assertNumQueries(2, () -> db.execute(sql))))
                .contains("  1x select name, name, name, ", " ... ", "name, name from item where id = 1\n");
    }

    @Test
    void countsTheThreadsThatItDoesNotName() throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        CountDownLatch all = new CountDownLatch(8);
        try {
            String text = textOf(() -> db.check().assertNumQueries(0, () -> {
                for (int i = 0; i < 8; i++) {
                    pool.execute(() -> {
                        db.name(1);
                        db.name(2);
                        all.countDown();
                        awaits(all);
                    });
                }
                awaits(all);
            }));
            assertThat(text)
                    .startsWith("Expected 0 queries, and none ran in the block at ")
                    .contains("; but 16 more, on other threads, may be the block's too\n")
                    .contains("  2 on thread \"")
                    .contains("6 more, still running or not kept\n");
        } finally {
            pool.shutdown();
            assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void awaits(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
