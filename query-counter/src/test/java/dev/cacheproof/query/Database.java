package dev.cacheproof.query;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * A database in memory behind a pool, watched under a name that no other test has. It has a table of five items. Its frames
 * are not shown as call sites, so that the test stands in for the application.
 */
final class Database implements AutoCloseable {

    static final String BY_ID = "select name from item where id = ?";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name;
    private final HikariDataSource pool;
    private final DataSource source;

    /** The database lives for as long as a connection does. */
    private final Connection keeper;

    Database() {
        this.name = "db-" + NUMBER.incrementAndGet();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:mem:" + name);
        config.setMinimumIdle(0);
        config.setPoolName(name);
        this.pool = new HikariDataSource(config);
        this.keeper = connect(pool);
        this.source = QueryCounter.watch(name, pool);
        unseen("create table item (id int primary key auto_increment, name varchar(50))");
        unseen("insert into item (name) values ('a'), ('b'), ('c'), ('d'), ('e')");
    }

    String name() {
        return name;
    }

    /** What the code under test is given. */
    DataSource source() {
        return source;
    }

    /** What is behind it: nobody sees what goes through this. */
    HikariDataSource pool() {
        return pool;
    }

    /** Counts this database alone, so that tests may run at the same time. */
    QueryCheck check() {
        return QueryAssertions.on(source);
    }

    Connection connect() {
        return connect(source);
    }

    private static Connection connect(DataSource source) {
        try {
            return source.getConnection();
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Makes one query. */
    String name(int id) {
        return names(BY_ID, id).get(0);
    }

    List<String> names(String sql, Object... parameters) {
        return names(source, sql, parameters);
    }

    static List<String> names(DataSource source, String sql, Object... parameters) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<String> names = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            return names;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Makes one query. */
    void execute(String sql) {
        execute(source, sql);
    }

    /** Makes a query that is not watched. */
    void unseen(String sql) {
        execute(pool, sql);
    }

    private static void execute(DataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Counts the rows unseen. */
    int rows() {
        return Integer.parseInt(names(pool, "select count(*) from item").get(0));
    }

    @Override
    public void close() throws SQLException {
        keeper.close();
        pool.close();
    }
}
