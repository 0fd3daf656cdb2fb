package dev.cacheproof.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.cacheproof.Gate;
import dev.cacheproof.Operation;
import dev.cacheproof.Scope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GateTests {

    @AutoClose
    final Database db = new Database();

    private final AtomicBoolean refusing = new AtomicBoolean();
    private final List<Operation> arrived = new ArrayList<>();

    private Scope open() {
        return Scope.named("gated").root().open().gate(operation -> {
            arrived.add(operation);
            return refusing.get() ? Gate.Verdict.refuse("the database is down") : Gate.Verdict.proceed();
        });
    }

    @BeforeEach
    void refuse() {
        refusing.set(true);
    }

    private static void isRefused(ThrowingCallable query) {
        assertThatExceptionOfType(SQLNonTransientConnectionException.class)
                .isThrownBy(query)
                .withMessage("the database is down")
                .satisfies(refused -> assertThat(refused.getSQLState()).isEqualTo("08006"));
    }

    @Test
    void refusesEveryWayToExecute() throws SQLException {
        try (Scope scope = open();
                Connection connection = db.connect();
                Statement statement = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement("delete from item")) {
            isRefused(() -> statement.execute("delete from item"));
            isRefused(() -> statement.executeUpdate("delete from item"));
            isRefused(() -> statement.executeLargeUpdate("delete from item"));
            isRefused(() -> statement.executeQuery("select 1"));
            isRefused(prepared::execute);
            isRefused(prepared::executeUpdate);
            statement.addBatch("delete from item");
            isRefused(statement::executeBatch);
            prepared.addBatch();
            isRefused(prepared::executeLargeBatch);

            assertThat(scope.journal().sql().count()).isEqualTo(8);
        }

        assertThat(db.rows()).isEqualTo(5);
        assertThat(arrived).hasSize(8).allSatisfy(operation -> {
            assertThat(operation.outcome().status()).isEqualTo(Operation.Outcome.Status.PENDING);
            assertThat(operation.source()).isEqualTo(db.name());
        });
    }

    @Test
    void refusesTransactionControl() throws SQLException {
        refusing.set(false);
        try (Scope scope = open();
                Connection connection = db.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("delete from item");
            refusing.set(true);
            isRefused(connection::commit);
            isRefused(connection::rollback);
            isRefused(connection::setSavepoint);
            isRefused(() -> connection.setAutoCommit(true));
            isRefused(() -> statement.execute("COMMIT"));
            refusing.set(false);
            connection.rollback();
            assertThat(scope.journal().sql().count()).isEqualTo(1);
        }

        assertThat(db.rows()).isEqualTo(5);
    }

    @Test
    void refusesTheWriteOfAResultSet() throws SQLException {
        refusing.set(false);
        try (Scope scope = open();
                Connection connection = db.connect();
                Statement statement =
                        connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
                ResultSet rows = statement.executeQuery("select id, name from item")) {
            assertThat(rows.next()).isTrue();
            refusing.set(true);
            isRefused(rows::deleteRow);
            assertThat(scope.journal().sql().count()).isEqualTo(2);
        }

        assertThat(db.rows()).isEqualTo(5);
    }

    /** The batch is still in the driver after a refusal; sent again, it was not counted. */
    @Test
    void countsABatchThatIsSentAgain() throws SQLException {
        try (Scope scope = open();
                Connection connection = db.connect();
                PreparedStatement statement = connection.prepareStatement("insert into item (name) values (?)")) {
            statement.setString(1, "x");
            statement.addBatch();
            isRefused(statement::executeBatch);
            refusing.set(false);
            assertThat(statement.executeBatch()).hasSize(1);

            assertThat(scope.journal().sql().operations())
                    .extracting(operation -> operation.outcome().status(), Operation::parameters)
                    .containsExactly(
                            tuple(Operation.Outcome.Status.REFUSED, "['x']"),
                            tuple(Operation.Outcome.Status.DONE, "['x']"));
        }

        assertThat(db.rows()).isEqualTo(6);
    }

    @Test
    void seesTheTextAndTheValues() throws SQLException {
        refusing.set(false);
        try (Scope scope = open()) {
            db.name(3);
            assertThat(scope.journal().count()).isEqualTo(1);
        }

        assertThat(arrived).singleElement().satisfies(operation -> {
            assertThat(operation.text()).isEqualTo(Database.BY_ID);
            assertThat(operation.parameters()).isEqualTo("[3]");
        });
    }

    @Test
    void letsTheGatesOwnExceptionThrough() {
        IllegalStateException own = new IllegalStateException("own");
        try (Scope scope = Scope.named("gated").root().open().gate(operation -> {
            throw own;
        })) {
            assertThatThrownBy(() -> db.execute("select 1")).isSameAs(own);
            assertThatThrownBy(() -> db.execute("select 1")).isSameAs(own);
            assertThat(scope.journal().sql().count()).isEqualTo(2);
        }
    }

    @Test
    void holdsAQueryUntilItIsReleased() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (Scope scope = Scope.named("gated").root().open().gate(operation -> {
            held.countDown();
            assertThat(awaits(release)).isTrue();
            return Gate.Verdict.proceed();
        })) {
            Future<?> query = Scope.propagating(pool).submit(() -> db.execute("delete from item"));
            assertThat(awaits(held)).isTrue();
            assertThat(db.rows()).isEqualTo(5);
            assertThat(query.isDone()).isFalse();
            release.countDown();
            query.get(30, TimeUnit.SECONDS);
            assertThat(db.rows()).isZero();
            assertThat(scope.journal().sql().count()).isEqualTo(1);
        } finally {
            pool.shutdown();
        }
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void hasNothingToSayAboutWhatItAsksForItself() throws SQLException {
        List<String> names = new ArrayList<>();
        try (Scope scope = Scope.named("gated").root().open().gate(operation -> {
            names.add(db.name(1));
            return Gate.Verdict.proceed();
        })) {
            db.name(2);
            assertThat(scope.journal().sql().count()).isEqualTo(1);
        }

        assertThat(names).containsExactly("a");
    }
}
