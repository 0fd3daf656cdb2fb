package dev.cacheproof.query;

import dev.cacheproof.Operation;
import dev.cacheproof.Operation.Outcome;
import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import dev.cacheproof.query.WatchedDataSource.Seam;
import dev.cacheproof.query.sql.SqlKind;
import dev.cacheproof.query.sql.SqlShape;
import java.lang.reflect.Method;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a result set from handing out the driver's own statement, which would not be counted, and records the writes of an
 * updatable one. Made also while nobody looks: it costs one small object, and who takes a result set before a block is counted
 * may ask for its statement there.
 */
final class WatchedResultSet extends ForwardingResultSet {

    /** What this JDK's result sets can do, and those of the JDK that this is compiled for could not: none in most. */
    private static final Set<Method> LATER_METHODS = Arrays.stream(ResultSet.class.getMethods())
            .filter(WatchedResultSet::isLater)
            .collect(Collectors.toUnmodifiableSet());

    /** What {@code getStatement} answers; null where we have none to offer. */
    private final @Nullable Statement origin;

    private final Seam seam;
    private final Supplier<String> sql;

    private WatchedResultSet(ResultSet driversOwn, @Nullable Statement origin, Seam seam, Supplier<String> sql) {
        super(driversOwn);
        this.origin = origin;
        this.seam = seam;
        this.sql = sql;
    }

    /**
     * Watches a driver's result set.
     *
     * @param origin what it is of, as the code under test knows it; null for that of metadata
     * @param sql tells what was asked
     */
    static ResultSet of(ResultSet driversOwn, @Nullable Statement origin, Seam seam, Supplier<String> sql) {
        return passingOn(LATER_METHODS, new WatchedResultSet(driversOwn, origin, seam, sql));
    }

    /** Lets methods that are not forwarded here reach the driver, where there are any. */
    static ResultSet passingOn(Set<Method> laterMethods, ForwardingResultSet watched) {
        return laterMethods.isEmpty() ? watched : LaterMethods.around(watched, laterMethods);
    }

    private static boolean isLater(Method method) {
        if (!method.isDefault()) {
            return false;
        }
        try {
            return WatchedResultSet.class
                    .getMethod(method.getName(), method.getParameterTypes())
                    .isDefault();
        } catch (NoSuchMethodException hidden) {
            return true;
        }
    }

    @Override
    public @Nullable Statement getStatement() throws SQLException {
        Statement drivers = driversOwn().getStatement();
        if (drivers == null || origin != null) {
            return drivers == null ? null : origin;
        }
        Wrappers.recordEscape(seam, "getStatement() of a result set of metadata");
        return drivers;
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return Wrappers.isItself(this, type) || driversOwn().isWrapperFor(type);
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (Wrappers.isItself(this, type)) {
            return type.cast(this);
        }
        T unwrapped = driversOwn().unwrap(type);
        Wrappers.recordEscape(seam, Wrappers.unwrapping(type));
        return unwrapped;
    }

    @Override
    public void insertRow() throws SQLException {
        roundTrip("insertRow", SqlKind.INSERT, super::insertRow);
    }

    @Override
    public void updateRow() throws SQLException {
        roundTrip("updateRow", SqlKind.UPDATE, super::updateRow);
    }

    @Override
    public void deleteRow() throws SQLException {
        roundTrip("deleteRow", SqlKind.DELETE, super::deleteRow);
    }

    @Override
    public void refreshRow() throws SQLException {
        roundTrip("refreshRow", SqlKind.READ, super::refreshRow);
    }

    private interface Call {
        void proceed() throws SQLException;
    }

    private void roundTrip(String name, SqlKind kind, Call call) throws SQLException {
        if (Recorder.isIdle()) {
            call.proceed();
            return;
        }
        Recording recording = seam.queries().begin(request(name + " in the result of " + sql.get(), kind));
        Wrappers.throwIfRefused(recording);
        try {
            call.proceed();
        } catch (Throwable thrown) {
            recording.end(Wrappers.failed(thrown));
            throw thrown;
        }
        recording.end(Outcome.of(Outcome.Status.DONE));
    }

    private Operation.Request request(String text, SqlKind kind) {
        Operation.Request request =
                seam.queries().request(seam.shapes().of(text).text()).text(text);
        return SqlShape.describe(request, List.of(seam.shapes().of(sql.get()).doing(kind)));
    }

    @Override
    public @Nullable Object getObject(int columnIndex) throws SQLException {
        return watched(super.getObject(columnIndex));
    }

    @Override
    public @Nullable Object getObject(String columnLabel) throws SQLException {
        return watched(super.getObject(columnLabel));
    }

    @Override
    public @Nullable Object getObject(int columnIndex, Map<String, Class<?>> types) throws SQLException {
        return watched(super.getObject(columnIndex, types));
    }

    @Override
    public @Nullable Object getObject(String columnLabel, Map<String, Class<?>> types) throws SQLException {
        return watched(super.getObject(columnLabel, types));
    }

    @Override
    public <T> @Nullable T getObject(int columnIndex, Class<T> type) throws SQLException {
        return watched(super.getObject(columnIndex, type), type);
    }

    @Override
    public <T> @Nullable T getObject(String columnLabel, Class<T> type) throws SQLException {
        return watched(super.getObject(columnLabel, type), type);
    }

    /** A column may hold a cursor, which knows the driver's statement. */
    private @Nullable Object watched(@Nullable Object answer) {
        return answer instanceof ResultSet cursor ? of(cursor, null, seam, sql) : answer;
    }

    private <T> @Nullable T watched(@Nullable T answer, Class<T> type) {
        Object watched = watched((Object) answer);
        if (watched == null || type.isInstance(watched)) {
            return type.cast(watched);
        }
        // It was asked for by a class of the driver's.
        if (answer instanceof ResultSet) {
            Wrappers.recordEscape(seam, "getObject(" + type.getName() + ")");
        }
        return answer;
    }

    @Override
    public String toString() {
        return driversOwn().toString();
    }
}
