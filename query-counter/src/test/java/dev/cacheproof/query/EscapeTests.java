package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.cacheproof.query.NestedWatchingTests.Delegating;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.proxy.ProxyJdbcObject;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbc.JdbcResultSet;
import org.h2.jdbc.JdbcStatement;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock("unattributed queries")
class EscapeTests {

    @AutoClose
    final Database db = new Database();

    @Test
    void aConnectionThatIsUnwrappedToAnInterfaceOfJdbcIsStillCounted() {
        db.check().assertNumQueries(3, () -> {
            try (Connection connection = db.connect()) {
                query(connection.unwrap(Connection.class));
                try (Statement statement = connection.createStatement()) {
                    statement.unwrap(Statement.class).execute("select 1");
                }
                try (PreparedStatement statement = connection.prepareStatement("select 1")) {
                    statement.unwrap(PreparedStatement.class).execute();
                    assertThat(statement.unwrap(Statement.class)).isSameAs(statement);
                }
                assertThat(connection.isWrapperFor(Connection.class)).isTrue();
            }
        });
    }

    private static void query(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select 1");
        }
    }

    @Test
    void theConnectionOfAStatementIsStillCounted() {
        db.check().assertNumQueries(3, () -> {
            try (Connection connection = db.connect();
                    Statement statement = connection.createStatement();
                    PreparedStatement prepared = connection.prepareStatement("select 1")) {
                assertThat(statement.getConnection()).isSameAs(connection);
                assertThat(prepared.getConnection()).isSameAs(connection);
                query(statement.getConnection());
                query(prepared.getConnection());
                query(connection.getMetaData().getConnection());
            }
        });
    }

    @Test
    void theStatementOfAResultSetIsStillCounted() {
        db.check().assertNumQueries(5, () -> {
            try (Connection connection = db.connect();
                    Statement statement = connection.createStatement();
                    PreparedStatement prepared = connection.prepareStatement("select 1")) {
                assertThat(statement.executeQuery("select 1").getStatement()).isSameAs(statement);
                statement.execute("select 1");
                statement.getResultSet().getStatement().execute("select 2");
                assertThat(prepared.executeQuery().getStatement()).isSameAs(prepared);
                query(
                        prepared.getResultSet() == null
                                ? connection
                                : prepared.getResultSet().getStatement().getConnection());
            }
        });
    }

    @Test
    void aConnectionOfTheDriverFailsTheAssertion() {
        int block = here() + 1;
        String text = textOf(() -> db.check().assertNumQueries(0, () -> {
            try (Connection connection = db.connect()) {
                query(connection.unwrap(JdbcConnection.class));
            }
        }));

        assertThat(text).isEqualTo("""
                        The count cannot be known: the block at (EscapeTests.java:%d) took an object of the driver, and what is done with that is not seen

                          counted  0 queries
                          escape   unwrap(org.h2.jdbc.JdbcConnection)
                                     at EscapeTests.aConnectionOfTheDriverFailsTheAssertion(EscapeTests.java:%d) <- EscapeTests.aConnectionOfTheDriverFailsTheAssertion(EscapeTests.java:%d)

                          What to do: use the connection through java.sql; or, if what it does needs no counting,
                            say so: on(dataSource).allowingEscapes().assertNumQueries(...).\
                        """.formatted(block, block + 2, block));
    }

    @Test
    void anyObjectOfTheDriverFailsTheAssertion() {
        escapes("unwrap(org.h2.jdbc.JdbcStatement)", connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.unwrap(JdbcStatement.class);
            }
        });
        escapes("unwrap(org.h2.jdbc.JdbcResultSet)", connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.executeQuery("select 1").unwrap(JdbcResultSet.class);
            }
        });
        escapes("getTarget()", connection -> ((ProxyJdbcObject) connection).getTarget());
        escapes(
                "unwrap(com.zaxxer.hikari.HikariDataSource)",
                connection -> db.source().unwrap(HikariDataSource.class));
    }

    private void escapes(String text, Use use) {
        assertThat(textOf(() -> db.check().assertNumQueries(0, () -> {
                    try (Connection connection = db.connect()) {
                        use.of(connection);
                    }
                })))
                .startsWith("The count cannot be known: ")
                .contains("\n  escape   " + text + "\n");
    }

    private interface Use {
        void of(Connection connection) throws SQLException;
    }

    @Test
    void anEscapeOnAnotherThreadFailsTheAssertionToo() {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            assertThat(textOf(() -> db.check()
                            .assertNumQueries(
                                    0,
                                    () -> pool.submit(() -> {
                                                try (Connection connection = db.connect()) {
                                                    query(connection.unwrap(JdbcConnection.class));
                                                }
                                                return null;
                                            })
                                            .get())))
                    .startsWith("The count cannot be known: ");
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void anEscapeFromAnotherDataSourceDoesNotMatter() throws SQLException {
        try (Database other = new Database()) {
            db.check().assertNumQueries(1, () -> {
                db.name(1);
                try (Connection connection = other.connect()) {
                    connection.unwrap(JdbcConnection.class);
                }
            });
        }
    }

    @Test
    void anEscapeThatTheDriverRefusesDoesNotMatter() {
        db.check().assertNumQueries(0, () -> {
            try (Connection connection = db.connect()) {
                assertThat(connection.isWrapperFor(JdbcStatement.class)).isFalse();
                assertThatThrownBy(() -> connection.unwrap(JdbcStatement.class)).isInstanceOf(SQLException.class);
            }
        });
    }

    @Test
    void anEscapeThroughTwoWatchedDataSourcesIsNamedOnce() {
        DataSource outer = QueryCounter.watch(db.name() + "-outer", new Delegating(db.source()));
        Block block = () -> {
            try (Connection connection = outer.getConnection()) {
                connection.unwrap(JdbcConnection.class);
            }
        };

        assertThat(textOf(() -> QueryAssertions.on(outer, db.source()).assertNumQueries(0, block)))
                .containsOnlyOnce("unwrap(");
        assertThat(textOf(() -> db.check().assertNumQueries(0, block))).containsOnlyOnce("unwrap(");
    }

    @Test
    void anAllowedEscapeIsNotCounted() {
        db.check().allowingEscapes().assertNumQueries(1, () -> {
            try (Connection connection = db.connect()) {
                query(connection);
                query(connection.unwrap(JdbcConnection.class));
            }
        });
    }

    @Test
    void thePoolIsStillFound() throws SQLException {
        assertThat(db.source().isWrapperFor(HikariDataSource.class)).isTrue();
        assertThat(db.source().unwrap(HikariDataSource.class)).isSameAs(db.pool());
    }

    /** A data source of a driver may answer with itself, and would then hand out connections that are not counted. */
    @Test
    void aDataSourceThatIsUnwrappedToAnInterfaceOfJdbcIsStillCounted() throws SQLException {
        JdbcDataSource drivers = new JdbcDataSource();
        drivers.setURL("jdbc:h2:mem:" + db.name());
        DataSource watched = QueryCounter.watch(db.name() + "-driver", drivers);

        assertThat(watched.isWrapperFor(DataSource.class)).isTrue();
        assertThat(watched.unwrap(DataSource.class)).isSameAs(watched);
        QueryAssertions.on(watched)
                .assertNumQueries(1, () -> Database.names(watched.unwrap(DataSource.class), Database.BY_ID, 1));
    }

    @Test
    void aConnectionWithAUserIsCounted() {
        JdbcDataSource drivers = new JdbcDataSource();
        drivers.setURL("jdbc:h2:mem:" + db.name());
        DataSource watched = QueryCounter.watch(db.name() + "-user", drivers);

        QueryAssertions.on(watched).assertNumQueries(1, () -> {
            try (Connection connection = watched.getConnection("", "")) {
                query(connection);
            }
        });
    }

    /** H2 shows no statement there; other drivers do. */
    @Test
    void theDriversStatementBehindMetadataIsAnEscape() throws SQLException {
        WatchedDataSource.Seam seam = new WatchedDataSource.Seam(db.name(), null);
        try (Connection connection = db.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet drivers = statement.executeQuery("select 1");
                ResultSet watched = WatchedResultSet.of(drivers, null, seam, () -> "metadata")) {
            assertThat(textOf(() -> db.check().assertNumQueries(0, watched::getStatement)))
                    .contains("escape   getStatement() of a result set of metadata");
        }
    }

    @Test
    void whatADriverKnowsByItselfIsNoEscape() {
        db.check().assertNumQueries(0, () -> {
            try (Connection connection = db.connect()) {
                assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("H2");
                assertThat(connection.getMetaData().supportsSavepoints()).isTrue();
            }
        });
    }

    /** How many queries a driver makes of it is its own matter. */
    @Test
    void rowsOfMetadataAreOne() {
        Block block = () -> {
            try (Connection connection = db.connect();
                    ResultSet tables = connection.getMetaData().getTables(null, null, "ITEM", null)) {
                assertThat(tables.next()).isTrue();
            }
        };

        assertThat(textOf(() -> db.check().assertNumQueries(0, block)))
                .startsWith("The count cannot be known: ")
                .contains("escape   DatabaseMetaData.getTables(), for which the driver asks by itself\n");
        assertThat(textOf(() -> db.check().assertNoRemoteAccess(block))).contains("DatabaseMetaData.getTables()");
        db.check().allowingEscapes().assertNumQueries(0, block);
    }
}
