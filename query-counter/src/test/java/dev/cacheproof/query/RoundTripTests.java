package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RoundTripTests {

    @AutoClose
    final Database db = new Database();

    /** A block that works on a connection. */
    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    private void assertCosts(int queries, Work work) {
        db.check().assertNumQueries(queries, () -> run(work));
    }

    private void run(Work work) throws SQLException {
        try (Connection connection = db.connect()) {
            work.on(connection);
        }
    }

    /** Shows what a block did, in the text of an assertion that cannot pass. */
    private String textAfter(Work work) {
        return textOf(() -> db.check().assertNumQueries(99, () -> run(work)));
    }

    @Test
    void anExecutionIsOne() {
        assertCosts(4, connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("select 1");
                statement.executeQuery("select 1").close();
                statement.executeUpdate("update item set name = 'x' where id = 1");
                statement.executeLargeUpdate("update item set name = 'x' where id = 1");
            }
        });
        assertCosts(4, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("delete from item where id = ?")) {
                for (int id = 1; id <= 2; id++) {
                    statement.setInt(1, id);
                    statement.execute();
                    statement.executeUpdate();
                }
            }
        });
    }

    @Test
    void aStatementThatIsOnlyPreparedIsNone() {
        assertCosts(0, connection -> {
            connection.prepareStatement("select 1").close();
            connection.createStatement().close();
        });
    }

    @Test
    void aBatchIsOne() {
        Work batch = connection -> {
            try (PreparedStatement statement = connection.prepareStatement("insert into item (name) values (?)")) {
                for (String name : new String[] {"x", "y", "z"}) {
                    statement.setString(1, name);
                    statement.addBatch();
                }
                assertThat(statement.executeBatch()).hasSize(3);
            }
        };

        assertCosts(1, batch);
        assertThat(textAfter(batch))
                .contains("1x insert into item (name) values (?)", "values ['x'] ['y'] ['z']", "batch of 3");
    }

    @Test
    void aBatchOfTextsIsOne() {
        Work batch = connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("insert into item (name) values ('x')");
                statement.addBatch("insert into item (name) values ('y')");
                statement.addBatch("delete from item where name = 'x'");
                statement.executeLargeBatch();
            }
        };

        assertCosts(1, batch);
        assertThat(textAfter(batch))
                .contains(
                        "1x insert into item (name) values ('x'); insert into item (name) values ('y'); delete from item",
                        "batch of 3");
    }

    @Test
    void anEmptyBatchIsNone() {
        assertCosts(0, connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.executeBatch();
                statement.addBatch("select 1");
                statement.clearBatch();
                statement.executeBatch();
            }
        });
    }

    @Test
    void eachBatchOfAStatementIsOne() {
        assertCosts(2, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("insert into item (name) values (?)")) {
                statement.setString(1, "x");
                statement.addBatch();
                statement.executeBatch();
                statement.addBatch();
                statement.executeBatch();
                statement.executeBatch();
            }
        });
        assertThat(db.rows()).isEqualTo(7);
    }

    @Test
    void aQueryThatFailsIsOneAndShown() {
        assertThat(textAfter(connection -> {
                    try (Statement statement = connection.createStatement()) {
                        assertThatThrownBy(() -> statement.execute("select * from nowhere"))
                                .isInstanceOf(SQLException.class);
                    }
                }))
                .startsWith("Expected 99 queries, but 1 ran")
                .contains(
                        "1x select * from nowhere\n",
                        "   failed: org.h2.jdbc.JdbcSQLSyntaxErrorException: Table \"NOWHERE\"");
    }

    @Test
    void aBatchThatFailsIsOne() {
        assertCosts(1, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("insert into item (id) values (?)")) {
                for (int id : new int[] {70, 1, 71}) {
                    statement.setInt(1, id);
                    statement.addBatch();
                }
                assertThatThrownBy(statement::executeBatch).isInstanceOf(SQLException.class);
            }
        });
    }

    @Test
    void generatedKeysComeWithTheirStatement() {
        assertCosts(2, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "insert into item (name) values (?)", Statement.RETURN_GENERATED_KEYS)) {
                statement.setString(1, "x");
                statement.executeUpdate();
                ResultSet keys = statement.getGeneratedKeys();
                assertThat(keys.next()).isTrue();
                assertThat(keys.getInt(1)).isEqualTo(6);
                assertThat(keys.getStatement()).isIn(statement, null);
            }
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("insert into item (name) values ('y')", new String[] {"ID"});
                assertThat(statement.getGeneratedKeys().next()).isTrue();
            }
        });
    }

    @Test
    void aCallIsOne() {
        db.unseen("create alias add_one as 'int addOne(int i) { return i + 1; }'");
        Work call = connection -> {
            try (CallableStatement statement = connection.prepareCall("{call add_one(?)}")) {
                statement.setInt(1, 41);
                ResultSet answer = statement.executeQuery();
                assertThat(answer.next()).isTrue();
                assertThat(answer.getInt(1)).isEqualTo(42);
            }
        };

        assertCosts(1, call);
        assertThat(textAfter(call)).contains("1x {call add_one(?)}", "values [41]");
    }

    @Test
    void aWriteOfAResultSetIsOne() {
        Work writes = connection -> {
            try (Statement statement =
                            connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
                    ResultSet rows = statement.executeQuery("select id, name from item order by id")) {
                assertThat(rows.next()).isTrue();
                rows.updateString("name", "x");
                rows.updateRow();
                rows.deleteRow();
            }
        };

        assertCosts(3, writes);
        assertThat(db.rows()).isEqualTo(4);
        assertThat(textAfter(writes)).contains("1x updateRow in the result of select id, name from item order by id");
    }

    @Test
    void transactionControlIsShownAndNotCounted() {
        Work transaction = connection -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("select 1");
                Savepoint savepoint = connection.setSavepoint("s");
                connection.rollback(savepoint);
                connection.releaseSavepoint(connection.setSavepoint());
                connection.rollback();
                connection.commit();
                connection.commit();
            }
            connection.setAutoCommit(true);
        };

        assertCosts(1, transaction);
        assertThat(textAfter(transaction))
                .contains("not counted  9 of transaction control: SET AUTOCOMMIT false, 2x SAVEPOINT, 2x ROLLBACK,"
                        + " RELEASE SAVEPOINT, 2x COMMIT, SET AUTOCOMMIT true");
    }

    @Test
    void transactionControlInTheWordsOfSqlIsNotCounted() {
        Work transaction = connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("BEGIN");
                statement.execute("select 1");
                statement.execute("SAVEPOINT s");
                statement.execute("ROLLBACK TO SAVEPOINT s");
                statement.execute("/* done */ COMMIT");
            }
            try (PreparedStatement statement = connection.prepareStatement("COMMIT")) {
                statement.execute();
            }
        };

        assertCosts(1, transaction);
        assertThat(textAfter(transaction)).contains("not counted  5 of transaction control: BEGIN, SAVEPOINT s,");
    }

    /** It was taken for a commit, and not counted. */
    @Test
    void aQueryThatHidesBehindACommitIsCounted() {
        assertCosts(1, connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("COMMIT; DELETE FROM item");
            }
        });
        assertThat(db.rows()).isZero();
    }

    @Test
    void aBatchWithACommitIsCounted() {
        assertCosts(1, connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("COMMIT");
                statement.executeBatch();
            }
        });
    }
}
