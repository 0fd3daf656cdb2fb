package dev.cacheproof.query;

import dev.cacheproof.Operation.Request;
import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import dev.cacheproof.query.WatchedDataSource.Seam;
import dev.cacheproof.query.sql.SqlShape;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.ttddyy.dsproxy.proxy.StatementProxyLogic;
import org.jspecify.annotations.Nullable;

/**
 * Records each execution of a statement as one round trip, and passes it through the gates before it leaves. Used by one
 * thread at a time, as the statement itself.
 */
final class StatementHandler implements InvocationHandler {

    private static final String SEVERAL_STATEMENTS = ";\n";

    private final StatementProxyLogic logic;
    private final Seam seam;
    private final @Nullable String prepared;

    /** Is asked without a way around; null where the logic must see each call, for those who listen there. */
    private final @Nullable Statement driversOwn;

    private final Parameters parameters = new Parameters();

    /** The texts of a plain statement's batch; for a prepared one, its own text once per row. */
    private final List<String> batch = new ArrayList<>();

    /** What went out last, for a result set that writes. */
    private String lastText = "";

    StatementHandler(StatementProxyLogic logic, Seam seam, @Nullable String prepared, @Nullable Statement driversOwn) {
        this.logic = logic;
        this.seam = seam;
        this.prepared = prepared;
        this.driversOwn = driversOwn;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
        return switch (method.getName()) {
            case "execute", "executeQuery", "executeUpdate", "executeLargeUpdate" -> execute(proxy, method, args);
            case "executeBatch", "executeLargeBatch" -> executeBatch(proxy, method, args);
            case "addBatch" -> {
                Object answer = call(proxy, method, args);
                batch.add(textOf(args));
                parameters.addRow();
                yield answer;
            }
            case "clearBatch" -> {
                Object answer = call(proxy, method, args);
                forgetBatch();
                yield answer;
            }
            case "unwrap", "isWrapperFor", "getTarget", "equals", "hashCode" ->
                Wrappers.identity(seam, proxy, method, args, () -> logic.invoke(proxy, method, args));
            case "getConnection", "getProxyConfig", "toString" -> logic.invoke(proxy, method, args);
            default -> {
                Object answer = watched(proxy, call(proxy, method, args));
                parameters.note(method, args);
                yield answer;
            }
        };
    }

    /** The logic makes a note of each call for its listeners, which takes longer than most calls do. */
    private @Nullable Object call(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
        return driversOwn == null ? logic.invoke(proxy, method, args) : Wrappers.invoke(method, driversOwn, args);
    }

    private String textOf(@Nullable Object @Nullable [] args) {
        String given = args != null && args.length > 0 && args[0] instanceof String text ? text : prepared;
        return given == null ? "" : given;
    }

    private @Nullable Object execute(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
        String text = textOf(args);
        lastText = text;
        if (Recorder.isIdle()) {
            return watched(proxy, call(proxy, method, args));
        }
        SqlShape shape = seam.shapes().of(text);
        Recorder recorder = shape.isTransactionControl() ? seam.transactions() : seam.queries();
        Request request = recorder.request(shape.text())
                .text(text)
                .parameters(parameters.showCurrent())
                .valuesHash(parameters.currentHash());
        SqlShape.describe(request, List.of(shape));
        return watched(proxy, send(recorder, request, proxy, method, args));
    }

    /**
     * After a failure, it depends on the driver whether it still has the batch. We keep it then, since a batch that is
     * counted too much is seen, and one that is not counted is not.
     */
    private @Nullable Object executeBatch(Object proxy, Method method, @Nullable Object @Nullable [] args)
            throws Throwable {
        // An empty batch never leaves.
        Object answer = batch.isEmpty() || Recorder.isIdle()
                ? call(proxy, method, args)
                : send(seam.queries(), batchRequest(), proxy, method, args);
        forgetBatch();
        return answer;
    }

    private void forgetBatch() {
        batch.clear();
        parameters.clearRows();
    }

    private Request batchRequest() {
        List<String> distinct = batch.stream().distinct().toList();
        // A prepared statement is one, however many rows it is run for.
        List<SqlShape> given = (prepared == null ? batch : distinct)
                .stream().map(text -> seam.shapes().of(text)).toList();
        String shape = given.stream().map(SqlShape::text).distinct().collect(Collectors.joining("; "));
        Request request = seam.queries()
                .request(shape)
                .text(String.join(SEVERAL_STATEMENTS, distinct))
                .batchSize(batch.size())
                .parameters(parameters.showRows())
                .valuesHash(parameters.rowsHash());
        return SqlShape.describe(request, given);
    }

    private @Nullable Object send(
            Recorder recorder, Request request, Object proxy, Method method, @Nullable Object @Nullable [] args)
            throws Throwable {
        Recording recording = recorder.begin(request);
        Wrappers.throwIfRefused(recording);
        return Wrappers.recorded(recording, () -> call(proxy, method, args));
    }

    private @Nullable Object watched(Object proxy, @Nullable Object answer) {
        return answer instanceof ResultSet results && proxy instanceof Statement statement
                ? WatchedResultSet.of(results, statement, seam, () -> lastText)
                : answer;
    }
}
