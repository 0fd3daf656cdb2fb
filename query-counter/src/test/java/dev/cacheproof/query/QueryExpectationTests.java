package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.assertQueries;
import static dev.cacheproof.query.QueryExpectation.atLeast;
import static dev.cacheproof.query.QueryExpectation.atMost;
import static dev.cacheproof.query.QueryExpectation.between;
import static dev.cacheproof.query.QueryExpectation.exactly;
import static dev.cacheproof.query.QueryExpectation.none;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import dev.cacheproof.query.sql.SqlKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.opentest4j.AssertionFailedError;

@ResourceLock("unattributed queries")
class QueryExpectationTests {

    @AutoClose
    final Database db = new Database();

    private int insertedAt;

    @BeforeEach
    void prepare() {
        db.unseen("create schema shop");
        db.unseen("create table shop.audit (text varchar(50))");
    }

    private String checkout() {
        String name = db.name(1);
        db.execute("/* f */ insert into item (name) select 'f'");
        insertedAt = here() + 1;
        db.execute("insert into shop.audit values ('checkout')");
        db.execute("update \"SHOP\".audit set text = 'done'");
        return name;
    }

    @Test
    void countsByKindAndTable() {
        assertThat(assertQueries(
                        exactly(4)
                                .and(exactly(1).reads().onTable("ITEM"))
                                .and(exactly(2).inserts())
                                .and(exactly(1).inserts().onTable("shop.audit"))
                                .and(exactly(2).onTable("audit"))
                                .and(none().onTable("other.audit"))
                                .and(between(1, 3).ofKind(SqlKind.UPDATE, SqlKind.DELETE))
                                .and(none().deletes())
                                .and(atMost(1).updates())
                                .and(atLeast(4).on(db.source()))
                                .and(exactly(1)
                                        .matching(
                                                "mentioning done",
                                                query -> query.text().contains("done"))),
                        this::checkout))
                .isEqualTo("a");
    }

    @Test
    void showsAllThatIsNotMetInOneFailure() {
        QueryExpectation expectation = exactly(1)
                .inserts()
                .because("a checkout is one row")
                .and(atMost(1).reads())
                .and(exactly(2).deletes().onTable("item"));
        int block = here() + 1;
        String text = textOf(() -> assertQueries(expectation, this::checkout));

        assertThat(text.replaceAll("QueryExpectationTests\\.(?!java)", ""))
                .isEqualTo("""
                2 of 3 expectations of the queries in the block at (QueryExpectationTests.java:%1$d) are not met: expected 1 insert, but 2 ran; expected 2 deletes of item, but none ran

                  1 insert:
                    1x /* f */ insert into item (name) select 'f'   on %2$s
                       at checkout(QueryExpectationTests.java:%4$d) <- showsAllThatIsNotMetInOneFailure(QueryExpectationTests.java:%1$d)
                    1x insert into shop.audit values ('checkout')   on %2$s
                       at checkout(QueryExpectationTests.java:%3$d) <- showsAllThatIsNotMetInOneFailure(QueryExpectationTests.java:%1$d)
                    because  a checkout is one row
                  2 deletes of item: none ran
                  all that ran:
                    1x select name from item where id = ?
                       values [1]
                       at checkout(QueryExpectationTests.java:%5$d) <- showsAllThatIsNotMetInOneFailure(QueryExpectationTests.java:%1$d)
                    1x /* f */ insert into item (name) select 'f'
                       at checkout(QueryExpectationTests.java:%4$d) <- showsAllThatIsNotMetInOneFailure(QueryExpectationTests.java:%1$d)
                    1x insert into shop.audit values ('checkout')
                       at checkout(QueryExpectationTests.java:%3$d) <- showsAllThatIsNotMetInOneFailure(QueryExpectationTests.java:%1$d)
                    1x update "SHOP".audit set text = 'done'
                       at checkout(QueryExpectationTests.java:%6$d) <- showsAllThatIsNotMetInOneFailure(QueryExpectationTests.java:%1$d)\
                """.formatted(block, db.name(), insertedAt, insertedAt - 2, insertedAt - 3, insertedAt + 1));
    }

