package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.query.WatchedDataSource.Seam;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What a driver's result set can do, a watched one can. */
@ResourceLock(value = "unattributed queries", mode = ResourceAccessMode.READ) // it asks outside of scopes, too
class WatchedResultSetTests {

    @AutoClose
    final Database db = new Database();

    private final Seam seam = new Seam(db.name(), null);
    private final Driver driver = new Driver();
    private final Statement statement = driver.stub(Statement.class);
    private final ResultSet watched = WatchedResultSet.of(driver.results, statement, seam, () -> "select 1");

    /** A driver that knows what it was asked last, and has an answer of its own for each question. */
    private static final class Driver {
        final ResultSet results = stub(ResultSet.class);
        final Statement statement = stub(Statement.class);
        final List<@Nullable Object> asked = new ArrayList<>();

        @Nullable
        Object answer;

        <T> T stub(Class<T> type) {
            return type.cast(
                    Proxy.newProxyInstance(Driver.class.getClassLoader(), new Class<?>[] {type}, this::answer));
        }

        private @Nullable Object answer(Object proxy, Method method, @Nullable Object @Nullable [] args) {
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "equals" -> isSame(proxy, args);
                    case "hashCode" -> 1;
                    default -> "the driver's";
                };
            }
            asked.clear();
            asked.add(method);
            if (args != null) {
                asked.addAll(Arrays.asList(args));
            }
            return answer;
        }

        @SuppressWarnings("ReferenceEquality") // one stub is one object
        private static boolean isSame(Object proxy, @Nullable Object @Nullable [] args) {
            return args != null && proxy == args[0];
        }
    }

    @Test
    void passesEachMethodOfThisJdkOn() throws Exception {
        int passed = 0;
        for (Method method : ResultSet.class.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers())) {
                @Nullable Object[] args = argumentsOf(method);
                driver.answer = answerOf(method.getReturnType());
                Object expected = method.getName().equals("getStatement") ? statement : driver.answer;
                List<@Nullable Object> asked = new ArrayList<>(List.of(method));
                asked.addAll(Arrays.asList(args));

                Object answer = method.invoke(watched, args);
                if (method.getReturnType().isPrimitive()) {
                    assertThat(answer).as(method.toString()).isEqualTo(expected);
                } else {
                    assertThat(answer).as(method.toString()).isSameAs(expected);
                }
                assertThat(driver.asked).as(method.toString()).isEqualTo(asked);
                passed++;
            }
        }
        assertThat(passed).isGreaterThan(190);
    }

    /** No two alike, so that none can stand in another one's place. */
    private static @Nullable Object[] argumentsOf(Method method) {
        Class<?>[] types = method.getParameterTypes();
        @Nullable Object[] args = new @Nullable Object[types.length];
        for (int i = 0; i < args.length; i++) {
            args[i] = types[i] == String.class
                    ? "argument " + i
                    : types[i] == Class.class ? Thread.class : number(types[i], i);
        }
        return args;
    }

    private @Nullable Object answerOf(Class<?> type) {
        if (type == boolean.class) {
            return true;
        }
        if (type == String.class) {
            return "the driver's answer";
        }
        return type.isInterface() ? driver.stub(type) : number(type, 42);
    }

    private static @Nullable Object number(Class<?> type, int number) {
        return switch (type.getName()) {
            case "boolean" -> number % 2 == 0;
            case "byte" -> (byte) number;
            case "short" -> (short) number;
            case "int" -> number;
            case "long" -> (long) number;
            case "float" -> (float) number;
            case "double" -> (double) number;
            default -> null;
        };
    }

    /** The JDK's own body of a method that is not known here would answer in the driver's place. */
    @Test
    void passesAMethodOnThatIsNotKnownHere() throws Exception {
        Set<Method> later = Set.of(ResultSet.class.getMethod("getStatement"));
        ResultSet passing = WatchedResultSet.passingOn(later, (ForwardingResultSet) watched);
        driver.answer = driver.statement;

        assertThat(watched.getStatement()).isSameAs(statement);
        assertThat(passing.getStatement()).isSameAs(driver.statement);
        assertThat(passing.isWrapperFor(ResultSet.class)).isTrue();
        assertThat(passing.unwrap(ResultSet.class)).isSameAs(passing);
        assertThat(passing).isNotEqualTo(watched);
        assertThat(Set.of(passing)).contains(passing);
        driver.answer = "x";
        assertThat(passing.getString(1)).isEqualTo("x");
    }

    @Test
    void failsWithTheDriversOwnExceptionThere() throws Exception {
        try (ResultSet closed = db.pool().getConnection().createStatement().executeQuery("select 1")) {
            ForwardingResultSet own =
                    (ForwardingResultSet) WatchedResultSet.of(closed, statement, seam, () -> "select 1");
            ResultSet passing = WatchedResultSet.passingOn(Set.of(ResultSet.class.getMethod("getHoldability")), own);

            assertThatThrownBy(() -> passing.getString(7)).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void hasNoStatementWhereTheDriverHasNone() throws SQLException {
        driver.answer = null;

        assertThat(watched.getStatement()).isNull();
    }

    @Test
    void watchesACursorThatIsAColumn() {
        ResultSet cursor = driver.stub(ResultSet.class);

        for (Read read : List.<Read>of(
                rows -> rows.getObject(1),
                rows -> rows.getObject("c"),
                rows -> rows.getObject(1, Map.of()),
                rows -> rows.getObject("c", Map.of()),
                rows -> rows.getObject(1, ResultSet.class),
                rows -> rows.getObject("c", ResultSet.class))) {
            assertThat(textOf(() -> db.check().assertNumQueries(0, () -> {
                        driver.answer = cursor;
                        ResultSet column = (ResultSet) read.of(watched);
                        driver.answer = driver.statement;
                        column.getStatement();
                    })))
                    .contains("escape   getStatement() of a result set of metadata");
        }
    }

    private interface Read {
        Object of(ResultSet rows) throws SQLException;
    }

    /** A class of the driver's cannot be watched. */
    @Test
    void tellsOfACursorThatIsTakenAsTheDrivers() {
        ResultSet cursor = driver.stub(ResultSet.class);
        driver.answer = cursor;

        assertThat(textOf(() -> db.check()
                        .assertNumQueries(
                                0,
                                () -> assertThat(watched.getObject(1, cursor.getClass()))
                                        .isSameAs(cursor))))
                .contains("escape   getObject(" + cursor.getClass().getName() + ")");
    }

    /** Who takes a result set before a block, and its statement in it, must not work unseen there. */
    @Test
    void isWatchedAlsoIfItWasMadeWhileNobodyLooked() throws SQLException {
        try (ResultSet before = db.connect().createStatement().executeQuery("select 1")) {
            db.check().assertNumQueries(1, () -> before.getStatement().executeQuery("select 2"));
        }
    }
}
