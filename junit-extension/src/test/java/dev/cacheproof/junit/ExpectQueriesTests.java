package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.query.QueryCounter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectQueriesTests {

    private static void query(int times) {
        query(Watched.DATA_SOURCE, times);
    }

    private static void query(DataSource dataSource, int times) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < times; i++) {
                statement.executeQuery("SELECT 1").close();
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static DataSource h2() {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL("jdbc:h2:mem:expected");
        return dataSource;
    }

    /** Apart, so that a process that does not need it watches nothing. */
    private static final class Watched {
        static final DataSource DATA_SOURCE = QueryCounter.watch("expected", h2());
    }

    @Test
    void countsTheBodyAlone() {
        InnerSuite suite = InnerSuite.of(FixtureTestCase.class, IsolatedFixtureTestCase.class);

        suite.run().allPass(14);
        suite.launch().allPass(14);
    }

    static class FixtureTestCase {
        @BeforeEach
        void prepare() {
            query(7);
        }

        @AfterEach
        void cleanUp() {
            query(7);
        }

        @Test
        @ExpectQueries(2)
        void exactly() {
            query(2);
        }

        @Test
        @ExpectQueries(0)
        void none() {}

        @Test
        @ExpectQueries(atMost = 2)
        void atMost() {
            query(1);
        }

        @Test
        @ExpectQueries(atLeast = 2)
        void atLeast() {
            query(3);
        }

        @Test
        @ExpectQueries(atLeast = 1, atMost = 3)
        void between() {
            query(3);
        }

        @Test
        @ExpectQueries(2)
        @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
        void onAnotherThread() {
            query(2);
        }

        @Nested
        class Inner {
            @Test
            @ExpectQueries(1)
            void inner() {
                query(1);
            }
        }
    }

    @CacheIsolation
    static class IsolatedFixtureTestCase extends FixtureTestCase {
        @RegisterCache
        static final Map<String, String> MEMO = new ConcurrentHashMap<>();
    }

    @Test
    void countsEachInvocationApart() {
        InnerSuite suite = InnerSuite.of(TemplatesTestCase.class);

        suite.run().someFail(1, 5);
        assertThat(suite.launch().someFail(1, 5).failureOf("[2] 2"))
                .hasMessageStartingWith(
                        "Expected at most 1 query, but 2 ran in the test TemplatesTestCase.parameterized()");
    }

    static class TemplatesTestCase {
        @RepeatedTest(3)
        @ExpectQueries(2)
        void repeated() {
            query(2);
        }

        @ParameterizedTest(name = "[{index}] {0}")
        @ValueSource(ints = {1, 2})
        @ExpectQueries(atMost = 1)
        void parameterized(int queries) {
            query(queries);
        }
    }

    @Test
    void failsWithTheTextOfAssertNumQueries() {
        InnerSuite suite = InnerSuite.of(WrongTestCase.class, IsolatedWrongTestCase.class);

        for (Outcome outcome : List.of(suite.run(), suite.launch())) {
            outcome.someFail(10, 10);
            assertThat(outcome.failures())
                    .allSatisfy(ended -> assertThat(ended.failure())
                            .isInstanceOf(AssertionError.class)
                            .hasMessageContaining("2x SELECT 1"));
            assertThat(outcome.failureOf("exactly()"))
                    .hasMessageStartingWith("Expected 1 query, but 2 ran in the test ");
            assertThat(outcome.failureOf("atMost()"))
                    .hasMessageStartingWith("Expected at most 1 query, but 2 ran in the test ");
            assertThat(outcome.failureOf("atLeast()"))
                    .hasMessageStartingWith("Expected at least 3 queries, but 2 ran in the test ");
            assertThat(outcome.failureOf("between()"))
                    .hasMessageStartingWith("Expected 3 to 4 queries, but 2 ran in the test ");
            assertThat(outcome.failureOf("onAnotherThread()"))
                    .hasMessageStartingWith("Expected 0 queries, but 2 ran in the test ");
        }
    }

    static class WrongTestCase {
        @Test
        @ExpectQueries(1)
        void exactly() {
            query(2);
        }

        @Test
        @ExpectQueries(atMost = 1)
        void atMost() {
            query(2);
        }

        @Test
        @ExpectQueries(atLeast = 3)
        void atLeast() {
            query(2);
        }

        @Test
        @ExpectQueries(atLeast = 3, atMost = 4)
        void between() {
            query(2);
        }

        @Test
        @ExpectQueries(0)
        @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
        void onAnotherThread() {
            query(2);
        }
    }

    @CacheIsolation
    static class IsolatedWrongTestCase extends WrongTestCase {
        @RegisterCache
        static final Map<String, String> MEMO = new ConcurrentHashMap<>();
    }

    @Test
    void theTestsOwnExceptionWins() {
        assertThat(InnerSuite.of(ThrowingTestCase.class).launch().onlyFailure())
                .isExactlyInstanceOf(Exception.class)
                .hasMessage("its own");
    }

    static class ThrowingTestCase {
        @Test
        @ExpectQueries(0)
        void throwsItsOwn() throws Exception {
            query(1);
            throw new Exception("its own");
        }
    }

    @Test
    void refusesWhatCannotBeMeant() {
        Outcome outcome = InnerSuite.of(BadInputTestCase.class).run().someFail(5, 5);

        assertThat(outcome.failureOf("negative()")).hasMessage("""
                @ExpectQueries on negative has value = -1, which must not be negative. Write @ExpectQueries(3), \
                @ExpectQueries(atMost = 3), @ExpectQueries(atLeast = 1), or atLeast and atMost.""");
        assertThat(outcome.failureOf("negativeBound()"))
                .hasMessageContaining("on negativeBound has atMost = -2, which must not be negative");
        assertThat(outcome.failureOf("upsideDown()"))
                .hasMessageContaining("on upsideDown has atMost = 1, which is below atLeast = 2");
        assertThat(outcome.failureOf("empty()")).hasMessageContaining("on empty gives no number");
        assertThat(outcome.failureOf("both()")).hasMessageContaining("on both gives both an exact number and bounds");
        assertThat(outcome.failures())
                .allSatisfy(ended -> assertThat(ended.failure()).isInstanceOf(IllegalArgumentException.class));
    }

    static class BadInputTestCase {
        @Test
        @ExpectQueries(-1)
        void negative() {}

        @Test
        @ExpectQueries(atMost = -2)
        void negativeBound() {}

        @Test
        @ExpectQueries(atLeast = 2, atMost = 1)
        void upsideDown() {}

        @Test
        @ExpectQueries
        void empty() {}

        @Test
        @ExpectQueries(value = 1, atMost = 1)
        void both() {}
    }

    @Test
    void refusesAFactory() {
        Outcome outcome = InnerSuite.of(FactoryTestCase.class).run();

        assertThat(outcome.brokenContainers())
                .singleElement()
                .satisfies(ended -> assertThat(ended.failure())
                        .hasMessage(
                                "@ExpectQueries on factory counts nothing: the dynamic tests of a @TestFactory run after it."
                                        + " Use assertNumQueries in each."));
    }

    static class FactoryTestCase {
        @TestFactory
        @ExpectQueries(1)
        Stream<DynamicTest> factory() {
            return Stream.of(DynamicTest.dynamicTest("dynamic", () -> query(1)));
        }
    }

    @Test
    void saysInReportModeWhatWouldFail() {
        InnerSuite suite =
                InnerSuite.of(WrongTestCase.class, IsolatedWrongTestCase.class).with("cacheproof.mode", "report");

        for (Outcome outcome : List.of(suite.run(), suite.launch())) {
            assertThat(outcome.allPass(10).reported("cacheproof.wouldFail"))
                    .hasSize(10)
                    .allMatch(text -> text.contains("2x SELECT 1"));
        }
    }

    @Test
    void countsNothingWhereItIsSwitchedOff() {
        InnerSuite suite =
                InnerSuite.of(WrongTestCase.class, IsolatedWrongTestCase.class).off();

        assertThat(suite.run().allPass(10).reports()).isEmpty();
        assertThat(suite.launch().allPass(10).reports()).isEmpty();
    }

    @Test
    void tellsWhatItCountedWhereThatIsWanted() {
        InnerSuite suite = InnerSuite.of(TemplatesTestCase.class).with("cacheproof.reports", "on");

        assertThat(suite.run().reported("cacheproof.queries")).containsExactlyInAnyOrder("2", "2", "2", "1");
        assertThat(suite.launch().reported("cacheproof.queries")).containsExactlyInAnyOrder("2", "2", "2", "1");
    }

    @Test
    void failsWhereNoDataSourceIsWatched() {
        assertThat(FreshProcess.call(NothingWatched.class)).containsExactly("""
                No data source is watched, so the queries of the test UnwatchedTestCase.queries() cannot be counted

                  What to do: give the code under test QueryCounter.watch(dataSource) instead of its data source.""");
    }

    public static final class NothingWatched implements Callable<List<String>> {
        @Override
        public List<String> call() {
            return List.of(String.valueOf(InnerSuite.of(UnwatchedTestCase.class)
                    .launch()
                    .onlyFailure()
                    .getMessage()));
        }
    }

    static class UnwatchedTestCase {
        @Test
        @ExpectQueries(0)
        void queries() {
            query(h2(), 1);
        }
    }
}
