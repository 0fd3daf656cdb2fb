package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.query.QueryCounter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Queries of nobody's would make the counts of tests uncertain that run at the same time. */
@Isolated
class BackgroundQueryTests {

    @Test
    void areDeclaredOnTheTest() {
        InnerSuite.of(DeclaringTestCase.class).launch().allPass(1);
    }

    @Test
    void makeACountUncertainThatDoesNotDeclareThem() {
        assertThat(InnerSuite.of(SilentTestCase.class).launch().onlyFailure().getMessage())
                .startsWith("Expected 0 queries, and none ran in the test SilentTestCase.queriesInTheBackground();"
                        + " but 1 more, on another thread, may be the block's too\n")
                .contains(
                        "declare it: ignoring(threads(\"importer-*\")), or ignoring = \"importer-*\" of @ExpectQueries.");
    }

    private static void queryInTheBackground() throws Exception {
        DataSource database = QueryCounter.watch("background", database());
        Callable<Boolean> query = () -> query(database);
        var threads = Executors.newSingleThreadExecutor(task -> new Thread(task, "importer-1"));
        try {
            threads.submit(query).get();
        } finally {
            threads.shutdown();
        }
    }

    private static DataSource database() {
        JdbcDataSource database = new JdbcDataSource();
        database.setUrl("jdbc:h2:mem:");
        return database;
    }

    private static boolean query(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            return statement.execute("select 1");
        }
    }

    static class DeclaringTestCase {
        @Test
        @ExpectQueries(
                value = 0,
                ignoring = {"scheduling-*", "importer-*"})
        void queriesInTheBackground() throws Exception {
            queryInTheBackground();
        }
    }

    static class SilentTestCase {
        @Test
        @ExpectQueries(value = 0, ignoring = "scheduling-*")
        void queriesInTheBackground() throws Exception {
            queryInTheBackground();
        }
    }
}
