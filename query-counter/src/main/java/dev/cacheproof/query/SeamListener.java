package dev.cacheproof.query;

import dev.cacheproof.Operation.Outcome;
import dev.cacheproof.Operation.Request;
import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import dev.cacheproof.query.WatchedDataSource.Seam;
import dev.cacheproof.query.sql.SqlShape;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.ChainListener;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import org.jspecify.annotations.Nullable;

/**
 * Records the queries that an application's own datasource-proxy tells of. It begins last and ends first, so that no other
 * listener can throw between the two: a recording that is not ended would swallow what its thread asks next. Nothing that is
 * thrown here may leave, since it would replace the outcome of the query.
 */
final class SeamListener {

    private static final String RECORDING = SeamListener.class.getName();
    private static final String SEVERAL_STATEMENTS = ";\n";

    private SeamListener() {}

    /** Replaces the list, since the one of datasource-proxy must not change while a query runs. */
    static void join(ChainListener chain, Seam seam) {
        List<QueryExecutionListener> listeners = new CopyOnWriteArrayList<>(chain.getListeners());
        listeners.add(0, new Ending());
        listeners.add(new Beginning(seam));
        chain.setListeners(listeners);
    }

    /** Returns what records the queries of a proxy; null if nothing does. */
    static @Nullable Seam seamOf(ChainListener chain) {
        for (QueryExecutionListener listener : chain.getListeners()) {
            if (listener instanceof Beginning beginning) {
                return beginning.seam;
            }
        }
        return null;
    }

    private record Beginning(Seam seam) implements QueryExecutionListener {

        @Override
        public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {
            boolean leaves = !execution.isBatch() || execution.getBatchSize() > 0;
            if (Recorder.isIdle() || !leaves) {
                return;
            }
            try {
                execution.addCustomValue(RECORDING, begin(execution, queries));
            } catch (RuntimeException | LinkageError defect) {
                tell(defect);
            }
        }

        private Recording begin(ExecutionInfo execution, List<QueryInfo> queries) {
            List<SqlShape> given = queries.stream()
                    .map(query -> seam.shapes().of(query.getQuery()))
                    .toList();
            List<SqlShape> shapes = given.stream().distinct().toList();
            boolean control = shapes.size() == 1 && shapes.get(0).isTransactionControl();
            Recorder recorder = control ? seam.transactions() : seam.queries();
            Parameters parameters = parameters(queries);
            Request request = recorder.request(
                            shapes.stream().map(SqlShape::text).distinct().collect(Collectors.joining("; ")))
                    .text(queries.stream()
                            .map(QueryInfo::getQuery)
                            .distinct()
                            .collect(Collectors.joining(SEVERAL_STATEMENTS)))
                    .parameters(execution.isBatch() ? parameters.showRows() : parameters.showCurrent())
                    .valuesHash(execution.isBatch() ? parameters.rowsHash() : parameters.currentHash());
            SqlShape.describe(request, given);
            return recorder.observe(execution.isBatch() ? request.batchSize(execution.getBatchSize()) : request);
        }

        /** Of the rows of a batch, datasource-proxy knows only what was set anew for each. */
        private static Parameters parameters(List<QueryInfo> queries) {
            Parameters parameters = new Parameters();
            for (QueryInfo query : queries) {
                query.getParametersList().forEach(row -> {
                    row.forEach(set -> parameters.note(set.getMethod(), set.getArgs()));
                    parameters.addRow();
                });
            }
            return parameters;
        }

        @Override
        public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {}
    }

    private static final class Ending implements QueryExecutionListener {

        @Override
        public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {}

        @Override
        public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {
            try {
                Recording recording = execution.getCustomValue(RECORDING, Recording.class);
                if (recording != null) {
                    Throwable thrown = execution.getThrowable();
                    recording.end(thrown == null ? Outcome.of(Outcome.Status.DONE) : Wrappers.failed(thrown));
                }
            } catch (RuntimeException | LinkageError defect) {
                tell(defect);
            }
        }
    }

    private static void tell(Throwable defect) {
        System.getLogger("dev.cacheproof").log(System.Logger.Level.ERROR, "a query could not be recorded", defect);
    }
}