    @Test
    void tellsOneThatIsNotMetAsAssertNumQueriesDoes() {
        assertThatExceptionOfType(AssertionFailedError.class)
                .isThrownBy(() -> assertQueries(none().reads().onTable("item"), () -> {
                    db.name(1);
                    db.name(1);
                }))
                .withMessageContaining(
                        "Expected no reads of item, but 2 ran in the block at (QueryExpectationTests.java:")
                .satisfies(failure -> {
                    assertThat(failure.getExpected().getValue()).isEqualTo("no reads of item");
                    assertThat(failure.getActual().getValue()).isEqualTo("2");
                });
        assertThat(textOf(() -> assertQueries(exactly(1).matching("locking a row", query -> false), () -> db.name(1))))
                .contains("Expected 1 query (locking a row), but none ran", "all that ran:\n    1x select name");
        assertThat(textOf(() -> db.check().because("a page").assertQueries(atLeast(2), () -> db.name(1))))
                .contains("Expected at least 2 queries, but 1 ran", "because     a page")
                .as("it is shown already")
                .doesNotContain("all that ran");
    }

    @Test
    void countsOneInTheSingular() {
        Block two = () -> {
            db.name(1);
            db.name(2);
        };
        assertThat(textOf(() -> assertQueries(exactly(1).reads(), two))).contains("Expected 1 read, but 2 ran");
        assertThat(textOf(() -> assertQueries(atMost(1).reads(), two))).contains("Expected at most 1 read, but 2 ran");
        assertThat(textOf(() -> assertQueries(between(0, 1), two))).contains("Expected at most 1 query, but 2 ran");
        assertThat(textOf(() -> assertQueries(atLeast(1).reads(), () -> {})))
                .contains("Expected at least 1 read, but none ran");
        assertThat(textOf(() -> assertQueries(between(1, 2).reads(), () -> {})))
                .contains("Expected 1 to 2 reads, but none ran");
    }

    @Test
    void showsSoManyKindsAndCountsTheOthers() {
        assertThat(textOf(() -> assertQueries(none().reads(), () -> {
                    for (int columns = 1; columns <= 14; columns++) {
                        db.execute("select " + "name, ".repeat(columns) + "id from item");
                    }
                })))
                .contains("\n  ... and 2 other kinds");
    }

    @Test
    void countsOnOneOfTwoDataSources() throws SQLException {
        try (Database other = new Database()) {
            assertQueries(exactly(1).on(db.source()).and(exactly(2).on(other.source())), () -> {
                db.name(1);
                other.name(1);
                other.name(2);
            });
        }
    }

