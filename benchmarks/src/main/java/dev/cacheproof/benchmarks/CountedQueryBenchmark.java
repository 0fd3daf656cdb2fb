package dev.cacheproof.benchmarks;

import com.p6spy.engine.spy.P6DataSource;
import com.zaxxer.hikari.HikariDataSource;
import dev.cacheproof.Scope;
import dev.cacheproof.query.QueryCounter;
import example.Application;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One query, from taking a connection out of the pool to giving it back: next to nobody looking, to datasource-proxy alone,
 * and to its own counter.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init")
public class CountedQueryBenchmark {

    private static final int COURSES = 100;

    /** Who looks at the query, and from how deep it is asked. */
    public enum Setting implements Row {
        RAW("JDBC and the pool alone"),
        P6SPY("p6spy, which logs nothing"),
        LISTENER("datasource-proxy, empty listener"),
        COUNT_QUERY("datasource-proxy, countQuery()"),
        IDLE("watched, no scope open"),
        SCOPE("watched, in a scope"),
        CALL_SITES("watched, in a scope with call sites"),
        DEEP_SCOPE("the same without call sites, 100 frames deep"),
        DEEP_CALL_SITES("the same with call sites, 100 frames deep");

        private final String label;

        Setting(String label) {
            this.label = label;
        }

        @Override
        public String label() {
            return label;
        }

        @Override
        public boolean isBaseline() {
            return this == RAW;
        }

        private boolean isDeep() {
            return this == DEEP_SCOPE || this == DEEP_CALL_SITES;
        }

        private DataSource around(DataSource pool) {
            return switch (this) {
                case RAW -> pool;
                case P6SPY -> new P6DataSource(pool);
                case LISTENER ->
                    ProxyDataSourceBuilder.create(pool)
                            .listener(new EmptyListener())
                            .build();
                case COUNT_QUERY ->
                    ProxyDataSourceBuilder.create(pool).countQuery().build();
                case IDLE, SCOPE, CALL_SITES, DEEP_SCOPE, DEEP_CALL_SITES -> QueryCounter.watch(pool);
            };
        }

        private @Nullable Scope scope() {
            return switch (this) {
                case RAW, P6SPY, LISTENER, COUNT_QUERY, IDLE -> null;
                case SCOPE, DEEP_SCOPE -> Scope.named("benchmark").open();
                case CALL_SITES, DEEP_CALL_SITES ->
                    Scope.named("benchmark").callSites().open();
            };
        }
    }

    /** What is measured. */
    @Param
    public Setting setting;

    private HikariDataSource pool;
    private DataSource dataSource;
    private @Nullable Scope scope;
    private IntFunction<String> query;
    private int course;

    /** Fills a database of one table. */
    @Setup
    public void fill() throws SQLException {
        pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:h2:mem:benchmark");
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE chapter (course INT, position INT, title VARCHAR(80),"
                    + " PRIMARY KEY (course, position))");
            statement.execute("INSERT INTO chapter SELECT x, 1, 'Chapter ' || x FROM system_range(0, " + COURSES + ")");
        }
        // Without a module, p6spy wraps all objects of JDBC, and does nothing with them.
        System.setProperty("p6spy.config.modulelist", "");
        dataSource = setting.around(pool);
        query = setting.isDeep() ? asked -> belowFramework(40, asked) : this::title;
    }

    /** A scope belongs to the thread that opens it, so it is opened by the thread that measures. */
    @Setup
    public void open() {
        scope = setting.scope();
    }

    /** Makes sure that the queries were seen: a scope of another thread would make them look cheap. */
    @TearDown
    public void close() {
        if (scope != null) {
            long own = scope.journal().sql().count();
            scope.close();
            if (own == 0) {
                throw new IllegalStateException("the scope saw no query of its own");
            }
        }
        pool.close();
    }

    /**
     * Measures the query.
     *
     * @return what it read
     */
    @Benchmark
    public String query() {
        course = (course + 1) % COURSES;
        return Application.ask(setting.isDeep() ? 60 : 1, query, course);
    }

    /** Frames that the toolkit takes for its own, where others are a framework's. */
    private String belowFramework(int frames, int course) {
        return frames == 0 ? title(course) : belowFramework(frames - 1, course);
    }

    private String title(int course) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT title FROM chapter WHERE course = ? AND position = ?")) {
            statement.setInt(1, course);
            statement.setInt(2, 1);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static final class EmptyListener implements QueryExecutionListener {
        @Override
        public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {
            // nothing, so that what is measured is the proxy
        }

        @Override
        public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {
            // nothing
        }
    }
}
