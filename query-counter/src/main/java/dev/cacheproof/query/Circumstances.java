package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Operation;
import dev.cacheproof.query.Surroundings.Finding;
import dev.cacheproof.query.Surroundings.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What surrounded the runs of a block, and changed what they cost. */
final class Circumstances {

    /** Loaded once: what is on the class path does not change. */
    private static final List<Surroundings> KNOWN = ServiceLoader.load(Surroundings.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();

    private @Nullable Finding answeredCold;
    private @Nullable Finding answeredWarm;
    private @Nullable Finding putOff;
    private boolean isOfTwoRuns;

    /** Looks at the run of a block that is run once. */
    <T extends @Nullable Object> Measurement<T> only(Supplier<Measurement<T>> run) {
        return cold(run);
    }

    <T extends @Nullable Object> Measurement<T> cold(Supplier<Measurement<T>> run) {
        return look(run, looks -> answeredCold = first(looks, Look::answered));
    }

    <T extends @Nullable Object> Measurement<T> warm(Supplier<Measurement<T>> run) {
        isOfTwoRuns = true;
        return look(run, looks -> answeredWarm = first(looks, Look::answered));
    }

    private <T extends @Nullable Object> Measurement<T> look(Supplier<Measurement<T>> run, Consumer<List<Look>> after) {
        List<Look> looks = new ArrayList<>();
        try {
            KNOWN.forEach(surroundings -> looks.add(surroundings.look()));
            Measurement<T> measured = run.get();
            after.accept(looks);
            putOff = first(looks, Look::putOff);
            return measured;
        } finally {
            looks.forEach(Look::close);
        }
    }

    private static @Nullable Finding first(List<Look> looks, Function<Look, @Nullable Finding> finding) {
        return looks.stream().map(finding).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** Finds work of a run that a cache was to save, where none was asked. */
    static Optional<Finding> passedBy(Measurement<?> run) {
        return run.shown().retained().stream()
                .map(Operation::framesPastCaches)
                .flatMap(frames -> KNOWN.stream().map(surroundings -> surroundings.passedBy(frames)))
                .filter(Objects::nonNull)
                .findFirst();
    }

    Optional<String> complaint() {
        Finding warm = answeredWarm;
        Finding cold = answeredCold;
        return warm != null
                ? Optional.of("the same " + warm.what() + " answered both runs")
                : Optional.ofNullable(cold)
                        .map(found -> "a " + found.what() + " that was there before answered the cold run");
    }

    void describe(FailureText text) {
        describe(text, isOfTwoRuns ? "answered, cold" : "answered", answeredCold);
        describe(text, "answered, warm", answeredWarm);
        describe(text, "put off", putOff);
    }

    private static void describe(FailureText text, String fact, @Nullable Finding finding) {
        if (finding != null) {
            text.fact(fact, finding.detail());
        }
    }

    /** Returns what to do about that which answered. */
    Optional<String> advice() {
        return Optional.ofNullable(answeredWarm != null ? answeredWarm : answeredCold)
                .map(Finding::advice);
    }

    /** Returns what to do about that which was put off. */
    Optional<String> adviceOnPutOff() {
        return Optional.ofNullable(putOff).map(Finding::advice);
    }
}
