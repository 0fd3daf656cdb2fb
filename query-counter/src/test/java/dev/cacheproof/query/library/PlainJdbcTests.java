package dev.cacheproof.query.library;

import static dev.cacheproof.query.QueryAssertions.on;
import static dev.cacheproof.query.QueryExpectation.exactly;
import static dev.cacheproof.query.QueryExpectation.none;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.query.Block;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counts what goes to the drivers alone. */
@ResourceLock(value = "unattributed queries", mode = ResourceAccessMode.READ) // it asks outside of scopes, too
class PlainJdbcTests {

    private static final String INSERT = "insert into orders (customer) values ('dan')";

    /** A block that works on a connection. */
    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    private static Block with(DataSource source, Work work) {
        return () -> {
            try (Connection connection = source.getConnection()) {
                work.on(connection);
            }
        };
    }

    private static List<Long> ids(ResultSet rows) throws SQLException {
        List<Long> ids = new ArrayList<>();
        while (rows.next()) {
            ids.add(rows.getLong(1));
        }
        return ids;
    }

    @ParameterizedTest
    @EnumSource
    void tellsKindsAndTablesApart(Vendor vendor) {
        DataSource source = vendor.watched();

        on(source)
                .assertQueries(
                        exactly(5)
                                .and(exactly(2).reads().onTable("orders"))
                                .and(exactly(2).reads().onTable("order_line"))
                                .and(exactly(1).inserts().onTable("ORDERS"))
                                .and(none())
                                .updates()
                                .and(exactly(1).deletes().onTable("order_line")),
                        with(source, connection -> {
                            try (Statement statement = connection.createStatement()) {
                                statement.executeQuery("select * from orders");
                                statement.executeQuery("select * from orders o join order_line l on l.order_id = o.id");
                                statement.executeQuery("select count(*) from order_line where article = 'pen'");
                                statement.executeUpdate(INSERT);
                                statement.executeUpdate("delete from order_line where order_id = 1");
                            }
                        }));
    }

    @ParameterizedTest
    @EnumSource
    void aBatchIsOneRoundTripOfItsRows(Vendor vendor) {
        DataSource source = vendor.watched();

        on(source)
                .assertQueries(
                        exactly(1)
                                .and(exactly(1).inserts().statements())
                                .and(exactly(5).inserts().rows()),
                        with(source, connection -> {
                            try (PreparedStatement insert =
                                    connection.prepareStatement("insert into orders (customer) values (?)")) {
                                for (int i = 0; i < 5; i++) {
                                    insert.setString(1, "customer " + i);
                                    insert.addBatch();
                                }
                                assertThat(insert.executeBatch())
                                        .containsOnly(1)
                                        .hasSize(5);
                            }
                        }));
    }

    @ParameterizedTest
    @EnumSource
    void aTextOfTwoStatementsIsOneRoundTrip(Vendor vendor) {
        DataSource source = vendor.watched();

        on(source)
                .assertQueries(
                        exactly(1)
                                .and(exactly(2).statements())
                                .and(exactly(1).inserts())
                                .and(exactly(1).deletes()),
                        with(source, connection -> {
                            try (Statement statement = connection.createStatement()) {
                                statement.execute(INSERT + "; delete from order_line");
                            }
                        }));
    }

    /** The driver for PostgreSQL adds a clause to the statement; H2 is asked for a delta table. */
    @ParameterizedTest
    @EnumSource
    void generatedKeysComeWithTheirInsert(Vendor vendor) {
        DataSource source = vendor.watched();

        on(source)
                .assertQueries(
                        exactly(2)
                                .and(exactly(2).inserts().onTable("orders"))
                                .and(none())
                                .reads(),
                        with(source, connection -> {
                            try (PreparedStatement insert =
                                    connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
                                insert.executeUpdate();
                                ResultSet keys = insert.getGeneratedKeys();
                                assertThat(keys.next()).isTrue();
                                assertThat(keys.getLong("id")).isEqualTo(4);
                            }
                            try (PreparedStatement insert = connection.prepareStatement(vendor.returningId(INSERT))) {
                                assertThat(ids(insert.executeQuery())).containsExactly(5L);
                            }
                        }));
    }

    @ParameterizedTest
    @EnumSource
    void aCommitIsShownAndNotCounted(Vendor vendor) {
        DataSource source = vendor.watched();
        Block transaction = with(source, connection -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate(INSERT);
            }
            connection.commit();
        });

        on(source).assertNumQueries(1, transaction);
        assertThatThrownBy(() -> on(source).assertNumQueries(0, transaction))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("2 of transaction control: SET AUTOCOMMIT false, COMMIT");
    }

    @ParameterizedTest
    @EnumSource
    void findsTheLineThatAsksOneByOne(Vendor vendor) {
        DataSource source = vendor.watched();

        assertThatThrownBy(() -> on(source).assertNoNPlusOne(() -> linesOneByOne(source, 1, 2, 3)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("3x select id from order_line where order_id = ?")
                .hasMessageContaining("values [1] [2] [3]")
                .hasMessageContaining("at PlainJdbcTests.linesOneByOne(PlainJdbcTests.java:");
        Callable<List<Long>> together = () -> {
            try (Connection connection = source.getConnection();
                    PreparedStatement select =
                            connection.prepareStatement("select id from order_line where order_id in (?, ?, ?)")) {
                for (int i = 1; i <= 3; i++) {
                    select.setLong(i, i);
                }
                return ids(select.executeQuery());
            }
        };
        assertThat(on(source).assertNoNPlusOne(together)).hasSize(6);
        on(source).assertNumQueries(1, together);
    }

    private static List<Long> linesOneByOne(DataSource source, long... orders) throws SQLException {
        List<Long> lines = new ArrayList<>();
        try (Connection connection = source.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select id from order_line where order_id = ?")) {
            for (long order : orders) {
                select.setLong(1, order);
                lines.addAll(ids(select.executeQuery()));
            }
        }
        return lines;
    }
}
