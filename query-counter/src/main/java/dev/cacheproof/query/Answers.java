package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the cold and the warm run answered.
 *
 * @param coldKeptIts whether the cold answer is still what it was before the warm run
 */
record Answers(@Nullable Object cold, @Nullable Object warm, boolean coldKeptIts) {

    private static final int LONGEST_ANSWER = 300;

    /**
     * What an answer looked like. Where a cache hands out the very object that it holds, both answers are that object, and
     * equal to each other however much a run changes it.
     */
    record Snapshot(@Nullable Integer hash) {
        boolean isStill(@Nullable Object answer) {
            return hash == null || hash.equals(snapshot(answer).hash);
        }
    }

    static Snapshot snapshot(@Nullable Object answer) {
        try {
            return new Snapshot(Arrays.deepHashCode(new @Nullable Object[] {answer}));
        } catch (RuntimeException | StackOverflowError cannotBeHashed) {
            return new Snapshot(null);
        }
    }

    Optional<String> complaint() {
        if (!isEqual()) {
            return Optional.of("the warm answer is not equal to the cold one");
        }
        return coldKeptIts ? Optional.empty() : Optional.of("the warm run changed the answer of the cold one");
    }

    private boolean isEqual() {
        return Objects.deepEquals(cold, warm);
    }

    void describe(FailureText text) {
        if (!isEqual()) {
            text.fact("cold answer", show(cold)).fact("warm answer", show(warm));
        } else if (!coldKeptIts) {
            text.fact("both answers", show(warm) + ", after the warm run");
        }
    }

    static String show(@Nullable Object answer) {
        String text = Arrays.deepToString(new @Nullable Object[] {answer});
        String inner = text.substring(1, text.length() - 1);
        String shown = inner.length() <= LONGEST_ANSWER ? inner : inner.substring(0, LONGEST_ANSWER) + "...";
        return shown.isEmpty() ? "\"\"" : shown;
    }

    Optional<String> hint() {
        if (isEqual()) {
            return coldKeptIts
                    ? Optional.empty()
                    : Optional.of("the cache hands out the object that it holds, and somebody changes it: store and"
                            + " return\ncopies, or immutable values.");
        }
        return Stream.of(cold, warm)
                .flatMap(Answers::parts)
                .filter(part -> !definesEquals(part))
                .findFirst()
                .map(part -> name(part.getClass()) + " does not define equals; return what can be compared"
                        + " from the block,\nsuch as a record or a list of values.")
                .or(
                        () -> Optional.of(
                                "look for what differs above: what is cached lost or gained it on its way (a type, a time"
                                        + " zone, an\norder), or the block adds what changes from call to call (a time, a random number)."));
    }

    /** An anonymous class has no simple name. */
    private static String name(Class<?> type) {
        return type.getName()
                .substring(type.getPackageName().length())
                .replaceFirst("^\\.", "")
                .replace('$', '.');
    }

    private static Stream<Object> parts(@Nullable Object answer) {
        if (answer == null) {
            return Stream.empty();
        }
        Stream<?> parts = answer instanceof Collection<?> several
                ? several.stream()
                : answer instanceof Map<?, ?> map
                        ? map.values().stream()
                        : answer instanceof Object[] array
                                ? Arrays.stream(array)
                                : answer instanceof Optional<?> optional ? optional.stream() : Stream.of(answer);
        return parts.filter(Objects::nonNull).map(Object.class::cast);
    }

    private static boolean definesEquals(Object part) {
        try {
            return part.getClass().isArray()
                    || part.getClass().getMethod("equals", Object.class).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
