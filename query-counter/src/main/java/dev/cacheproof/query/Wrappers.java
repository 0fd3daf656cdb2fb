package dev.cacheproof.query;

import dev.cacheproof.Operation.Outcome;
import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import dev.cacheproof.query.WatchedDataSource.Seam;
import java.lang.reflect.Method;
import java.sql.SQLNonTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** What the handlers of connections and statements have in common. */
final class Wrappers {

    /** SQLSTATE "connection failure": a gate plays a database that cannot be reached. */
    private static final String CONNECTION_FAILURE = "08006";

    private Wrappers() {}

    /** A proxy is itself what it is asked for by an interface of JDBC; the driver's own object would not be counted. */
    static boolean answersItself(Object proxy, Method method, @Nullable Object @Nullable [] args) {
        return isAboutWrapping(method) && args != null && args[0] instanceof Class<?> type && type.isInstance(proxy);
    }

    static Object answer(Object proxy, Method method) {
        return method.getName().equals("unwrap") ? proxy : (Object) true;
    }

    private static boolean isAboutWrapping(Method method) {
        return method.getName().equals("unwrap") || method.getName().equals("isWrapperFor");
    }

    static void recordEscape(Seam seam, Method method, @Nullable Object @Nullable [] args) {
        if (method.getName().equals("unwrap") && args != null && args[0] instanceof Class<?> type) {
            Recorder escapes = seam.escapes();
            escapes.begin(escapes.request("unwrap(" + type.getName() + ")")).end(Outcome.of(Outcome.Status.DONE));
        }
    }

    static void throwIfRefused(Recording recording) throws SQLNonTransientConnectionException {
        String refusal = recording.refusal();
        if (refusal != null) {
            throw new SQLNonTransientConnectionException(refusal, CONNECTION_FAILURE);
        }
    }
}
