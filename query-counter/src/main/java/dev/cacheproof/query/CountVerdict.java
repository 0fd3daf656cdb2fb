package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Operation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** Decides about an expected number of queries or round trips: the whole interval that the count may lie in must satisfy it. */
record CountVerdict(
        Measurement<?> run, Expected expected, @Nullable String reason) {

    Optional<AssertionFailedError> failure() {
        Optional<AssertionFailedError> uncertain = Verdicts.uncertain(run);
        if (uncertain.isPresent()) {
            return uncertain;
        }
        long own = run.own();
        long unattributed = run.unattributed();
        if (expected.allows(own) && expected.allows(own + unattributed)) {
            return Optional.empty();
        }
        LackingCommands lacking = LackingCommands.in(run);
        FailureText text = FailureText.of(claim(own, unattributed));
        RunText description = new RunText(text, run);
        description.evidence("");
        if (reason != null) {
            text.fact("because", reason);
        }
        description.facts(own);
        lacking.describe(text);
        hint(own, unattributed, description, lacking).ifPresent(text::hint);
        return Optional.of(text.toError(expected.asValue(), actual(own, unattributed)));
    }

    private String claim(long own, long unattributed) {
        String block = verb(own, unattributed) + " in " + run.place();
        if (expected.allows(own)) {
            return "Expected " + expected.of(run.unit()) + ", and " + (own == 0 ? "none" : own) + block + "; but "
                    + (unattributed == 1
                            ? "1 more, on another thread, may be the block's too"
                            : unattributed + " more, on other threads, may be the block's too");
        }
        return "Expected " + expected.of(run.unit()) + ", but " + actual(own, unattributed) + block;
    }

    private static String actual(long own, long unattributed) {
        return unattributed == 0 ? String.valueOf(own) : own + " to " + (own + unattributed);
    }

    private String verb(long own, long unattributed) {
        return !isOfCaches() ? " ran" : own == 1 && unattributed == 0 ? " was made" : " were made";
    }

    private boolean isOfCaches() {
        return run.unit().kind() == Operation.Kind.COMMAND;
    }

    private Optional<String> hint(long own, long unattributed, RunText description, LackingCommands lacking) {
        if (unattributed > 0) {
            return Optional.of(RunText.unattributedHint(run));
        }
        if (lacking.advice().isPresent()) {
            return lacking.advice();
        }
        if (own == 0) {
            return Optional.of(hintOnNone());
        }
        return expected.isExceededBy(own) ? description.advice() : Optional.of("""
                        fewer ran than expected. If a cache answered, another test may have warmed it (@CacheIsolation
                        makes it cold), or its key lacks something that has changed: a version, a tenant, a flag.""");
    }

    private String hintOnNone() {
        return switch (run.unit().kind()) {
            case COMMAND -> """
                    if the block did ask a cache server, it is one that nobody watches: let it connect to the fake of the
                    test, @Fake FakeRedis redis. If a cache in this process answered, another test may have warmed it
                    (@CacheIsolation makes it cold).""";
            case LOAD -> """
                    if the block did load, it was not through Loads.counted(...), or that has another name. If a cache
                    answered, another test may have warmed it (@CacheIsolation makes it cold), or its key lacks
                    something that has changed.""";
            default -> """
                    if the block did query, it uses a data source that is not watched: give it what
                    QueryCounter.watch(dataSource) returned. If a cache answered, another test may have warmed it
                    (@CacheIsolation makes it cold), or its key lacks something that has changed.""";
        };
    }
}