    private void insertInABatch(String... names) throws SQLException {
        try (Connection connection = db.connect();
                PreparedStatement insert = connection.prepareStatement("insert into item (name) values (?)")) {
            for (String name : names) {
                insert.setString(1, name);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @Test
    void countsInRoundTripsStatementsOrRows() {
        assertQueries(
                exactly(1)
                        .inserts()
                        .and(exactly(1).inserts().statements())
                        .and(exactly(3).inserts().rows()),
                () -> insertInABatch("x", "y", "z"));
        assertQueries(exactly(1).and(exactly(2).statements()).and(exactly(2).rows()), () -> {
            try (Connection connection = db.connect();
                    Statement statement = connection.createStatement()) {
                statement.addBatch("insert into item (name) values ('1')");
                statement.addBatch("insert into item (name) values ('1')");
                statement.executeBatch();
            }
        });
        assertQueries(
                exactly(1).reads().and(exactly(1).inserts()).and(exactly(2).statements()),
                () -> db.execute("insert into item (name) values ('1'); select 1"));
        assertQueries(
                exactly(2).inserts().rows(),
                () -> db.execute("insert into item (name) values ('1'); insert into item (name) values ('2')"));
        assertThat(textOf(() -> assertQueries(exactly(2).inserts().rows(), () -> insertInABatch("x", "y", "z"))))
                .contains("Expected 2 insert rows, but 3 ran");
    }

    @Test
    void countsTheWritesOfAResultSet() {
        assertQueries(
                exactly(1).reads().onTable("item").and(exactly(1).updates().onTable("item")), () -> {
                    try (Connection connection = db.connect();
                            Statement statement = connection.createStatement(
                                    ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
                            ResultSet rows = statement.executeQuery("select id, name from item where id = 1")) {
                        rows.next();
                        rows.updateString("name", "A");
                        rows.updateRow();
                    }
                });
        assertQueries(
                exactly(2)
                        .reads()
                        .and(exactly(1).inserts().onTable("item"))
                        .and(exactly(1).deletes().onTable("item")),
                () -> {
                    try (Connection connection = db.connect();
                            Statement statement = connection.createStatement(
                                    ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
                            ResultSet rows = statement.executeQuery("select id, name from item where id <= 2")) {
                        rows.next();
                        rows.refreshRow();
                        rows.deleteRow();
                        rows.moveToInsertRow();
                        rows.updateInt("id", 77);
                        rows.updateString("name", "z");
                        rows.insertRow();
                    }
                });
    }

    @Test
    void doesNotBelieveANumberOfWhatCannotBeKnown() {
        Block call = () -> {
            db.name(1);
            db.execute("call 1 + 1");
        };

        assertQueries(exactly(2).and(exactly(1).ofKind(SqlKind.CALL)), call);
        assertQueries(between(1, 2).reads(), call);
        assertThat(textOf(() -> assertQueries(exactly(1).reads(), call)))
                .contains(
                        "Expected 1 read, but 1 to 2 ran",
                        "not known  1x call 1 + 1, which may be counted or not",
                        "what a statement does cannot be known from its text alone");
        assertThat(textOf(() -> assertQueries(none().onTable("orders"), call)))
                .contains("Expected no queries of orders, but 0 to 1 ran");
        assertThat(textOf(() ->
                        assertQueries(none().onTable("orders"), () -> db.execute("select name from item; call 1 + 1"))))
                .contains("Expected no queries of orders, but 0 to 1 ran");
        assertThat(textOf(() -> assertQueries(
                        exactly(1).inserts().statements(),
                        () -> db.execute("insert into item (name) values ('1'); call 1 + 1"))))
                .as("each statement is judged by itself")
                .contains("Expected 1 insert statement, but 1 to 2 ran");
    }

    @Test
    void doesNotBelieveWhatWasNotKeptOrIsAnothersPerhaps() throws InterruptedException {
        assertThat(textOf(() -> db.check().details(10).assertQueries(none().deletes(), () -> {
                    for (int i = 0; i < 12; i++) {
                        db.execute("select " + i);
                    }
                })))
                .startsWith("It cannot be known what the block at (QueryExpectationTests.java:");
        db.check().details(10).assertQueries(exactly(12), () -> {
            for (int i = 0; i < 12; i++) {
                db.execute("select " + i);
            }
        });

        Block other = () -> {
            Thread importer = new Thread(() -> db.execute("delete from item where id = 7"), "importer-1");
            importer.start();
            importer.join();
        };
        assertThat(textOf(() -> assertQueries(none().deletes(), other)))
                .contains("Expected no deletes, but 0 to 1 ran", "ignoring(threads(\"importer-*\"))");
        assertQueries(none().reads(), other);
        Recorder told = Recorder.of(Operation.Kind.QUERY, "expectation: told");
        assertThat(textOf(() -> assertQueries(
                        none().deletes(),
                        () -> told.begin(told.request("flush"))
                                .end(Operation.Outcome.of(Operation.Outcome.Status.DONE)))))
                .as("nobody has said what it does")
                .contains("Expected no deletes, but 0 to 1 ran", "1x flush, which may be counted or not");
        List<Recording> running = new ArrayList<>();
        Recorder elsewhere = Recorder.of(Operation.Kind.QUERY, "expectation: elsewhere");
        assertThat(textOf(() -> assertQueries(none().deletes(), () -> {
                    Thread importer =
                            new Thread(() -> running.add(elsewhere.begin(elsewhere.request("select 1"))), "importer-1");
                    importer.start();
                    importer.join();
                })))
                .as("what still runs may be a delete")
                .contains("Expected no deletes, but 0 to 1 ran");
        running.forEach(recording -> recording.end(Operation.Outcome.of(Operation.Outcome.Status.DONE)));
        QueryAssertions.ignoring(QueryAssertions.threads("importer-*")).assertQueries(none(), other);
    }

    @Test
    void namesSeveralKindsAndTables() {
        assertThat(textOf(() -> assertQueries(
                        atMost(0)
                                .ofKind(SqlKind.READ, SqlKind.DDL)
                                .onTable("item", "shop.audit")
                                .on(db.source()),
                        () -> db.name(1))))
                .startsWith("Expected no reads or DDL statements of ")
                .contains(" on " + db.name() + ", but 1 ran");
    }

    @Test
    void narrowsWhatWasLastBegun() {
        QueryExpectation expectation = exactly(2).reads().and(none()).deletes().because("they are kept");

        assertThat(expectation.parts()).hasSize(2);
        assertThat(expectation.parts().get(0).kinds()).containsExactly(SqlKind.READ);
        assertThat(expectation.parts().get(0).reason()).isNull();
        assertThat(expectation.parts().get(1).kinds()).containsExactly(SqlKind.DELETE);
        assertQueries(
                none().matching("by a key", query -> query.text().contains("where"))
                        .matching("of orders", query -> query.text().contains("orders")),
                () -> db.name(1));
        assertQueries(
                none().matching("of orders", query -> query.text().contains("orders"))
                        .matching("by a key", query -> query.text().contains("where")),
                () -> db.name(1));
    }

    @Test
    void refusesToBeNarrowedTwiceInTheSameWay() {
        assertThatIllegalStateException()
                .isThrownBy(() -> exactly(2).reads().updates())
                .withMessage(
                        "the kind of these queries was said already: READ. Name all that count in one call, such as"
                                + " ofKind(READ, UPDATE), or expect the others as well, with and(...)");
        assertThatIllegalStateException()
                .isThrownBy(() -> none().onTable("a", "b").onTable("c"))
                .withMessage(
                        "the table of these queries was said already: a, b. Name all that count in one call, such as"
                                + " onTable(\"a\", \"b\", \"c\"), or expect the others as well, with and(...)");
        assertThatIllegalStateException()
                .isThrownBy(() -> none().on(db.source()).on(db.source()))
                .withMessage("the data source of these queries was said already: " + db.name()
                        + ". Expect those of another one as well, with and(...)");
        assertThatIllegalStateException()
                .isThrownBy(() -> exactly(1).statements().rows())
                .withMessage("the unit of this number was said already: statements. Expect a number of rows as well,"
                        + " with and(...)");
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is refused
    void refusesBadInput() {
        for (Runnable negative : List.<Runnable>of(() -> exactly(-1), () -> atMost(-1), () -> atLeast(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(negative::run)
                    .withMessage("count must not be negative, but is -1");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> between(3, 2))
                .withMessage("atMost must not be below atLeast, which is 3, but is 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> none().onTable(" "))
                .withMessage("table must name a table, such as orders, but is blank");
        assertThatIllegalArgumentException().isThrownBy(() -> none().onTable("item", " "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> none().on(db.pool()))
                .withMessageContaining("is not watched. Give the assertion, and the code under test, what");
        assertThatNullPointerException().isThrownBy(() -> none().because(null)).withMessage("reason must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> assertQueries(null, () -> {}))
                .withMessage("expectation must not be null");
    }
}
