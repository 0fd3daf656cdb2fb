package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** The reasons for which no count can be believed, and what becomes of a failure. */
final class Verdicts {

    private Verdicts() {}

    /** Throws the failure; in report mode, leaves it with the test instead. */
    static void enforce(Optional<AssertionFailedError> failure) {
        if (failure.isEmpty()) {
            return;
        }
        if (Settings.current().mode() == Settings.Mode.ENFORCE) {
            throw failure.get();
        }
        String text = String.valueOf(failure.get().getMessage());
        Scope.current().ifPresent(scope -> scope.root().report("cacheproof.wouldFail", text));
        System.getLogger("dev.cacheproof").log(System.Logger.Level.WARNING, "would fail if enforced: " + text);
    }

    /** Says why the count of a run cannot be known, if it cannot. */
    static Optional<AssertionFailedError> uncertain(Measurement<?> run) {
        if (Recorder.watched(run.unit().kind()).isEmpty()) {
            return Optional.of(nothingWatched(run));
        }
        if (isUnfinished(run.answer())) {
            return Optional.of(unfinishedAnswer(run));
        }
        if (!run.unfinished().isEmpty()) {
            return Optional.of(unfinishedTasks(run));
        }
        if (run.unit().kind() == Operation.Kind.QUERY
                && run.escapes().count() > 0
                && !run.check().allowsEscapes()) {
            return Optional.of(escaped(run));
        }
        return Optional.empty();
    }

    private static AssertionFailedError nothingWatched(Measurement<?> run) {
        boolean queries = run.unit().kind() == Operation.Kind.QUERY;
        return FailureText.of((queries ? "No data source is watched" : "No load is counted")
                        + ", so nothing could be counted in the block at " + run.openedAt())
                .hint(
                        queries
                                ? "give the code under test QueryCounter.watch(dataSource) instead of its data source."
                                : "wrap the load where the test wires the code under test:\n"
                                        + "Loads.counted(\"theme files\", () -> files.find(site)).")
                .toError();
    }

    private static AssertionFailedError unfinishedAnswer(Measurement<?> run) {
        return FailureText.of("The work has not run: the block at " + run.openedAt() + " returned a "
                        + typeName(run.answer()) + ", which works when it is consumed")
                .fact("counted", run.unit().count(run.own()) + " so far")
                .hint("consume it inside the block: toList(), join(), get().")
                .toError();
    }

    private static String typeName(@Nullable Object answer) {
        return answer == null ? "null" : answer.getClass().getName();
    }

    /** Says whether an answer stands for work that may still run. */
    private static boolean isUnfinished(@Nullable Object answer) {
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
                || (answer != null && isPublisher(answer.getClass()));
    }

    /** Known by its name: the library of reactive streams may be absent, or be there. */
    private static boolean isPublisher(@Nullable Class<?> type) {
        if (type == null) {
            return false;
        }
        for (Class<?> face : type.getInterfaces()) {
            if (face.getName().equals("org.reactivestreams.Publisher") || isPublisher(face)) {
                return true;
            }
        }
        return isPublisher(type.getSuperclass());
    }

    private static AssertionFailedError unfinishedTasks(Measurement<?> run) {
        FailureText text = FailureText.of("The count is not final: the block at " + run.openedAt()
                        + " has handed over work that has not finished")
                .fact("counted", run.unit().count(run.own()) + " so far");
        run.unfinished().forEach(task -> text.fact("unfinished", task));
        return text.hint("wait for it inside the block: future.get(), latch.await().")
                .toError();
    }

    private static AssertionFailedError escaped(Measurement<?> run) {
        FailureText text = FailureText.of("The count cannot be known: the block at " + run.openedAt()
                        + " took an object of the driver, and what is done with that is not seen")
                .fact("counted", run.unit().count(run.own()));
        run.escapes()
                .retained()
                .forEach(escape -> text.fact(
                        "escape",
                        escape.text()
                                + escape.callSite().map(site -> "  at " + site).orElse("")));
        return text.hint("use the connection through java.sql; or, if what it does needs no counting,\n"
                        + "say so: on(dataSource).allowingEscapes().assertNumQueries(...).")
                .toError();
    }
}
