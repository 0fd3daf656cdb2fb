package dev.cacheproof.query;

import dev.cacheproof.Settings;
import dev.cacheproof.ValuesHash;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one prepared statement as the driver has them: a value stays set for the rows, batches and executions
 * that follow. Kept here because datasource-proxy forgets what was set for an earlier row.
 */
final class Parameters {

    private static final int ROWS_SHOWN = 5;

    /** Far more than a driver takes; a position beyond it is kept like a name. */
    private static final int MOST_POSITIONS = 100_000;

    private static final @Nullable Object[] NONE = {};

    /** Stands where no value is set. */
    private static final Object NOT_SET = new Object();

    /** The values by their position, from 1 on: an array, since this is filled for each query. */
    private @Nullable Object[] byPosition = NONE;

    /** How many of these are in use. */
    private int positions;

    /** Those that have a name, as they were set. */
    private final Map<Object, @Nullable Object> byName = new LinkedHashMap<>(0);

    /** The first rows of the batch: what would not be shown is not kept. */
    private final List<SentValues> rows = new ArrayList<>(0);

    private int batchSize;
    private long rowsHash;

    /** Says whether a method sets a value, or forgets all. */
    private static boolean isSetBy(Method method, @Nullable Object @Nullable [] args) {
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
            Arrays.fill(byPosition, 0, positions, NOT_SET);
            positions = 0;
            byName.clear();
        } else {
            set(Objects.requireNonNull(args[0]), method.getName().equals("setNull") ? null : args[1]);
        }
    }

    private void set(Object key, @Nullable Object value) {
        if (!(key instanceof Integer position) || position < 1 || position > MOST_POSITIONS) {
            byName.put(key, value);
            return;
        }
        if (position > byPosition.length) {
            int used = byPosition.length;
            byPosition = Arrays.copyOf(byPosition, Math.max(position, Math.max(4, 2 * used)));
            Arrays.fill(byPosition, used, byPosition.length, NOT_SET);
        }
        byPosition[position - 1] = value;
        positions = Math.max(positions, position);
    }

    /** Tells a value from what stands where none is set. */
    @SuppressWarnings("ReferenceEquality") // it is one object
    static boolean isSet(@Nullable Object value) {
        return value != NOT_SET;
    }

    void addRow() {
        batchSize++;
        rowsHash = ValuesHash.of(rowsHash, currentHash());
        if (rows.size() < ROWS_SHOWN) {
            rows.add(current());
        }
    }

    private SentValues current() {
        return SentValues.copyOf(byPosition, positions, byName);
    }

    void clearRows() {
        rows.clear();
        batchSize = 0;
        rowsHash = 0;
    }

    /** Returns what an execution that is no batch sends, to be rendered when it is first asked for. */
    Supplier<String> showCurrent() {
        return positions == 0 && byName.isEmpty() ? () -> "" : current().masked(isMasked());
    }

    /** Returns what the batch sends, a bracket for each row, to be rendered when it is first asked for. */
    Supplier<String> showRows() {
        return new Rows(List.copyOf(rows), batchSize, isMasked());
    }

    private record Rows(List<SentValues> first, int size, boolean masked) implements Supplier<String> {

        @Override
        public String get() {
            StringBuilder text = new StringBuilder();
            for (SentValues row : first) {
                if (!row.isEmpty()) {
                    text.append(text.length() == 0 ? "" : " ");
                    row.show(masked, text);
                }
            }
            if (text.length() > 0 && size > ROWS_SHOWN) {
                text.append(" ... (").append(size).append(" rows)");
            }
            return text.toString();
        }
    }

    /** Returns a hash code of what an execution that is no batch sends. */
    long currentHash() {
        long hash = 0;
        for (int i = 0; i < positions; i++) {
            hash += isSet(byPosition[i]) ? ValuesHash.of(i + 1, hash(byPosition[i])) : 0;
        }
        for (Map.Entry<Object, @Nullable Object> entry : byName.entrySet()) {
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
}
