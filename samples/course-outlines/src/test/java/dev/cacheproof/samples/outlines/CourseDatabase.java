package dev.cacheproof.samples.outlines;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cacheproof.query.QueryCounter;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests a real PostgreSQL, started once for all of them, behind a pool, and watched. */
final class CourseDatabase implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(CourseDatabase.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == DataSource.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Server.class, key -> new Server(), Server.class)
                .dataSource;
    }

    /**
     * Adds a course, or puts it back as it was: two sections with three pages, one of them hidden.
     *
     * @return the key of the course
     */
    static String addCourse(DataSource dataSource, String course) {
        Database database = new Database(dataSource);
        database.inTransaction(connection -> {
            for (String table : List.of("section", "sequence", "hidden_sequence", "announcement", "verification")) {
                database.update(connection, "delete from " + table + " where course = ?", course);
            }
            database.update(connection, "delete from course where key = ?", course);
            database.update(connection, "insert into course values (?, 'Caching', 1)", course);
            database.update(connection, "insert into section values (?, 'Why', 1), (?, 'How', 2)", course, course);
            database.update(
                    connection,
                    "insert into sequence values (?, 'Why', 'Cost', 1), (?, 'How', 'Keys', 1), (?, 'How', 'Races', 2)",
                    course,
                    course,
                    course);
            database.update(connection, "insert into hidden_sequence values (?, 'Races')", course);
        });
        return course;
    }

    /** Adds sections to a course, each with a page. */
    static void addSections(DataSource dataSource, String course, int number) {
        Database database = new Database(dataSource);
        database.inTransaction(connection -> {
            for (int i = 1; i <= number; i++) {
                String section = "Section " + i + " of " + number;
                database.update(connection, "insert into section values (?, ?, ?)", course, section, 10 * number + i);
                database.update(
                        connection, "insert into sequence values (?, ?, 'Page of ' || ?, 1)", course, section, section);
            }
        });
    }

    /** The server and its pool, closed at the end of the run. */
    private static final class Server implements AutoCloseable {
        private final EmbeddedPostgres postgres;
        private final HikariDataSource pool;
        private final DataSource dataSource;

        Server() {
            try {
                postgres = EmbeddedPostgres.start();
                HikariConfig config = new HikariConfig();
                config.setDataSource(postgres.getPostgresDatabase());
                pool = new HikariDataSource(config);
                createSchema();
                dataSource = QueryCounter.watch("courses", pool);
            } catch (IOException | SQLException failed) {
                throw new IllegalStateException(failed);
            }
        }

        private void createSchema() throws IOException, SQLException {
            try (InputStream script = Objects.requireNonNull(CourseDatabase.class.getResourceAsStream("/schema.sql"));
                    Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(new String(script.readAllBytes(), StandardCharsets.UTF_8));
            }
        }

        @Override
        public void close() throws IOException {
            pool.close();
            postgres.close();
        }
    }
}
