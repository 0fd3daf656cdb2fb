package dev.cacheproof.query;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import dev.cacheproof.query.WatchedDataSource.Seam;
import dev.cacheproof.query.sql.SqlKind;
import dev.cacheproof.query.sql.SqlShape;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps result sets and metadata from handing out the driver's own statement or connection, which would not be counted,
 * and records the writes of an updatable result set.
 */
final class ResultHandler implements InvocationHandler {

    private static final Map<String, SqlKind> ROUND_TRIPS = Map.of(
            "insertRow", SqlKind.INSERT,
            "updateRow", SqlKind.UPDATE,
            "deleteRow", SqlKind.DELETE,
            "refreshRow", SqlKind.READ);

    private final Object driversOwn;

    /** What {@code getStatement} or {@code getConnection} answers; null where we have none to offer. */
    private final @Nullable Object origin;

    private final Seam seam;
    private final Supplier<String> sql;

    private ResultHandler(Object driversOwn, @Nullable Object origin, Seam seam, Supplier<String> sql) {
        this.driversOwn = driversOwn;
        this.origin = origin;
        this.seam = seam;
        this.sql = sql;
    }

    static ResultSet watch(ResultSet results, @Nullable Statement statement, Seam seam, Supplier<String> sql) {
        return SeamProxyFactory.proxy(ResultSet.class, new ResultHandler(results, statement, seam, sql));
    }

    static DatabaseMetaData watch(DatabaseMetaData metaData, Connection connection, Seam seam) {
        var handler = new ResultHandler(metaData, connection, seam, () -> "metadata");
        return SeamProxyFactory.proxy(DatabaseMetaData.class, handler);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
        String name = method.getName();
        if (ROUND_TRIPS.containsKey(name) && !Recorder.isIdle()) {
            return roundTrip(method, args);
        }
        return switch (name) {
            case "getStatement", "getConnection" -> {
                Object drivers = call(method, args);
                if (drivers != null && origin == null) {
                    Wrappers.recordEscape(seam, name + "() of a result set of metadata");
                }
                yield drivers == null || origin == null ? drivers : origin;
            }
            case "getTarget" -> Wrappers.identity(seam, proxy, method, args, () -> driversOwn);
            case "unwrap", "isWrapperFor", "equals", "hashCode" ->
                Wrappers.identity(seam, proxy, method, args, () -> call(method, args));
            default -> {
                Object answer = call(method, args);
                yield answer instanceof ResultSet results ? watch(results, null, seam, sql) : answer;
            }
        };
    }

    private @Nullable Object roundTrip(Method method, @Nullable Object @Nullable [] args) throws Throwable {
        String text = method.getName() + " in the result of " + sql.get();
        Recorder queries = seam.queries();
        Operation.Request request =
                queries.request(seam.shapes().of(text).text()).text(text);
        SqlKind kind = Objects.requireNonNull(ROUND_TRIPS.get(method.getName()));
        SqlShape.describe(request, List.of(seam.shapes().of(sql.get()).doing(kind)));
        Recording recording = queries.begin(request);
        Wrappers.throwIfRefused(recording);
        return Wrappers.recorded(recording, () -> call(method, args));
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] args) throws Throwable {
        return Wrappers.invoke(method, driversOwn, args);
    }
}
