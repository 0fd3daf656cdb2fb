package dev.cacheproof.query.library;

import static dev.cacheproof.query.QueryAssertions.on;
import static dev.cacheproof.query.QueryExpectation.exactly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.cacheproof.query.Block;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counts outside a pool, and shows by a watch inside it what the pool asks by itself. */
class HikariTests {

    /** A pool that starts with its first connection, on the thread that asks for it, and asks in the words of SQL. */
    private static HikariDataSource pool(DataSource source) {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(source);
        pool.setMaximumPoolSize(1);
        pool.setConnectionInitSql("select 1 as initial");
        pool.setConnectionTestQuery("select 1 as validation");
        return pool;
    }

    private static Block countingOrders(DataSource source) {
        return () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.executeQuery("select count(*) from orders");
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void doesNotCountWhatThePoolAsksByItself(Vendor vendor) {
        try (HikariDataSource pool = pool(vendor.withOrders())) {
            DataSource source = Vendor.watch(pool);

            on(source).assertQueries(exactly(1).and(exactly(1).reads().onTable("orders")), countingOrders(source));
        }
    }

    @ParameterizedTest
    @EnumSource
    void countsThatWhereItIsWatchedInside(Vendor vendor) {
        DataSource inside = vendor.watched();
        try (HikariDataSource pool = pool(inside)) {
            Block block = countingOrders(pool);

            assertThatThrownBy(() -> on(inside).assertNumQueries(1, block))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Expected 1 query, but 3 ran")
                    .hasMessageContaining("1x select 1 as initial")
                    .hasMessageContaining("1x select 1 as validation");
            on(inside).assertNumQueries(1, block);
        }
    }

    @ParameterizedTest
    @EnumSource
    void countsOnceWhereBothSidesAreWatched(Vendor vendor) throws Exception {
        DataSource inside = vendor.watched();
        try (HikariDataSource pool = pool(inside)) {
            DataSource source = Vendor.watch(pool);
            Block block = countingOrders(source);
            block.run(); // the pool asks what it asks of a new connection

            on(inside, source).assertNumQueries(1, block);
        }
    }

    @ParameterizedTest
    @EnumSource
    @ResourceLock("unattributed queries") // it takes the pool in no scope
    void thePoolIsFoundThroughTheWatch(Vendor vendor) throws SQLException {
        try (HikariDataSource pool = pool(vendor.withOrders())) {
            DataSource source = Vendor.watch(pool);

            assertThat(source.isWrapperFor(HikariDataSource.class)).isTrue();
            assertThat(source.unwrap(HikariDataSource.class)).isSameAs(pool);
            on(source).assertNumQueries(1, countingOrders(source));
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
            assertThat(pool.getHikariPoolMXBean().getTotalConnections()).isOne();
        }
    }

    /** What goes through the pool itself is not seen, so no number is believed. */
    @ParameterizedTest
    @EnumSource
    void aBlockThatTakesThePoolIsNotBelieved(Vendor vendor) {
        try (HikariDataSource pool = pool(vendor.withOrders())) {
            DataSource source = Vendor.watch(pool);
            Block block = () -> {
                countingOrders(source).run();
                assertThat(source.unwrap(HikariDataSource.class).getMaximumPoolSize())
                        .isOne();
            };

            assertThatThrownBy(() -> on(source).assertNumQueries(1, block))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("The count cannot be known")
                    .hasMessageContaining("unwrap(com.zaxxer.hikari.HikariDataSource)");
            on(source).allowingEscapes().assertNumQueries(1, block);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatThePoolRollsBackIsNotTheBlocks(Vendor vendor) {
        try (HikariDataSource pool = pool(vendor.withOrders())) {
            pool.setAutoCommit(false);
            DataSource source = Vendor.watch(pool);
            Block block = () -> {
                try (Connection connection = source.getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.executeUpdate("delete from order_line");
                }
            };

            on(source).assertQueries(exactly(1).and(exactly(1).deletes()), block);
            assertThatThrownBy(() -> on(source).assertNumQueries(0, block))
                    .isInstanceOf(AssertionError.class)
                    .message()
                    .doesNotContain("transaction control");
        }
    }
}
