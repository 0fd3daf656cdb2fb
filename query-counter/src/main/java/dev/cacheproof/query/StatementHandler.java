package dev.cacheproof.query;

import dev.cacheproof.Operation.Outcome;
import dev.cacheproof.Operation.Request;
import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import dev.cacheproof.query.WatchedDataSource.Seam;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
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

    /** The texts of a plain statement's batch; for a prepared one, its own text once per row. */
    private final List<String> batch = new ArrayList<>();

    StatementHandler(StatementProxyLogic logic, Seam seam, @Nullable String prepared) {
        this.logic = logic;
        this.seam = seam;
        this.prepared = prepared;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
        switch (method.getName()) {
            case "execute", "executeQuery", "executeUpdate", "executeLargeUpdate" -> {
                return execute(List.of(textOf(args)), proxy, method, args);
            }
            case "executeBatch", "executeLargeBatch" -> {
                List<String> texts = List.copyOf(batch);
                batch.clear();
                return execute(texts, proxy, method, args);
            }
            case "addBatch" -> {
                Object answer = logic.invoke(proxy, method, args);
                batch.add(textOf(args));
                return answer;
            }
            case "clearBatch" -> batch.clear();
            case "unwrap", "isWrapperFor" -> {
                if (Wrappers.answersItself(proxy, method, args)) {
                    return Wrappers.answer(proxy, method);
                }
                Wrappers.recordEscape(seam, method, args);
            }
            default -> {
                // not ours to record
            }
        }
        return logic.invoke(proxy, method, args);
    }

    private String textOf(@Nullable Object @Nullable [] args) {
        String given = args != null && args.length > 0 && args[0] instanceof String text ? text : prepared;
        return given == null ? "" : given;
    }

    private @Nullable Object execute(
            List<String> texts, Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
        // An empty batch never leaves.
        if (texts.isEmpty() || Recorder.isIdle()) {
            return logic.invoke(proxy, method, args);
        }
        Recording recording = begin(texts);
        try {
            Object answer = logic.invoke(proxy, method, args);
            recording.end(Outcome.of(Outcome.Status.DONE));
            return answer;
        } catch (Throwable thrown) {
            recording.end(Outcome.failed(thrown));
            throw thrown;
        }
    }

    private Recording begin(List<String> texts) throws Throwable {
        List<String> distinct = texts.stream().distinct().toList();
        SqlShape first = seam.shapes().of(distinct.get(0));
        String shape = distinct.size() == 1
                ? first.text()
                : String.join(
                        "; ",
                        distinct.stream()
                                .map(text -> seam.shapes().of(text).text())
                                .distinct()
                                .toList());
        Recorder recorder = first.isTransactionControl() && distinct.size() == 1 ? seam.transactions() : seam.queries();
        Request request = recorder.request(shape)
                .text(String.join(SEVERAL_STATEMENTS, distinct))
                .batchSize(texts.size());
        Recording recording = recorder.begin(request);
        Wrappers.throwIfRefused(recording);
        return recording;
    }
}
