package dev.cacheproof.query;

import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
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

    /** Returns what is unfinished: the answer, or a part of it. */
    static Optional<Object> in(@Nullable Object answer) {
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
        if (answer instanceof Optional<?> optional) {
            return in(optional.orElse(null));
        }
        return isUnfinished(answer) ? Optional.of(answer) : Optional.empty();
    }

    private static Optional<Object> inAny(Stream<?> parts) {
        return parts.filter(part -> part != null && isUnfinished(part))
                .map(Object.class::cast)
                .findFirst();
    }

    private static boolean isUnfinished(Object answer) {
        if (answer instanceof Future<?> future) {
            return !future.isDone();
        }
        if (answer instanceof CompletionStage<?> stage) {
            return !stage.toCompletableFuture().isDone();
        }
        return answer instanceof BaseStream
                || answer instanceof Iterator
                || answer instanceof Flow.Publisher
                || answer instanceof Callable
                || isLazy(answer.getClass());
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
