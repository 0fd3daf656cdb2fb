package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static dev.cacheproof.query.QueryAssertions.on;
import static dev.cacheproof.query.QueryAssertions.threads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.opentest4j.AssertionFailedError;

/** These count all data sources, so no other test may leave queries unattributed meanwhile. */
@ResourceLock(value = "unattributed queries", mode = ResourceAccessMode.READ)
class QueryAssertionsTests {

    @AutoClose
    final Database db = new Database();

    @AutoClose
    final Database other = new Database();

    @Test
    void passesOnTheExactNumber() {
        assertNumQueries(0, () -> {});
        assertNumQueries(1, () -> db.execute("select 1"));
        assertNumQueries(3, () -> {
            db.name(1);
            db.name(2);
            other.name(1);
        });
    }

    @Test
    void failsOnMore() {
        assertThat(textOf(() -> assertNumQueries(1, () -> {
                    db.name(1);
                    other.name(2);
                })))
                .startsWith("Expected 1 query, but 2 ran in the block at (QueryAssertionsTests.java:");
    }

    @Test
    void failsOnFewer() {
        assertThat(textOf(() -> assertNumQueries(2, () -> db.name(1)))).startsWith("Expected 2 queries, but 1 ran");
        assertThat(textOf(() -> assertNumQueries(1, () -> {}))).startsWith("Expected 1 query, but 0 ran");
    }

    @Test
    void carriesBothNumbersInItsFailure() {
        assertThatExceptionOfType(AssertionFailedError.class)
                .isThrownBy(() -> assertNumQueries(2, () -> db.name(1)))
                .satisfies(failure -> {
                    assertThat(failure.getExpected().getValue()).isEqualTo(2);
                    assertThat(failure.getActual().getValue()).isEqualTo("1");
                });
    }

    @Test
    void returnsWhatTheBlockReturns() {
        String name = assertNumQueries(1, () -> db.name(2));
        List<String> names = assertNumQueries(db.source(), 1, () -> db.names("select name from item order by id"));

        assertThat(name).isEqualTo("b");
        assertThat(names).containsExactly("a", "b", "c", "d", "e");
        assertThat(assertNumQueries(0, () -> (Object) Map.of())).isEqualTo(Map.of());
    }

    @Test
    void takesLambdasThatReturnSomethingOrNothing() {
        assertNumQueries(1, () -> db.execute("select 1"));
        assertNumQueries(1, () -> {
            db.execute("select 1");
        });
        assertNumQueries(1, () -> db.name(1));
        assertNumQueries(1, () -> {
            return db.name(1);
        });
        assertNumQueries(db.source(), 1, () -> db.execute("select 1"));
        assertNumQueries(db.source(), 1, () -> db.name(1));
        assertThatThrownBy(() -> assertNumQueries(1, () -> {
                    throw new IOException("neither");
                }))
                .isInstanceOf(IOException.class);
    }

    @Test
    void countsTheQueriesOfABlockInsideForTheBlockAroundItToo() {
        String name = assertNumQueries(3, () -> {
            db.name(1);
            return assertNumQueries(1, () -> db.name(2)) + assertNumQueries(1, () -> db.name(3));
        });

        assertThat(name).isEqualTo("bc");
        assertThat(textOf(() -> assertNumQueries(0, () -> assertNumQueries(1, () -> db.name(1)))))
                .startsWith("Expected 0 queries, but 1 ran");
    }

    @Test
    void letsTheFailureOfABlockInsideThrough() {
        assertThat(textOf(() -> assertNumQueries(9, () -> assertNumQueries(2, () -> db.name(1)))))
                .startsWith("Expected 2 queries, but 1 ran");
    }

    @Test
    void letsTheBlocksOwnExceptionWin() {
        IOException checked = new IOException("disk");
        Error error = new StackOverflowError("deep");

        assertThatThrownBy(() -> assertNumQueries(7, () -> {
                    db.name(1);
                    throw checked;
                }))
                .isSameAs(checked)
                .hasNoSuppressedExceptions();
        assertThatThrownBy(() -> assertNumQueries(7, (Block) () -> {
                    throw error;
                }))
                .isSameAs(error);
    }

    @Test
    void leavesNoScopeBehind() {
        assertThatThrownBy(() -> assertNumQueries(1, () -> {
                    throw new IOException();
                }))
                .isInstanceOf(IOException.class);
        textOf(() -> assertNumQueries(1, () -> {}));
        assertNumQueries(0, () -> {});

        assertThat(Scope.current()).isEmpty();
    }

    @Test
    void countsOneDataSourceOfTwo() {
        Block block = () -> {
            db.name(1);
            other.name(1);
            other.name(2);
        };

        on(db.source()).assertNumQueries(1, block);
        on(other.source()).assertNumQueries(2, block);
        on(db.source(), other.source()).assertNumQueries(3, block);
        assertNumQueries(other.source(), 2, block);
        assertThat(textOf(() -> on(db.source()).assertNumQueries(3, block)))
                .contains("Expected 3 queries, but 1 ran", "counted on   " + db.name());
    }

