package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.assertQueries;
import static dev.cacheproof.query.QueryAssertions.on;
import static dev.cacheproof.query.QueryExpectation.exactly;
import static dev.cacheproof.query.QueryExpectation.none;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.Executors;
import java.util.logging.Logger;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock("unattributed queries")
class NestedWatchingTests {

    @AutoClose
    final Database db = new Database();

    @Test
    void watchingTwiceIsWatchingOnce() {
        assertThat(QueryCounter.watch(db.source())).isSameAs(db.source());
        assertThat(QueryCounter.watch("again", db.source())).isSameAs(db.source());
    }

    @Test
    void countsOnceThroughADelegatingDataSource() {
        DataSource outer = QueryCounter.watch(db.name() + "-outer", new Delegating(db.source()));
        Block block = () -> Database.names(outer, Database.BY_ID, 1);

        on(outer, db.source()).assertNumQueries(1, block);
        on(outer).assertNumQueries(1, block);
    }

    /** It did pass on 0: the outer name alone was counted. */
    @Test
    void countsForTheInnerDataSourceWhereThatAloneIsLookedAt() {
        DataSource outer = QueryCounter.watch(db.name() + "-outer", new Delegating(db.source()));
        Block block = () -> {
            Database.names(outer, Database.BY_ID, 1);
            db.name(2);
        };

        db.check().assertNumQueries(2, block);
        on(outer).assertNumQueries(1, block);
        on(outer, db.source()).assertNumQueries(2, block);
        assertThat(textOf(() -> db.check().assertNumQueries(1, block))).contains("values [1]", "values [2]");
    }

    @Test
    void expectsOfTheInnerDataSourceWhatIsAskedThroughTheOuter() {
        DataSource outer = QueryCounter.watch(db.name() + "-outer", new Delegating(db.source()));
        Block block = () -> Database.names(outer, Database.BY_ID, 1);

        assertQueries(exactly(1).on(db.source()).and(exactly(1).on(outer)), block);
        assertThat(textOf(() -> assertQueries(none().on(db.source()), block)))
                .contains("Expected no queries on " + db.name() + ", but 1 ran");
        assertQueries(none().on(outer), () -> db.name(1));
    }

    @Test
    void leavesAnInnerQueryOfAnotherThreadUnattributed() {
        DataSource outer = QueryCounter.watch(db.name() + "-outer", new Delegating(db.source()));
        var pool = Executors.newSingleThreadExecutor();
        try {
            assertThat(textOf(() -> db.check()
                            .assertNumQueries(
                                    0,
                                    () -> pool.submit(() -> Database.names(outer, Database.BY_ID, 1))
                                            .get())))
                    .contains("1 more", "select name from item where id = ?");
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void countsCommitsOnce() {
        DataSource outer = QueryCounter.watch(db.name() + "-outer", new Delegating(db.source()));

        assertThat(textOf(() -> on(outer, db.source()).assertNumQueries(1, () -> {
                    try (Connection connection = outer.getConnection()) {
                        connection.setAutoCommit(false);
                        connection.commit();
                    }
                })))
                .contains("2 of transaction control: SET AUTOCOMMIT false, COMMIT");
    }

    @Test
    void countsOnceAroundAnApplicationsOwnProxy() {
        DataSource own = ProxyDataSourceBuilder.create(db.pool()).countQuery().build();
        DataSource watched = QueryCounter.watch(db.name() + "-own", own);

        on(watched).assertNumQueries(1, () -> Database.names(watched, Database.BY_ID, 1));
    }

    @Test
    void countsOnceInsideAnApplicationsOwnProxy() {
        DataSource own = ProxyDataSourceBuilder.create(db.source())
                .countQuery()
                .proxyResultSet()
                .build();

        db.check().assertNumQueries(1, () -> Database.names(own, Database.BY_ID, 1));
    }

    /** As an application's lazy or routing data source is. */
    record Delegating(DataSource target) implements DataSource {
        @Override
        public Connection getConnection() throws SQLException {
            return target.getConnection();
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return target.getConnection(user, password);
        }

        @Override
        public PrintWriter getLogWriter() throws SQLException {
            return target.getLogWriter();
        }

        @Override
        public void setLogWriter(PrintWriter out) throws SQLException {
            target.setLogWriter(out);
        }

        @Override
        public void setLoginTimeout(int seconds) throws SQLException {
            target.setLoginTimeout(seconds);
        }

        @Override
        public int getLoginTimeout() throws SQLException {
            return target.getLoginTimeout();
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            return target.getParentLogger();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            return target.unwrap(type);
        }

        @Override
        public boolean isWrapperFor(Class<?> type) throws SQLException {
            return target.isWrapperFor(type);
        }
    }
}
