package dev.cacheproof.query;

import dev.cacheproof.Operation.Outcome;
import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import dev.cacheproof.query.WatchedDataSource.Seam;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.SQLNonTransientConnectionException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the handlers of connections, statements and results have in common. */
final class Wrappers {

    /** SQLSTATE "connection failure": a gate plays a database that cannot be reached. */
    private static final String CONNECTION_FAILURE = "08006";

    private Wrappers() {}

    /** A call to the object behind a proxy. */
    @FunctionalInterface
    interface Call {
        @Nullable
        Object proceed() throws Throwable;
    }

    /**
     * Answers who a proxy is. It is itself what it is asked for by an interface of JDBC, since the driver's own object would
     * not be counted; what the driver hands out all the same is recorded as an escape.
     */
    @SuppressWarnings("ReferenceEquality") // one proxy is one connection, statement or result
    static @Nullable Object identity(
            Seam seam, Object proxy, Method method, @Nullable Object @Nullable [] args, Call call) throws Throwable {
        Object asked = args == null ? null : args[0];
        return switch (method.getName()) {
            case "equals" -> proxy == asked;
            case "hashCode" -> System.identityHashCode(proxy);
            case "isWrapperFor" -> isItself(proxy, asked) || Boolean.TRUE.equals(call.proceed());
            case "unwrap" -> isItself(proxy, asked) ? proxy : escaping(seam, unwrapping(asked), call);
            default -> escaping(seam, method.getName() + "()", call);
        };
    }

    static String unwrapping(@Nullable Object type) {
        return "unwrap(" + (type instanceof Class<?> asked ? asked.getName() : type) + ")";
    }

    static boolean isItself(Object proxy, @Nullable Object type) {
        return type instanceof Class<?> asked && asked.isInstance(proxy);
    }

    private static @Nullable Object escaping(Seam seam, String text, Call call) throws Throwable {
        Object escaped = call.proceed();
        recordEscape(seam, text);
        return escaped;
    }

    static void recordEscape(Seam seam, String text) {
        if (!Recorder.isIdle()) {
            Recorder escapes = seam.escapes();
            escapes.begin(escapes.request(text)).end(Outcome.of(Outcome.Status.DONE));
        }
    }

    /** Calls a method of the driver's own object; what that throws is thrown on as it is. */
    static @Nullable Object invoke(Method method, Object driversOwn, @Nullable Object @Nullable [] args)
            throws Throwable {
        try {
            return method.invoke(driversOwn, args);
        } catch (InvocationTargetException thrown) {
            throw thrown.getTargetException();
        }
    }

    static void throwIfRefused(Recording recording) throws SQLNonTransientConnectionException {
        String refusal = recording.refusal();
        if (refusal != null) {
            throw new SQLNonTransientConnectionException(refusal, CONNECTION_FAILURE);
        }
    }

    /** Makes the call, and ends the recording with what became of it. */
    static @Nullable Object recorded(Recording recording, Call call) throws Throwable {
        Object answer;
        try {
            answer = call.proceed();
        } catch (Throwable thrown) {
            recording.end(failed(thrown));
            throw thrown;
        }
        recording.end(Outcome.of(Outcome.Status.DONE));
        return answer;
    }

    /** The driver's exception must reach the code under test, also where it cannot be shown. */
    static Outcome failed(Throwable thrown) {
        try {
            return Outcome.failed(thrown);
        } catch (RuntimeException broken) {
            return new Outcome(
                    Outcome.Status.FAILED,
                    Objects.requireNonNull(thrown.getClass().getName()));
        }
    }
}
