package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.textOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Deadline;
import dev.cacheproof.Gate;
import dev.cacheproof.Scope;
import java.lang.ref.WeakReference;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * What those who count with datasource-proxy itself have met, and what is not tested beside its subject: kinds of statements,
 * batches, parameters, escapes and threads have tests of their own.
 */
@ResourceLock("unattributed queries")
class DatasourceProxyPitfallTests {

    @AutoClose
    final Database db = new Database();

    /** Its grand total leaves out how often each kind of statement ran. */
    @Test
    void aTotalIsThatOfPlainPreparedAndCallableStatements() {
        db.check().assertNumQueries(3, () -> {
            try (Connection connection = db.connect();
                    Statement plain = connection.createStatement();
                    PreparedStatement prepared = connection.prepareStatement("select 2");
                    CallableStatement callable = connection.prepareCall("call 3")) {
                plain.execute("select 1");
                prepared.execute();
                callable.execute();
            }
        });
    }

    /** It knows rows that an updatable result set writes from no other call. */
    @Test
    void whatAnUpdatableResultSetSendsIsCounted() {
        db.check().assertNumQueries(5, () -> {
            try (Connection connection = db.connect();
                    Statement statement =
                            connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
                    ResultSet rows = statement.executeQuery("select id, name from item order by id")) {
                rows.moveToInsertRow();
                rows.updateInt("id", 77);
                rows.updateString("name", "new");
                rows.insertRow();
                assertThat(rows.first()).isTrue();
                rows.updateString("name", "other");
                rows.updateRow();
                rows.refreshRow();
                assertThat(rows.getString("name")).isEqualTo("other");
                rows.deleteRow();
            }
        });
        assertThat(db.rows()).isEqualTo(5);
    }

    /** A listener that is added while queries run makes one of them fail, in the code under test. */
    @Test
    void noQueryFailsSinceAnotherThreadBeginsToLook() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        AtomicInteger queries = new AtomicInteger();
        ExecutorService application = Executors.newFixedThreadPool(2);
        List<Future<?>> running = new ArrayList<>();
        try (Scope scope = Scope.named("test").root().open()) {
            for (int i = 0; i < 2; i++) {
                running.add(application.submit(scope.wrap(() -> {
                    while (!ended.get()) {
                        db.name(1);
                        queries.incrementAndGet();
                    }
                })));
            }
            Deadline limit = Deadline.after(Duration.ofSeconds(30));
            for (int looks = 0; looks < 200; looks++) {
                try (Scope look = Scope.named("look").root().callSites().open()) {
                    scope.gate(operation -> Gate.Verdict.proceed());
                    int seen = queries.get();
                    limit.await(
                            () -> queries.get() > seen || running.stream().anyMatch(Future::isDone),
                            () -> look + " to see a query");
                }
            }
            ended.set(true);
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            ended.set(true);
            application.shutdown();
        }
    }

    /** What its listeners are given holds the driver's objects: who keeps it keeps a pool's connection. */
    @Test
    void whatIsKeptOfAQueryKeepsNothingOfTheDriver() throws Exception {
        try (Scope scope = Scope.named("test").root().callSites().open()) {
            List<WeakReference<?>> drivers = driversObjectsOfAQuery();
            Deadline.after(Duration.ofSeconds(30))
                    .await(
                            () -> {
                                System.gc();
                                return drivers.stream().allMatch(each -> each.refersTo(null));
                            },
                            () -> "statement and result to be forgotten");

            assertThat(scope.journal().sql().operations()).hasSize(1);
        }
    }

    private List<WeakReference<?>> driversObjectsOfAQuery() throws SQLException {
        try (Connection connection = db.connect();
                PreparedStatement statement = connection.prepareStatement(Database.BY_ID)) {
            statement.setInt(1, 1);
            ResultSet drivers = ((ForwardingResultSet) statement.executeQuery()).driversOwn();
            return List.of(new WeakReference<>(drivers), new WeakReference<>(drivers.getStatement()));
        }
    }

    /** A listener that reads a result has read it for the caller, too. */
    @Test
    void theRowsAreLeftToTheCallerAlsoIfTheCountIsWrong() {
        List<String> names = new ArrayList<>();

        assertThat(textOf(() -> db.check()
                        .assertNumQueries(0, () -> names.addAll(db.names("select name from item order by id")))))
                .contains("1x select name from item order by id");
        assertThat(names).containsExactly("a", "b", "c", "d", "e");
    }

    /** There was no result to put a proxy around. */
    @Test
    void aStatementWithoutAResultHasNone() {
        db.check().assertNumQueries(1, () -> {
            try (Connection connection = db.connect();
                    Statement statement = connection.createStatement()) {
                assertThat(statement.execute("update item set name = 'x'")).isFalse();
                assertThat(statement.getResultSet()).isNull();
            }
        });
    }
}
