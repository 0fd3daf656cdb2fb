package dev.cacheproof.query;

import dev.cacheproof.query.WatchedDataSource.Seam;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps metadata from handing out the driver's own connection, which would not be counted. What it answers with rows, the driver
 * asks the database for by statements of its own, as many as it likes: nobody sees them, so that is an escape.
 */
final class MetaDataHandler implements InvocationHandler {

    private final DatabaseMetaData driversOwn;
    private final Connection connection;
    private final Seam seam;

    private MetaDataHandler(DatabaseMetaData driversOwn, Connection connection, Seam seam) {
        this.driversOwn = driversOwn;
        this.connection = connection;
        this.seam = seam;
    }

    static DatabaseMetaData watch(DatabaseMetaData metaData, Connection connection, Seam seam) {
        return SeamProxyFactory.proxy(DatabaseMetaData.class, new MetaDataHandler(metaData, connection, seam));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
        return switch (method.getName()) {
            case "getConnection" -> {
                Object drivers = call(method, args);
                yield drivers == null ? null : connection;
            }
            case "getTarget" -> Wrappers.identity(seam, proxy, method, args, () -> driversOwn);
            case "unwrap", "isWrapperFor", "equals", "hashCode" ->
                Wrappers.identity(seam, proxy, method, args, () -> call(method, args));
            default -> {
                if (method.getReturnType() == ResultSet.class) {
                    Wrappers.recordEscape(
                            seam, "DatabaseMetaData." + method.getName() + "(), for which the driver asks by itself");
                }
                Object answer = call(method, args);
                yield answer instanceof ResultSet results
                        ? WatchedResultSet.of(results, null, seam, () -> "metadata")
                        : answer;
            }
        };
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] args) throws Throwable {
        return Wrappers.invoke(method, driversOwn, args);
    }
}