    @Test
    void countsDataSourcesOfOneNameTogether() {
        DataSource again = QueryCounter.watch(db.name(), other.pool());

        on(again).assertNumQueries(2, () -> {
            db.name(1);
            Database.names(again, Database.BY_ID, 1);
        });
    }

    @Test
    void refusesADataSourceThatIsNotWatched() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> on(db.source(), db.pool()))
                .withMessageStartingWith("dataSource HikariDataSource")
                .withMessageContaining("is not watched. Give the assertion, and the code under test, what"
                        + " QueryCounter.watch(dataSource) returned. Watched so far: ");
        assertThatIllegalArgumentException().isThrownBy(() -> assertNumQueries(db.pool(), 0, () -> {}));
        assertThatIllegalArgumentException()
                .isThrownBy(QueryAssertions::on)
                .withMessage("dataSources must name at least one data source, but is empty");
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is tried
    void namesTheParameterThatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertNumQueries(-1, () -> {}))
                .withMessage("expected must not be negative, but is -1");
        assertThatNullPointerException()
                .isThrownBy(() -> assertNumQueries(1, (Callable<String>) null))
                .withMessage("block must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> assertNumQueries(1, (Block) null))
                .withMessage("block must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> on((DataSource[]) null))
                .withMessage("dataSources must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> db.check().details(9))
                .withMessage("details must be at least 10, but is 9");
        assertThatNullPointerException()
                .isThrownBy(() -> db.check().because(null))
                .withMessage("reason must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> db.check().ignoring(null))
                .withMessage("threads must not be null");
        assertThatNullPointerException().isThrownBy(() -> threads(null)).withMessage("pattern must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> threads(" "))
                .withMessage("pattern must be such as scheduling-*, but is blank");
        assertThatNullPointerException()
                .isThrownBy(() -> QueryCounter.watch(null))
                .withMessage("dataSource must not be null");
        assertThatNullPointerException()
                .isThrownBy(() -> QueryCounter.watch(null, db.pool()))
                .withMessage("name must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueryCounter.watch(" ", db.pool()))
                .withMessage("name must not be blank");
    }

    @Test
    void doesNotRunTheBlockWhenAParameterIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertNumQueries(-1, () -> db.execute("delete from item")));

        assertThat(db.rows()).isEqualTo(5);
    }

    @Test
    void showsTheReasonForTheNumber() {
        assertThat(textOf(() -> db.check().because("one query per page").assertNumQueries(2, () -> db.name(1))))
                .contains("\n  because     one query per page\n");
    }

    @Test
    void givesDataSourcesNamesOfTheirOwn() {
        DataSource first = QueryCounter.watch(db.pool());
        DataSource second = QueryCounter.watch(other.pool());

        assertThat(first).asString().startsWith("watched data source \"dataSource");
        assertThat(second.toString()).isNotEqualTo(first.toString());
        on(first).assertNumQueries(1, () -> {
            Database.names(first, Database.BY_ID, 1);
            Database.names(second, Database.BY_ID, 1);
        });
    }

    @Test
    void onlyRunsTheBlockInOffMode() throws Exception {
        try (Scope scope = in(Settings.Mode.OFF)) {
            assertThat(assertNumQueries(7, () -> db.name(1))).isEqualTo("a");
            assertThat(on(db.pool()).assertNumQueries(7, () -> db.name(1))).isEqualTo("a");
            assertThat(QueryCounter.watch(other.pool())).isSameAs(other.pool());
            assertThat(scope.reports()).isEmpty();
        }
    }

    @Test
    void leavesAReportInsteadOfAFailureInReportMode() throws Exception {
        try (Scope scope = in(Settings.Mode.REPORT)) {
            assertThat(assertNumQueries(db.source(), 7, () -> db.name(1))).isEqualTo("a");
            assertNumQueries(db.source(), 1, () -> db.name(1));

            assertThat(scope.reports()).containsOnlyKeys("cacheproof.wouldFail", "cacheproof.queries");
            assertThat(scope.reports().get("cacheproof.wouldFail"))
                    .startsWith("Expected 7 queries, but 1 ran")
                    .doesNotContain("Expected 1 query");
        }
    }

    private static Scope in(Settings.Mode mode) {
        Settings settings =
                Settings.resolve(name -> name.equals("cacheproof.mode") ? Optional.of(mode.name()) : Optional.empty());
        return Scope.named("test")
                .root()
                .test(RunningTest.claiming("id", "test", new Object(), Set.of(), settings))
                .open();
    }

    @Test
    void showsWhatWentElsewhere() {
        assertThat(textOf(() -> db.check().assertNumQueries(1, () -> other.name(1))))
                .contains(
                        "counted on   " + db.name(),
                        "not counted  1 query on " + other.name(),
                        "What to do: what the block did ask went elsewhere, as is shown above")
                .doesNotContain("not watched");
    }
}
