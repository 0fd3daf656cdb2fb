package dev.cacheproof.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Journal;
import dev.cacheproof.Operation;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ParametersTests {

    @AutoClose
    final Database db = new Database();

    private interface Work {
        void on(PreparedStatement statement) throws SQLException;
    }

    /** Returns the parameters of each query. */
    private List<String> parametersOf(Settings settings, String sql, Work work) throws SQLException {
        RunningTest test = RunningTest.claiming("id", "test", new Object(), Set.of(), settings);
        try (Scope scope = Scope.named("test").root().test(test).open();
                Connection connection = db.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            work.on(statement);
            return scope.journal().sql().operations().stream()
                    .map(Operation::parameters)
                    .toList();
        }
    }

    private static Settings values(Settings.Values values) {
        return Settings.resolve(
                name -> name.equals("cacheproof.values") ? Optional.of(values.name()) : Optional.empty());
    }

    private List<String> parametersOf(String sql, Work work) throws SQLException {
        return parametersOf(values(Settings.Values.SHOWN), sql, work);
    }

    private static final String THREE = "select cast(? as varchar), cast(? as varchar), cast(? as varchar)";
    private static final String INSERT = "insert into item (name, id) values (?, ?)";

    @Test
    void areShownInTheirOrder() throws SQLException {
        assertThat(parametersOf(THREE, statement -> {
                    statement.setInt(3, 7);
                    statement.setString(1, "it's");
                    statement.setObject(2, 1.5);
                    statement.executeQuery();
                }))
                .containsExactly("['it's', 1.5, 7]");
    }

    @Test
    void showNullsBytesAndStreams() throws SQLException {
        assertThat(parametersOf("select ?, ?, ?", statement -> {
                    statement.setNull(1, Types.VARCHAR);
                    statement.setString(2, null);
                    statement.setNull(3, Types.VARCHAR, "varchar");
                    statement.executeQuery();
                    statement.setBytes(1, new byte[] {1});
                    statement.setBytes(2, new byte[2]);
                    statement.setObject(3, null);
                    statement.executeQuery();
                    statement.setCharacterStream(1, new StringReader("x"));
                    statement.setBinaryStream(2, new ByteArrayInputStream(new byte[1]), 1);
                    statement.executeQuery();
                }))
                .containsExactly("[null, null, null]", "[1 byte, 2 bytes, null]", "[a stream, a stream, null]");
        assertThat(parametersOf("select ?", statement -> {
                    statement.setObject(1, new Object[] {1, 2});
                    statement.executeQuery();
                }))
                .containsExactly("[[1, 2]]");
    }

    @Test
    void areShortened() throws SQLException {
        assertThat(parametersOf("select ?", statement -> {
                    statement.setString(1, "x".repeat(200));
                    statement.executeQuery();
                }))
                .containsExactly("['" + "x".repeat(60) + "...']");
    }

    @Test
    void areEmptyWhereThereAreNone() throws SQLException {
        assertThat(parametersOf("select 1", statement -> {
                    statement.setFetchSize(10);
                    statement.setMaxRows(7);
                    statement.setQueryTimeout(3);
                    statement.setPoolable(true);
                    statement.executeQuery();
                }))
                .containsExactly("");
    }

    private static Parameters set(Object... values) {
        Parameters parameters = new Parameters();
        for (int i = 0; i < values.length; i++) {
            set(parameters, i + 1, values[i]);
        }
        return parameters;
    }

    private static void set(Parameters parameters, int position, @Nullable Object value) {
        try {
            parameters.note(
                    PreparedStatement.class.getMethod("setObject", int.class, Object.class),
                    new Object[] {position, value});
        } catch (NoSuchMethodException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static final class Unhashable {
        @Override
        public int hashCode() {
            throw new IllegalStateException("not loaded");
        }
    }

    /** What is shown of values may be the same although they are not. */
    @Test
    void haveAHashThatKnowsThemApart() {
        assertThat(set("a", "b").currentHash())
                .isEqualTo(set("a", "b").currentHash())
                .isNotEqualTo(set("b", "a").currentHash());
        assertThat(set((Object) new byte[] {1}).currentHash())
                .isEqualTo(set((Object) new byte[] {1}).currentHash())
                .isNotEqualTo(set((Object) new byte[] {2}).currentHash());
        assertThat(set("Aa").currentHash()).isNotEqualTo(set("BB").currentHash());
        assertThat(set((Object) new Object[] {"Aa", 1}).currentHash())
                .isEqualTo(set((Object) new Object[] {"Aa", 1}).currentHash())
                .isNotEqualTo(set((Object) new Object[] {"BB", 1}).currentHash());
        assertThat(set((Object) new int[] {1, 2}).currentHash())
                .isEqualTo(set((Object) new int[] {1, 2}).currentHash())
                .isNotEqualTo(set((Object) new int[] {2, 1}).currentHash());
        assertThat(set(1L << 32).currentHash()).isNotEqualTo(set(1L).currentHash());
        assertThat(set(new UUID(0, 1)).currentHash())
                .isNotEqualTo(set(new UUID(1, 0)).currentHash());
        assertThat(set(1, 2).currentHash()).isNotEqualTo(set(2, 1).currentHash());
        Unhashable value = new Unhashable();
        assertThat(set(value).currentHash())
                .isEqualTo(set(value).currentHash())
                .isNotEqualTo(set(new Unhashable()).currentHash());
    }

    @Test
    void haveAHashOfAllRowsSinceTheyWereCleared() {
        assertThat(rowsHash(set(), "a", "x"))
                .isEqualTo(rowsHash(set(), "a", "x"))
                .isNotEqualTo(rowsHash(set(), "b", "x"));
        Parameters used = set();
        rowsHash(used, "b");
        used.clearRows();
        assertThat(rowsHash(used, "a", "x")).isEqualTo(rowsHash(set(), "a", "x"));
    }

    private static long rowsHash(Parameters parameters, String... rows) {
        for (String row : rows) {
            set(parameters, 1, row);
            parameters.addRow();
        }
        return parameters.rowsHash();
    }

    @Test
    void stayForTheRowsThatFollow() throws SQLException {
        assertThat(parametersOf(INSERT, statement -> {
                    statement.setString(1, "same");
                    for (int id = 10; id <= 12; id++) {
                        statement.setInt(2, id);
                        statement.addBatch();
                    }
                    statement.executeBatch();
                }))
                .containsExactly("['same', 10] ['same', 11] ['same', 12]");
    }

    /** JDBC keeps them; datasource-proxy forgets them with the batch. */
    @Test
    void stayForTheBatchesAndExecutionsThatFollow() throws SQLException {
        assertThat(parametersOf(INSERT, statement -> {
                    statement.setString(1, "same");
                    for (int id = 10; id <= 11; id++) {
                        statement.setInt(2, id);
                        statement.addBatch();
                        statement.executeBatch();
                    }
                    statement.setInt(2, 12);
                    statement.executeUpdate();
                }))
                .containsExactly("['same', 10]", "['same', 11]", "['same', 12]");
        assertThat(db.names("select count(*) from item where name = 'same'")).containsExactly("3");
    }

    @Test
    void areGoneWhenTheyAreCleared() throws SQLException {
        assertThat(parametersOf(INSERT, statement -> {
                    statement.setString(1, "x");
                    statement.setInt(2, 10);
                    statement.addBatch();
                    statement.clearBatch();
                    statement.clearParameters();
                    statement.setInt(2, 11);
                    assertThatThrownBy(statement::executeUpdate).isInstanceOf(SQLException.class);
                    statement.setString(1, "y");
                    statement.addBatch();
                    statement.executeBatch();
                }))
                .containsExactly("[11]", "['y', 11]");
    }

    /** They are rendered when somebody looks, and the code under test may use its objects for something else meanwhile. */
    @Test
    void areThoseThatWereSentThoughTheirObjectsHaveChanged() throws SQLException {
        Timestamp time = new Timestamp(0);
        String epoch = time.toString();
        List<Object> hashes = new ArrayList<>();

        assertThat(parametersOf(THREE, statement -> {
                    statement.setTimestamp(1, time);
                    statement.setString(2, "x");
                    statement.setString(3, "y");
                    statement.executeQuery();
                    time.setTime(86_400_000);
                    statement.executeQuery();
                    hashes.addAll(Journal.current().sql().operations().stream()
                            .map(Operation::valuesHash)
                            .toList());
                }))
                .containsExactly("[" + epoch + ", 'x', 'y']", "[" + time + ", 'x', 'y']");
        assertThat(hashes).doesNotHaveDuplicates();
        time.setTime(0);
        assertThat(parametersOf(INSERT, statement -> {
                    statement.setObject(1, time);
                    statement.setInt(2, 10);
                    statement.addBatch();
                    time.setTime(1);
                    statement.executeBatch();
                }))
                .containsExactly("[" + epoch + ", 10]");
    }

    @Test
    void haveNoTextWhereNoneIsSet() throws NoSuchMethodException {
        Parameters parameters = set();
        set(parameters, 6, "f");
        set(parameters, 2, null);
        set(parameters, 200_000, "far");
        long hash = parameters.currentHash();

        assertThat(parameters.showCurrent().get()).isEqualTo("[null, 'f', 'far']");
        set(parameters, 1, "a");
        assertThat(parameters.showCurrent().get()).isEqualTo("['a', null, 'f', 'far']");
        assertThat(parameters.currentHash()).isNotEqualTo(hash);
        parameters.note(PreparedStatement.class.getMethod("clearParameters"), null);
        assertThat(parameters.showCurrent().get()).isEmpty();
        assertThat(parameters.currentHash()).isZero();
        set(parameters, 3, "c");
        assertThat(parameters.showCurrent().get()).isEqualTo("['c']");
    }

    @Test
    void showTheFirstRowsOfALongBatch() throws SQLException {
        assertThat(parametersOf(INSERT, statement -> {
                    for (int id = 10; id < 17; id++) {
                        statement.setString(1, "x");
                        statement.setInt(2, id);
                        statement.addBatch();
                    }
                    statement.executeBatch();
                }))
                .containsExactly("['x', 10] ['x', 11] ['x', 12] ['x', 13] ['x', 14] ... (7 rows)");
    }

    @Test
    void areHiddenWhereThatIsAskedFor() throws SQLException {
        assertThat(parametersOf(values(Settings.Values.MASKED), THREE, statement -> {
                    statement.setString(1, "secret");
                    statement.setInt(2, 42);
                    statement.setNull(3, Types.VARCHAR);
                    statement.executeQuery();
                }))
                .containsExactly("[?, ?, ?]");
    }

    @Test
    void thatCannotBeShownDoNotBreakTheQuery() throws SQLException {
        for (Throwable thrown : new Throwable[] {
            new IllegalStateException("no text"), new AssertionError(), new StackOverflowError(), new LinkageError()
        }) {
            Unshowable value = new Unshowable();
            assertThat(parametersOf("select ?", statement -> {
                        value.thrown = thrown;
                        statement.setObject(1, value);
                        statement.executeQuery();
                    }))
                    .containsExactly("[(Unshowable whose toString throws "
                            + thrown.getClass().getSimpleName() + ")]");
        }
    }

    /** A value that the driver takes as a number, and nobody can print. */
    private static final class Unshowable extends Number {
        private static final long serialVersionUID = 1;

        private transient Throwable thrown = new IllegalStateException();

        @Override
        public String toString() {
            throw ParametersTests.<RuntimeException>asItIs(thrown);
        }

        @Override
        public int intValue() {
            return 1;
        }

        @Override
        public long longValue() {
            return 1;
        }

        @Override
        public float floatValue() {
            return 1;
        }

        @Override
        public double doubleValue() {
            return 1;
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <X extends Throwable> RuntimeException asItIs(Throwable thrown) throws X {
        throw (X) thrown;
    }
}
