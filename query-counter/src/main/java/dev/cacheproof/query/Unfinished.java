package dev.cacheproof.query;

import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Recognizes an answer that stands for work which has not run: its queries would come after the count. */
final class Unfinished {

    /** Known by their names: their libraries may be absent. */
    private static final Set<String> LAZY_TYPES = Set.of(
            "org.reactivestreams.Publisher",
            "io.smallrye.mutiny.Uni",
            "io.reactivex.rxjava3.core.SingleSource",
            "io.reactivex.rxjava3.core.MaybeSource",
            "io.reactivex.rxjava3.core.ObservableSource",
            "io.reactivex.rxjava3.core.CompletableSource");

    private Unfinished() {}

    /** Returns what is unfinished, the answer or a part of it, in a word that the reader knows. */
    static Optional<String> in(@Nullable Object answer) {
        if (answer == null) {
            return Optional.empty();
        }
        if (answer instanceof Object[] array) {
            return inAny(Arrays.stream(array));
        }
        // Of the JDK's collections only: to look into another may be what loads it.
        if (answer instanceof Collection<?> several
                && several.getClass().getName().startsWith("java.util.")) {
            return inAny(several.stream());
        }
        return answer instanceof Optional<?> optional ? in(optional.orElse(null)) : kindOf(answer);
    }

    private static Optional<String> inAny(Stream<?> parts) {
        return parts.filter(Objects::nonNull)
                .flatMap(part -> kindOf(part).stream())
                .findFirst();
    }

    private static Optional<String> kindOf(Object answer) {
        if (answer instanceof CompletionStage<?> || answer instanceof Future<?>) {
            return isDone(answer) ? Optional.empty() : Optional.of("Future that is not done");
        }
        if (answer instanceof BaseStream) {
            return Optional.of("Stream");
        }
        if (answer instanceof Iterator) {
            return Optional.of("Iterator");
        }
        boolean isLazy = answer instanceof Flow.Publisher || answer instanceof Callable || isLazy(answer.getClass());
        return isLazy ? Optional.of(answer.getClass().getSimpleName()) : Optional.empty();
    }

    /** A stage first: one that shows no more than a stage is a future of the JDK too, whose isDone throws. */
    private static boolean isDone(Object answer) {
        if (answer instanceof CompletionStage<?> stage) {
            return stage.toCompletableFuture().isDone();
        }
        return !(answer instanceof Future<?> future) || future.isDone();
    }

    private static boolean isLazy(@Nullable Class<?> type) {
        if (type == null) {
            return false;
        }
        return LAZY_TYPES.contains(type.getName())
                || isLazy(type.getSuperclass())
                || Arrays.stream(type.getInterfaces()).anyMatch(Unfinished::isLazy);
    }
}
