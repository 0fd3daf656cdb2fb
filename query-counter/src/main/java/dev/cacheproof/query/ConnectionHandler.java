package dev.cacheproof.query;

import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import dev.cacheproof.query.WatchedDataSource.Seam;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
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
        String command = TRANSACTION_CONTROL.get(method.getName());
        if (command != null && !Recorder.isIdle()) {
            return transactionControl(command, proxy, method, args);
        }
        return switch (method.getName()) {
            case "unwrap", "isWrapperFor", "getTarget", "equals", "hashCode" ->
                Wrappers.identity(seam, proxy, method, args, () -> logic.invoke(proxy, method, args));
            case "getMetaData" -> {
                Object answer = logic.invoke(proxy, method, args);
                yield answer instanceof DatabaseMetaData metaData && proxy instanceof Connection connection
                        ? MetaDataHandler.watch(metaData, connection, seam)
                        : answer;
            }
            default -> logic.invoke(proxy, method, args);
        };
    }

    private @Nullable Object transactionControl(
            String command, Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
        String text =
                args != null && args.length == 1 && args[0] instanceof Boolean ? command + " " + args[0] : command;
        Recorder transactions = seam.transactions();
        Recording recording = transactions.begin(transactions.request(text));
        Wrappers.throwIfRefused(recording);
        return Wrappers.recorded(recording, () -> logic.invoke(proxy, method, args));
    }
}
