package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Gate;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import net.ttddyy.dsproxy.proxy.jdk.JdkJdbcProxyFactory;
import net.ttddyy.dsproxy.support.ProxyDataSource;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Proxies that an application has already are watched from inside. */
@ResourceLock("unattributed queries")
class WatchingTests {

    @AutoClose
    final Database db = new Database();

    final AtomicInteger told = new AtomicInteger();

    private ProxyDataSourceBuilder own() {
        return ProxyDataSourceBuilder.create(db.pool()).afterQuery((execution, queries) -> told.incrementAndGet());
    }

    private String joinedName() {
        return db.name() + "-own";
    }

    /** How an application may have datasource-proxy. */
    enum Kind {
        CONCRETE {
            @Override
            DataSource of(ProxyDataSourceBuilder builder) {
                return builder.build();
            }
        },
        WITH_ITS_OWN_FACTORY {
            @Override
            DataSource of(ProxyDataSourceBuilder builder) {
                return builder.jdbcProxyFactory(new JdkJdbcProxyFactory() {}).build();
            }
        },
        INTERFACE {
            @Override
            DataSource of(ProxyDataSourceBuilder builder) {
                return builder.buildProxy();
            }
        };

        abstract DataSource of(ProxyDataSourceBuilder builder);
    }

    static Stream<Kind> listening() {
        return Stream.of(Kind.WITH_ITS_OWN_FACTORY, Kind.INTERFACE);
    }

    @ParameterizedTest
    @EnumSource
    void countsOnceAndTellsTheApplicationToo(Kind kind) {
        DataSource own = kind.of(own());

        assertThat(Watching.join(joinedName(), null, own)).isEqualTo(joinedName());

        assertThat(Recorder.watched(Operation.Kind.QUERY)).doesNotContain(joinedName());
        on(own).assertNumQueries(2, () -> {
            Database.names(own, Database.BY_ID, 1);
            Database.names(own, Database.BY_ID, 2);
        });
        assertThat(told).hasValue(2);
        assertThat(textOf(() -> on(own).assertNumQueries(0, () -> Database.names(own, Database.BY_ID, 7))))
                .contains("select name from item where id = ?", "[7]", "WatchingTests.java");
    }

    /** A listener is told of each statement of a batch, also where they differ in their values alone. */
    @ParameterizedTest
    @EnumSource
    void knowsWhatEachStatementDoes(Kind kind) {
        DataSource own = kind.of(own());
        Watching.join(joinedName(), null, own);

        QueryAssertions.assertQueries(
                QueryExpectation.exactly(1)
                        .and(QueryExpectation.exactly(1).reads().onTable("item"))
                        .and(QueryExpectation.none().onTable("orders")),
                () -> Database.names(own, Database.BY_ID, 1));
        QueryAssertions.assertQueries(
                QueryExpectation.exactly(1)
                        .and(QueryExpectation.exactly(2)
                                .inserts()
                                .onTable("item")
                                .statements()),
                () -> {
                    try (Connection connection = own.getConnection();
                            Statement statement = connection.createStatement()) {
                        statement.addBatch("insert into item (name) values ('1')");
                        statement.addBatch("insert into item (name) values ('2')");
                        statement.executeBatch();
                    }
                });
    }

    /** What is shown of values may be the same although they are not. */
    @ParameterizedTest
    @EnumSource
    void knowsValuesApartThatAreNotShown(Kind kind) {
        DataSource own = kind.of(own());
        Watching.join(joinedName(), null, own);
        String start = "a".repeat(100);

        assertThat(textOf(() -> QueryAssertions.assertNoNPlusOne(() -> Stream.of(start + "b", start + "c")
                        .map(value -> Database.names(own, "select id from item where name = ?", value))
                        .toList())))
                .contains("different values");
    }

    /** The rows of a batch differ where only their ends do, which are not shown. */
    @ParameterizedTest
    @EnumSource
    void knowsRowsOfBatchesApartThatAreNotShown(Kind kind) {
        DataSource own = kind.of(own());
        Watching.join(joinedName(), null, own);
        db.unseen("create table note (text varchar)");
        String start = "a".repeat(100);

        assertThat(textOf(() -> on(own).assertNoNPlusOne(() -> insertBatches(own, start + "b", start + "c"))))
                .contains("different values");
        on(own).assertNoNPlusOne(() -> insertBatches(own, start + "b", start + "b"));
    }

