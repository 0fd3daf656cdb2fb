package dev.cacheproof.query;

import dev.cacheproof.Recording;
import dev.cacheproof.Settings;
import dev.cacheproof.query.WatchedDataSource.Seam;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import net.ttddyy.dsproxy.proxy.ParameterSetOperation;
import org.jspecify.annotations.Nullable;

/** Adds the parameters that datasource-proxy has collected to the recording that its statement is in. */
final class ParameterListener implements QueryExecutionListener {

    private static final int ROWS_SHOWN = 5;
    private static final int LONGEST_VALUE = 60;

    private final Seam seam;

    ParameterListener(Seam seam) {
        this.seam = seam;
    }

    /** An exception here would replace that of the query, so a value that cannot be shown is shown as such. */
    @Override
    public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {
        Recording recording = seam.queries().running();
        if (recording == null || !recording.isKept()) {
            return;
        }
        try {
            recording.parameters(render(queries));
        } catch (RuntimeException broken) {
            recording.parameters("(parameters cannot be shown: " + broken + ")");
        }
    }

    @Override
    public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {
        // The seam's handler sees the end of the operation.
    }

    private static String render(List<QueryInfo> queries) {
        List<String> rows = new ArrayList<>();
        int count = 0;
        for (QueryInfo query : queries) {
            // JDBC keeps a parameter for the rows that follow; datasource-proxy lists it only where it was set.
            Map<Object, String> values = new LinkedHashMap<>();
            for (List<ParameterSetOperation> row : query.getParametersList()) {
                row.forEach(operation -> set(values, operation));
                count++;
                if (!values.isEmpty() && rows.size() < ROWS_SHOWN) {
                    rows.add(inOrder(values));
                }
            }
        }
        String shown = String.join(" ", rows);
        return rows.isEmpty() || count <= ROWS_SHOWN ? shown : shown + " ... (" + count + " rows)";
    }

    private static void set(Map<Object, String> values, ParameterSetOperation operation) {
        if (!ParameterSetOperation.isRegisterOutParameterOperation(operation)) {
            Object[] args = operation.getArgs();
            values.put(args[0], show(ParameterSetOperation.isSetNullParameterOperation(operation) ? null : args[1]));
        }
    }

    private static String inOrder(Map<Object, String> values) {
        return values.entrySet().stream()
                .sorted((one, other) ->
                        one.getKey() instanceof Integer a && other.getKey() instanceof Integer b ? a.compareTo(b) : 0)
                .map(entry -> entry.getKey() instanceof String name ? name + "=" + entry.getValue() : entry.getValue())
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String show(@Nullable Object value) {
        if (Settings.current().values() == Settings.Values.MASKED) {
            return "?";
        }
        if (value instanceof byte[] bytes) {
            return bytes.length + " bytes";
        }
        String text = String.valueOf(value);
        String shown = text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "...";
        return value instanceof CharSequence ? "'" + shown + "'" : shown;
    }
}
