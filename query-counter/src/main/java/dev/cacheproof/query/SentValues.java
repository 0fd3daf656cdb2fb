package dev.cacheproof.query;

import java.io.InputStream;
import java.io.Reader;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The values of one row as they were when it was sent. Many are sent and few are shown, so that what cannot change is kept as
 * it is, and rendered when it is asked for; of all else, the text is kept. Immutable.
 */
final class SentValues {

    private static final int LONGEST_VALUE = 60;

    private final @Nullable Object[] byPosition;
    private final Map<Object, @Nullable Object> byName;

    private SentValues(@Nullable Object[] byPosition, Map<Object, @Nullable Object> byName) {
        this.byPosition = byPosition;
        this.byName = byName;
    }

    /** Copies the first positions of an array, which are not all {@linkplain Parameters#isSet set}, and values that have a name. */
    static SentValues copyOf(@Nullable Object[] byPosition, int positions, Map<Object, @Nullable Object> byName) {
        @Nullable Object[] kept = new @Nullable Object[positions];
        for (int i = 0; i < positions; i++) {
            kept[i] = kept(byPosition[i]);
        }
        if (byName.isEmpty()) {
            return new SentValues(kept, Map.of());
        }
        Map<Object, @Nullable Object> named = new LinkedHashMap<>(byName);
        named.replaceAll((name, value) -> kept(value));
        return new SentValues(kept, named);
    }

    /** A value that may change, or is large, in its place. */
    private record Text(String shown) {}

    private static @Nullable Object kept(@Nullable Object value) {
        return value == null || !Parameters.isSet(value) || isSmallAndImmutable(value) ? value : new Text(show(value));
    }

    private static boolean isSmallAndImmutable(Object value) {
        return value instanceof String text
                ? text.length() <= LONGEST_VALUE
                : value instanceof Integer
                        || value instanceof Long
                        || value instanceof Boolean
                        || value instanceof Short
                        || value instanceof Byte
                        || value instanceof Double
                        || value instanceof Float
                        || value instanceof UUID
                        || value instanceof Instant
                        || value instanceof LocalDate
                        || value instanceof LocalDateTime;
    }

    boolean isEmpty() {
        return byPosition.length == 0 && byName.isEmpty();
    }

    Supplier<String> masked(boolean masked) {
        return () -> {
            StringBuilder text = new StringBuilder();
            show(masked, text);
            return text.toString();
        };
    }

    /** Renders them, those that have a name last. */
    void show(boolean masked, StringBuilder text) {
        text.append('[');
        int start = text.length();
        for (Object value : byPosition) {
            if (Parameters.isSet(value)) {
                text.append(text.length() == start ? "" : ", ").append(masked ? "?" : show(value));
            }
        }
        byName.forEach((name, value) -> text.append(text.length() == start ? "" : ", ")
                .append(name instanceof String ? name + "=" : "")
                .append(masked ? "?" : show(value)));
        text.append(']');
    }

    private static String show(@Nullable Object value) {
        if (value instanceof Text text) {
            return text.shown;
        }
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
