package dev.cacheproof.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cacheproof.Scope;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What is watched behaves as if it were not. */
@ResourceLock("unattributed queries") // it asks outside of any scope, as an application does
class TransparencyTests {

    @AutoClose
    final Database db = new Database();

    @Test
    void aQueryFailsWithTheDriversOwnException() {
        db.check().assertNumQueries(2, () -> {
            try (Connection connection = db.connect();
                    Statement statement = connection.createStatement();
                    PreparedStatement insert = connection.prepareStatement("insert into item (id) values (?)")) {
                assertThatThrownBy(() -> statement.execute("select * from nowhere"))
                        .isInstanceOf(SQLException.class)
                        .extracting(failed -> ((SQLException) failed).getSQLState())
                        .isEqualTo("42S02");
                insert.setInt(1, 1);
                assertThatThrownBy(insert::executeUpdate)
                        .isInstanceOf(SQLException.class)
                        .extracting(failed -> ((SQLException) failed).getSQLState())
                        .isEqualTo("23505");
            }
        });
    }

    @Test
    void aQueryFailsWithTheVeryObjectThatTheDriverThrows() {
        SQLException checked = new SQLException("driver");
        IllegalStateException unchecked = new IllegalStateException("driver");
        Error error = new NoClassDefFoundError("driver");
        SQLException unshowable = new SQLException("driver") {
            private static final long serialVersionUID = 1;

            @Override
            public String getMessage() {
                throw new IllegalStateException("no text");
            }
        };
        for (Throwable thrown : new Throwable[] {checked, unchecked, error, unshowable}) {
            DataSource failing = QueryCounter.watch(db.name() + "-failing", failing(thrown));
            try (Scope scope = Scope.named("test").root().open()) {
                assertThat(catchThrowable(() -> run(failing))).isSameAs(thrown);
                assertThat(catchThrowable(() -> commit(failing))).isSameAs(thrown);
                assertThat(scope.journal().sql().count()).isEqualTo(1);
                assertThat(scope.journal().operations()).hasSize(2);
            }
            assertThat(catchThrowable(() -> run(failing))).isSameAs(thrown);
        }
    }

    private static void run(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select 1");
        }
    }

    private static void commit(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.commit();
        }
    }

    /** A driver whose executions and commits fail with this very object. */
    private DataSource failing(Throwable thrown) {
        return failing(DataSource.class, db.pool(), thrown);
    }

    private static <T> T failing(Class<T> type, Object target, Throwable thrown) {
        ClassLoader loader = TransparencyTests.class.getClassLoader();
        return type.cast(Proxy.newProxyInstance(loader, new Class<?>[] {type}, (proxy, method, args) -> {
            if (method.getName().equals("execute") || method.getName().equals("commit")) {
                throw thrown;
            }
            Object answer;
            try {
                answer = method.invoke(target, args);
            } catch (InvocationTargetException driversOwn) {
                throw driversOwn.getTargetException();
            }
            Class<?> answerType = method.getReturnType();
            boolean goesOn = answerType == Connection.class || answerType == Statement.class;
            return goesOn ? failing(answerType, answer, thrown) : answer;
        }));
    }

    @Test
    void aProxyIsEqualToItself() throws SQLException {
        try (Connection one = db.connect();
                Connection other = db.connect();
                Statement statement = one.createStatement();
                ResultSet rows = statement.executeQuery("select 1")) {
            assertThat(one).isNotEqualTo(other);
            assertThat(Set.of(one, other)).contains(one, other);
            assertThat(Map.of(statement, 1)).containsEntry(statement, 1);
            assertThat(Set.of(rows)).contains(rows);
            assertThat(one.toString()).isNotEmpty();
        }
    }
}
