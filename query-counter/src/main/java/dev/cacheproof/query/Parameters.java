package dev.cacheproof.query;

import dev.cacheproof.Settings;
import dev.cacheproof.ValuesHash;
import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one prepared statement as the driver has them: a value stays set for the rows, batches and executions
 * that follow. Kept here because datasource-proxy forgets what was set for an earlier row.
 */
final class Parameters {

    private static final int ROWS_SHOWN = 5;
    private static final int LONGEST_VALUE = 60;

    /** Those that have a name come last, as they were set. */
    private static final Comparator<Map.Entry<Object, @Nullable Object>> BY_POSITION =
            Comparator.comparingInt(entry -> entry.getKey() instanceof Integer position ? position : Integer.MAX_VALUE);

    private final Map<Object, @Nullable Object> current = new LinkedHashMap<>();

    /** The first rows of the batch: what would not be shown is not kept. */
    private final List<Map<Object, @Nullable Object>> rows = new ArrayList<>();

    private int batchSize;
    private long rowsHash;

    /** Says whether a method sets a value, or forgets all. */
    static boolean isSetBy(Method method, @Nullable Object @Nullable [] args) {
        if (method.getName().equals("clearParameters")) {
            return true;
        }
        return method.getName().startsWith("set")
                && args != null
                && args.length >= 2
                && (args[0] instanceof Integer || args[0] instanceof String);
    }

    /** Takes note of a value, if that is what the method sets. */
    void note(Method method, @Nullable Object @Nullable [] args) {
        if (!isSetBy(method, args)) {
            return;
        }
        if (args == null || args.length == 0) {
            current.clear();
        } else {
            current.put(Objects.requireNonNull(args[0]), method.getName().equals("setNull") ? null : args[1]);
        }
    }

    void addRow() {
        batchSize++;
        rowsHash = ValuesHash.of(rowsHash, currentHash());
        if (rows.size() < ROWS_SHOWN) {
            rows.add(new LinkedHashMap<>(current));
        }
    }

    void clearRows() {
        rows.clear();
        batchSize = 0;
        rowsHash = 0;
    }

    /** Renders what an execution that is no batch sends. */
    String showCurrent() {
        if (current.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        show(current, isMasked(), text);
        return text.toString();
    }

    /** Renders what the batch sends, a bracket for each row. */
    String showRows() {
        boolean masked = isMasked();
        StringBuilder text = new StringBuilder();
        for (Map<Object, @Nullable Object> row : rows) {
            if (!row.isEmpty()) {
                text.append(text.length() == 0 ? "" : " ");
                show(row, masked, text);
            }
        }
        if (text.length() > 0 && batchSize > ROWS_SHOWN) {
            text.append(" ... (").append(batchSize).append(" rows)");
        }
        return text.toString();
    }

    /** Returns a hash code of what an execution that is no batch sends. */
    long currentHash() {
        long hash = 0;
        for (Map.Entry<Object, @Nullable Object> entry : current.entrySet()) {
            hash += ValuesHash.of(entry.getKey().hashCode(), hash(entry.getValue()));
        }
        return hash;
    }

    /** Returns a hash code of what the batch sends. */
    long rowsHash() {
        return rowsHash;
    }

    /** Two values that cannot be compared are two. */
    private static long hash(@Nullable Object value) {
        try {
            return hashOf(value);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError broken) {
            return System.identityHashCode(value);
        }
    }

    private static long hashOf(@Nullable Object value) {
        if (value instanceof String text) {
            return ValuesHash.of(text);
        }
        if (value instanceof Long number) {
            return ValuesHash.of(number);
        }
        if (value instanceof UUID id) {
            return ValuesHash.of(id.getMostSignificantBits(), id.getLeastSignificantBits());
        }
        if (value instanceof byte[] bytes) {
            return ValuesHash.of(bytes);
        }
        if (value instanceof Object[] array) {
            long hash = array.length;
            for (Object element : array) {
                hash = ValuesHash.of(hash, hashOf(element));
            }
            return hash;
        }
        return value == null || !value.getClass().isArray()
                ? Objects.hashCode(value)
                : Arrays.deepHashCode(new Object[] {value});
    }

    private static boolean isMasked() {
        return Settings.current().values() == Settings.Values.MASKED;
    }

    /** For each query, so it is a loop. */
    private static void show(Map<Object, @Nullable Object> row, boolean masked, StringBuilder text) {
        List<Map.Entry<Object, @Nullable Object>> entries = new ArrayList<>(row.entrySet());
        entries.sort(BY_POSITION);
        text.append('[');
        for (int i = 0; i < entries.size(); i++) {
            Map.Entry<Object, @Nullable Object> entry = entries.get(i);
            text.append(i == 0 ? "" : ", ");
            if (entry.getKey() instanceof String name) {
                text.append(name).append('=');
            }
            text.append(masked ? "?" : show(entry.getValue()));
        }
        text.append(']');
    }

    private static String show(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return bytes.length == 1 ? "1 byte" : bytes.length + " bytes";
        }
        if (value instanceof InputStream || value instanceof Reader) {
            return "a stream";
        }
        String text = text(value);
        String shown = text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "...";
        return value instanceof CharSequence ? "'" + shown + "'" : shown;
    }

    /** A value that cannot be shown must not fail the query that it is sent with. */
    private static String text(@Nullable Object value) {
        try {
            return value instanceof Object[] array ? Arrays.deepToString(array) : String.valueOf(value);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError broken) {
            return "(" + (value == null ? "null" : value.getClass().getSimpleName()) + " whose toString throws "
                    + broken.getClass().getSimpleName() + ")";
        }
    }
}
