package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** Decides about an expected number of queries: the whole interval that the count may lie in must satisfy it. */
record NumQueriesVerdict(
        Measurement<?> run, int expected, @Nullable String reason) {

    Optional<AssertionFailedError> failure() {
        Optional<AssertionFailedError> uncertain = Verdicts.uncertain(run);
        if (uncertain.isPresent()) {
            return uncertain;
        }
        long own = run.own();
        long unattributed = run.unattributed();
        if (own == expected && unattributed == 0) {
            return Optional.empty();
        }
        FailureText text = FailureText.of(claim(own, unattributed));
        if (reason != null) {
            text.fact("because", reason);
        }
        RunText.describe(text, run);
        hint(own, unattributed).ifPresent(text::hint);
        return Optional.of(text.toError(expected, actual(own, unattributed)));
    }

    private String claim(long own, long unattributed) {
        String block = " (data source " + run.check().sourcesText() + "; block at " + run.openedAt() + ")";
        if (own == expected) {
            return "Expected " + run.unit().count(expected) + ", and " + own + " ran, but " + unattributed
                    + " more may belong to the block" + block;
        }
        return "Expected " + run.unit().count(expected) + ", but " + actual(own, unattributed) + " ran" + block;
    }

    private static String actual(long own, long unattributed) {
        return unattributed == 0 ? String.valueOf(own) : own + " to " + (own + unattributed);
    }

    private Optional<String> hint(long own, long unattributed) {
        if (unattributed > 0) {
            return Optional.of(RunText.UNATTRIBUTED_HINT);
        }
        if (own == 0) {
            return Optional.of("if the code did query, it uses a data source that is not watched: give it what\n"
                    + "QueryCounter.watch(dataSource) returned.");
        }
        return Optional.empty();
    }
}
