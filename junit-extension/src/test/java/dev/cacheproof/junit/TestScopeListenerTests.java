package dev.cacheproof.junit;

import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static dev.cacheproof.query.QueryAssertions.cold;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Journal;
import dev.cacheproof.Scope;
import dev.cacheproof.query.QueryCounter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Alone on the machine, as the counter-proof asks on threads that belong to no scope. */
@Isolated
class TestScopeListenerTests {

    private static final DataSource DATA_SOURCE = QueryCounter.watch("neighbours", h2());

    private static DataSource h2() {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL("jdbc:h2:mem:neighbours;DB_CLOSE_DELAY=-1");
        return dataSource;
    }

    private static int query(int times) {
        int sum = 0;
        try (Connection connection = DATA_SOURCE.getConnection();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < times; i++) {
                try (ResultSet result = statement.executeQuery("SELECT 1")) {
                    sum += result.next() ? result.getInt(1) : 0;
                }
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
        return sum;
    }

    private static void meet(CyclicBarrier meeting) {
        try {
            meeting.await(60, SECONDS);
        } catch (Exception alone) {
            throw new IllegalStateException("The other has not come", alone);
        }
    }

    @Test
    void eachTestCountsItsOwnQueries() {
        InnerSuite.of(ThreeTestCase.class, FiveTestCase.class)
                .onThreads(4)
                .launch()
                .allPass(4);
    }

    /** Without the listener, the tests are in no scope, and each sees what the other asks for as possibly its own. */
    @Test
    void eachTestWouldCountItsNeighboursQueriesWithoutTheListener() {
        InnerSuite suite =
                InnerSuite.of(ThreeTestCase.class, FiveTestCase.class).onThreads(4);

        Outcome outcome = suite.run();

        assertThat(outcome.tests()).hasSize(4);
        assertThat(outcome.failures()).isNotEmpty();
    }

    /** Two tests for each of two classes: all four query at the same time. */
    abstract static class QueryingTestCase {
        static final CyclicBarrier MEETING = new CyclicBarrier(4);

        abstract int queries();

        @Test
        void journal() {
            meet(MEETING);
            assertThat(query(queries())).isEqualTo(queries());
            meet(MEETING);
            Journal sql = Scope.current().orElseThrow().journal().sql();
            assertThat(sql.count()).isEqualTo(queries());
            assertThat(sql.unattributedCount()).isZero();
        }

        @Test
        void assertion() {
            assertNumQueries(queries(), () -> {
                meet(MEETING);
                assertThat(query(queries())).isEqualTo(queries());
                meet(MEETING);
            });
        }
    }

    static class ThreeTestCase extends QueryingTestCase {
        @Override
        int queries() {
            return 3;
        }
    }

    static class FiveTestCase extends QueryingTestCase {
        @Override
        int queries() {
            return 5;
        }
    }

    @Test
    void aClasssFixtureIsNotCountedForATestOfAnotherClass() {
        InnerSuite.of(FixtureTestCase.class, NeighbourTestCase.class)
                .onThreads(4)
                .launch()
                .allPass(2);
    }

    static final class Fixture {
        static final CyclicBarrier MEETING = new CyclicBarrier(2);

        private Fixture() {}
    }

    static class FixtureTestCase {
        @BeforeAll
        static void queries() {
            meet(Fixture.MEETING);
            assertThat(query(7)).isEqualTo(7);
            meet(Fixture.MEETING);
        }

        @Test
        void doesNotSeeTheFixture() {
            assertThat(Scope.current().orElseThrow().journal().sql().count()).isZero();
        }
    }

    static class NeighbourTestCase {
        @Test
        void countsNothing() {
            meet(Fixture.MEETING);
            meet(Fixture.MEETING);
            Journal sql = Scope.current().orElseThrow().journal().sql();
            assertThat(sql.count() + sql.unattributedCount()).isZero();
        }
    }

    @Test
    void publishesWhatAnAssertionFound() {
        InnerSuite suite = InnerSuite.of(ReportingTestCase.class).with("cacheproof.reports", "on");
        List<String> reported = suite.launch().allPass(3).reported("cacheproof.caching");

        assertThat(reported)
                .hasSize(3)
                .allSatisfy(text -> assertThat(text)
                        .isEqualTo("cold 1, warm 0 queries; met ReportingTestCase.MEMO (1 new entry [key])"));
        assertThat(suite.run().allPass(3).reported("cacheproof.caching"))
                .hasSize(2)
                .anySatisfy(text -> assertThat(text.lines()).hasSize(2));
        assertThat(InnerSuite.of(ReportingTestCase.class).launch().allPass(3).reported("cacheproof.caching"))
                .as("unasked")
                .isEmpty();
    }

    @CacheIsolation
    static class ReportingTestCase {
        @RegisterCache
        static final Map<String, Integer> MEMO = new ConcurrentHashMap<>();

        private static void isCached() {
            assertThat(assertCaching(cold(1).warm(0), () -> MEMO.computeIfAbsent("key", key -> query(1))))
                    .isEqualTo(1);
        }

        @Test
        void test() {
            isCached();
        }

        @TestFactory
        Stream<DynamicTest> dynamic() {
            return Stream.of("a", "b").map(name -> DynamicTest.dynamicTest(name, ReportingTestCase::isCached));
        }
    }

    @Test
    void offLetsWrongNumbersPass() {
        InnerSuite.of(WrongNumberTestCase.class).launch().someFail(1, 1);
        InnerSuite.of(WrongNumberTestCase.class).off().launch().allPass(1);
        InnerSuite.of(WrongNumberTestCase.class)
                .with("cacheproof.mode", "report")
                .launch()
                .allPass(1);
    }

    static class WrongNumberTestCase {
        @Test
        void expectsTooMany() {
            assertNumQueries(2, () -> query(1));
        }
    }

    /** A suite inside of a test has scopes of its own, and leaves the test's as it was. */
    @Test
    void aSuiteInsideATestStaysOutsideOfItsScope() {
        Scope mine = Scope.current().orElseThrow();
        assertThat(mine.name()).isEqualTo("TestScopeListenerTests > aSuiteInsideATestStaysOutsideOfItsScope()");

        EngineTestKit.engine("junit-jupiter")
                .selectors(org.junit.platform.engine.discovery.DiscoverySelectors.selectClass(IsolatedTestCase.class))
                .execute()
                .testEvents()
                .assertStatistics(statistics -> statistics.succeeded(1));
        Launcher launcher = LauncherFactory.create(LauncherConfig.builder().build());
        Outcome.Listener listener = new Outcome.Listener();
        launcher.execute(InnerSuite.of(IsolatedTestCase.class).discoveryRequest(), listener);
        listener.outcome().allPass(1);

        assertThat(Scope.current()).containsSame(mine);
        assertThat(mine.journal().sql().count()).isZero();
        assertThat(mine.reports()).isEmpty();
    }

    @CacheIsolation
    static class IsolatedTestCase {
        @RegisterCache
        static final Map<String, Integer> MEMO = new ConcurrentHashMap<>();

        @Test
        void test() {
            assertThat(Scope.current().orElseThrow().name()).isEqualTo("IsolatedTestCase > test()");
            assertThat(query(1)).isEqualTo(1);
        }
    }
}
