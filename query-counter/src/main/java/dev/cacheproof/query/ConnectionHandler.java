package dev.cacheproof.query;

import dev.cacheproof.Operation.Outcome;
import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import dev.cacheproof.query.WatchedDataSource.Seam;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.SQLNonTransientConnectionException;
import java.util.Map;
import net.ttddyy.dsproxy.proxy.ConnectionProxyLogic;
import org.jspecify.annotations.Nullable;

/** Records transaction control, passes it through the gates, and keeps the driver's own connection from escaping unseen. */
final class ConnectionHandler implements InvocationHandler {

    /** The methods of a connection that speak to the database about the transaction, and what they say. */
    private static final Map<String, String> TRANSACTION_CONTROL = Map.of(
            "commit", "COMMIT",
            "rollback", "ROLLBACK",
            "setSavepoint", "SAVEPOINT",
            "releaseSavepoint", "RELEASE SAVEPOINT",
            "setAutoCommit", "SET AUTOCOMMIT");

    private final ConnectionProxyLogic logic;
    private final Seam seam;

    ConnectionHandler(ConnectionProxyLogic logic, Seam seam) {
        this.logic = logic;
        this.seam = seam;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
        if (Wrappers.answersItself(proxy, method, args)) {
            return Wrappers.answer(proxy, method);
        }
        Wrappers.recordEscape(seam, method, args);
        String command = TRANSACTION_CONTROL.get(method.getName());
        if (command == null || Recorder.isIdle()) {
            return logic.invoke(proxy, method, args);
        }
        String text =
                args != null && args.length == 1 && args[0] instanceof Boolean ? command + " " + args[0] : command;
        Recording recording = begin(seam.transactions(), text);
        try {
            Object answer = logic.invoke(proxy, method, args);
            recording.end(Outcome.of(Outcome.Status.DONE));
            return answer;
        } catch (Throwable thrown) {
            recording.end(Outcome.failed(thrown));
            throw thrown;
        }
    }

    private static Recording begin(Recorder recorder, String text) throws SQLNonTransientConnectionException {
        Recording recording = recorder.begin(recorder.request(text));
        Wrappers.throwIfRefused(recording);
        return recording;
    }
}
