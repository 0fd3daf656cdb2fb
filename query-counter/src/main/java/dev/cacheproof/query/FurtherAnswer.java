package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a further run of a contract came to.
 *
 * @param expected what the contract says of it
 * @param run what it asked for, and what it answered
 * @param before the last answer before it that was right
 * @param unchanged whether the truth is what it was before
 * @param truth what the block answers with cold caches; the answer before it where nothing has changed meanwhile
 */
record FurtherAnswer(
        FurtherRun expected,
        Measurement<?> run,
        @Nullable Object before,
        boolean unchanged,
        @Nullable Object truth) {

    Optional<String> complaint() {
        if (!isFresh()) {
            return Optional.of("the answer " + expected.name() + " is "
                    + (expected.change() == null
                            ? "not equal to the one before"
                            : isAsBefore() ? "the stale one" : "not that of cold caches"));
        }
        if (!isAsExpected()) {
            return Optional.of("the answer " + expected.name() + " is not the expected one");
        }
        return expected.change() != null && unchanged && expected.expected() == null
                ? Optional.of("the change did not change the answer, so nothing stale could be seen")
                : Optional.empty();
    }

    private boolean isFresh() {
        return Objects.deepEquals(run.answer(), truth);
    }

    private boolean isAsBefore() {
        return Objects.deepEquals(run.answer(), before);
    }

    private boolean isAsExpected() {
        FurtherRun.Expectation wanted = expected.expected();
        return wanted == null || Objects.deepEquals(run.answer(), wanted.answer());
    }

    void describe(FailureText text) {
        FurtherRun.Expectation wanted = expected.expected();
        if (isFresh() && isAsExpected()) {
            return;
        }
        text.fact("answer " + expected.name(), Answers.show(run.answer()));
        if (!isFresh()) {
            text.fact(expected.change() == null ? "answer before" : "with cold caches", Answers.show(truth));
        }
        if (wanted != null && !isAsExpected()) {
            text.fact("expected", Answers.show(wanted.answer()));
        }
    }

    Optional<String> hint() {
        if (expected.change() == null) {
            return Optional.empty();
        }
        if (!isFresh()) {
            return Optional.of("""
                    a cache still holds what was there before the change: let the change evict it, or let its key
                    name a version that the change moves on. If the eviction is put off, to a commit or to another
                    thread, let the change wait for it.""");
        }
        return unchanged && expected.expected() == null
                ? Optional.of(
                        "let the change change the answer; or say that it need not: after(...).expecting(answer).")
                : Optional.empty();
    }
}
