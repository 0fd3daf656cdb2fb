package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
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
        if (isTooFew()) {
            Recorder.whyNotWatched(run.unit().kind()).forEach(reason -> text.fact("not watched", reason));
            CachesMet.describeHeld(text);
        }
        lacking.describe(text);
        hint(own, unattributed, description, lacking).ifPresent(text::hint);
        return Optional.of(text.toError(expected.asValue(), actual(own, unattributed)));
    }

    /** Says whether something may have answered in the place of what is counted. */
    boolean isTooFew() {
        return run.own() < expected.atLeast() && !isOfCaches();
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
            return Optional.of(hintOnNone() + whatAnswered() + ifNothingIsWrong(own));
        }
        if (!expected.isExceededBy(own)) {
            return Optional.of("find out what answered instead:" + whatAnswered() + ifNothingIsWrong(own));
        }
        return description
                .advice()
                .or(() -> isOfCaches() ? Optional.empty() : Optional.of("""
                        if a cache was to answer, assertCaching shows whether it was asked, and what it has kept.\
                        """ + ifNothingIsWrong(own)));
    }

    private String hintOnNone() {
        return switch (run.unit().kind()) {
            case COMMAND -> """
                    if the block did ask a cache server, it is one that nobody watches: let it connect to the fake of the
                    test, @Fake FakeRedis redis. If it did not, find out what answered instead:""";
            case LOAD -> """
                    if the block did load, it was not through Loads.counted(...), or that has another name. If it did
                    not, find out what answered instead:""";
            default -> """
                    if the block did query, it was through a data source that is not watched%s: give it
                    what QueryCounter.watch(dataSource) returned. If it did not, find out what answered instead:\
                    """.formatted(runsInApplication() ? ", such as one that is no bean" : "");
        };
    }

    private static String whatAnswered() {
        return (isIsolated()
                        ? "\n  a cache that the test itself has warmed, or that is not registered (@RegisterCache);"
                        : "\n  a cache that another test has warmed (@CacheIsolation makes it cold);")
                + "\n  or one that held what should have been evicted;"
                + "\n  or one whose key lacks something that has changed: a version, a tenant, a flag.";
    }

    private String ifNothingIsWrong(long own) {
        return expected.isExact()
                ? "\nIf nothing is wrong with the block, expect " + run.unit().count(own) + "."
                : "";
    }

    private static boolean isIsolated() {
        return test().filter(RunningTest::isIsolated).isPresent();
    }

    private static boolean runsInApplication() {
        return test().filter(RunningTest::runsInApplication).isPresent();
    }

    private static Optional<RunningTest> test() {
        return Scope.current().flatMap(Scope::test);
    }
}