    private static void insertBatches(DataSource source, String... names) throws SQLException {
        for (String name : names) {
            insert(source, name, "x");
        }
    }

    private static void insert(DataSource source, String... names) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement("insert into note (text) values (?)")) {
            for (String name : names) {
                statement.setString(1, name);
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theApplicationIsToldOfTheParametersToo(Kind kind) {
        List<Object> seen = new ArrayList<>();
        DataSource own = kind.of(ProxyDataSourceBuilder.create(db.pool())
                .afterQuery((execution, queries) -> queries.forEach(query -> query.getParametersList()
                        .forEach(row -> row.forEach(set -> seen.add(List.of(set.getArgs())))))));

        Watching.join(joinedName(), null, own);
        Database.names(own, Database.BY_ID, 7);

        assertThat(seen).containsExactly(List.of(1, 7));
    }

    @ParameterizedTest
    @EnumSource
    void joinsOnce(Kind kind) {
        DataSource own = kind.of(own());

        Watching.join(joinedName(), null, own);

        assertThat(Watching.join("again", null, own)).isEqualTo(joinedName());
        on(own).assertNumQueries(1, () -> Database.names(own, Database.BY_ID, 1));
    }

    @ParameterizedTest
    @EnumSource
    void countsOnceAroundAWatchedDataSource(Kind kind) {
        DataSource own = kind.of(ProxyDataSourceBuilder.create(db.source()));

        Watching.join(joinedName(), null, own);

        on(own, db.source()).assertNumQueries(1, () -> Database.names(own, Database.BY_ID, 1));
        db.check().assertNumQueries(1, () -> Database.names(own, Database.BY_ID, 1));
    }

    @ParameterizedTest
    @EnumSource
    void countsABatchAsOneRoundTrip(Kind kind) {
        DataSource own = kind.of(own());
        Watching.join(joinedName(), null, own);

        String text = textOf(() -> on(own).assertNumQueries(0, () -> {
            try (Connection connection = own.getConnection();
                    PreparedStatement insert = connection.prepareStatement("insert into item (name) values (?)");
                    Statement plain = connection.createStatement()) {
                insert.executeBatch();
                for (String name : List.of("x", "y")) {
                    insert.setString(1, name);
                    insert.addBatch();
                }
                insert.executeBatch();
                plain.addBatch("delete from item where id = 100");
                plain.addBatch("delete from item where id = 101");
                plain.executeBatch();
            }
        }));

        assertThat(text)
                .startsWith("Expected 0 queries, but 2 ran")
                .contains(
                        "insert into item (name) values (?)",
                        "['x'] ['y']",
                        "delete from item where id = 100; delete from item where id = 101");
    }

    @ParameterizedTest
    @EnumSource
    void transactionControlIsNotCounted(Kind kind) {
        DataSource own = kind.of(own());
        Watching.join(joinedName(), null, own);

        on(own).assertNumQueries(0, () -> {
            try (Connection connection = own.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("COMMIT");
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void theDriversFailureReachesTheApplication(Kind kind) {
        DataSource own = kind.of(own());
        Watching.join(joinedName(), null, own);

        on(own).assertNumQueries(
                        1,
                        () -> assertThatThrownBy(() -> Database.names(own, "select cast(name as int) from item"))
                                .hasCauseInstanceOf(SQLException.class));
    }

    /** A recording that does not end makes all that the thread asks next a part of it. */
    @ParameterizedTest
    @EnumSource
    void aListenerThatThrowsHidesNothing(Kind kind) {
        for (boolean before : new boolean[] {true, false}) {
            DataSource own = kind.of(ProxyDataSourceBuilder.create(db.pool()).listener(new Throwing(before)));
            Watching.join(joinedName(), null, own);

            db.check().assertNumQueries(1, () -> {
                assertThatThrownBy(() -> Database.names(own, Database.BY_ID, 1)).hasMessage("of the application");
                db.name(1);
            });
        }
    }

    private record Throwing(boolean before) implements QueryExecutionListener {
        @Override
        public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {
            throwIf(before);
        }

        @Override
        public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {
            throwIf(!before);
        }

        private static void throwIf(boolean now) {
            if (now) {
                throw new IllegalStateException("of the application");
            }
        }
    }

    @Test
    void aConcretePassesGatesAndShowsTransactionControl() {
        ProxyDataSource own = own().build();
        Watching.join(joinedName(), null, own);

        assertThat(textOf(() -> on(own).assertNumQueries(1, () -> {
                    try (Connection connection = own.getConnection()) {
                        connection.setAutoCommit(false);
                        connection.commit();
                    }
                })))
                .contains("2 of transaction control: SET AUTOCOMMIT false, COMMIT");
        try (Scope refusing = refusing()) {
            assertThatThrownBy(() -> Database.names(own, Database.BY_ID, 1)).hasRootCauseMessage("refused");
            assertThat(refusing.journal().sql().count()).isEqualTo(1);
        }
    }

    /** It could only throw what the application does not expect, and the query would be sent all the same. */
    @ParameterizedTest
    @MethodSource("listening")
    void aListenerPassesNoGates(Kind kind) {
        DataSource own = kind.of(own());
        Watching.join(joinedName(), null, own);

        try (Scope refusing = refusing()) {
            assertThat(Database.names(own, Database.BY_ID, 1)).containsExactly("a");
            assertThat(refusing.journal().sql().count()).isEqualTo(1);
        }
    }

    private static Scope refusing() {
        return Scope.named("refusing").open().gate(operation -> Gate.Verdict.refuse("refused"));
    }

    /** What no scope owns is nothing to a test of another application, until that has the data source, too. */
    @Test
    void isAnotherApplicationsTooOnceThatHasIt() throws Exception {
        DataSource shops = Watching.watch(joinedName(), "watching: shop", db.pool());
        RunningTest office = RunningTest.undeclared("id", "OfficeTests > opens", "a run", Settings.current());
        office.runIn(Set.of("watching: office"));

        assertThat(unattributedTo(office, shops)).isEmpty();
        Watching.share("watching: shop", shops);
        assertThat(unattributedTo(office, shops)).isEmpty();
        Watching.share("watching: office", shops);
        assertThat(unattributedTo(office, shops))
                .containsExactly(Operation.Kind.QUERY, Operation.Kind.TRANSACTION, Operation.Kind.ESCAPE);
    }

    @Test
    void isAnotherApplicationsTooOnceThatJoinsIt() throws Exception {
        ProxyDataSource shops = own().build();
        Watching.join(joinedName(), "watching: shop", shops);
        RunningTest office = RunningTest.undeclared("id", "OfficeTests > joins", "a run", Settings.current());
        office.runIn(Set.of("watching: office"));

        assertThat(unattributedTo(office, shops)).isEmpty();
        Watching.join("again", "watching: office", shops);
        assertThat(unattributedTo(office, shops)).hasSize(3);
    }

    private List<Operation.Kind> unattributedTo(RunningTest test, DataSource source) throws Exception {
        try (Scope scope = Scope.named("test").root().test(test).open()) {
            FutureTask<Boolean> stranger = new FutureTask<>(() -> {
                try (Connection connection = source.getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("select 1");
                    connection.commit();
                    return connection.unwrap(JdbcConnection.class) != null;
                }
            });
            new Thread(stranger).start();
            assertThat(stranger.get(30, TimeUnit.SECONDS)).isTrue();
            return scope.journal().of(joinedName()::equals).unattributed().stream()
                    .map(Operation::kind)
                    .toList();
        }
    }

    @Test
    void aDataSourceThatIsNoProxyIsLeftAlone() {
        assertThat(Watching.join(joinedName(), null, db.pool())).isNull();
    }

    @Test
    void whatIsWatchedKeepsItsName() {
        assertThat(Watching.join(joinedName(), null, db.source())).isEqualTo(db.name());
    }

    /** As the proxies are that Spring makes. */
    @Test
    void aDataSourceIsKnownByWhatItUnwrapsTo() {
        on(new NestedWatchingTests.Delegating(db.source())).assertNumQueries(1, () -> db.name(1));
    }
}
