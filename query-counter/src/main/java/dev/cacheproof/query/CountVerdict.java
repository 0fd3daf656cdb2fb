package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** Decides about an expected number of queries or round trips: the whole interval that the count may lie in must satisfy it. */
record CountVerdict(
        Measurement<?> run,
        Circumstances around,
        Expected expected,
        @Nullable String reason) {

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
            description.whatMayHaveAnswered(around);
        }
        lacking.describe(text);
        Optional<Surroundings.Finding> passedBy =
                expected.isExceededBy(own) ? Circumstances.passedBy(run) : Optional.empty();
        if (passedBy.isPresent()) {
            text.fact("passed by", passedBy.get().detail());
        } else if (expected.isExceededBy(own) && !isOfCaches()) {
            Recorder.whyNotWatched(Operation.Kind.CACHE).forEach(reason -> text.fact("no cache", reason));
        }
        hint(own, unattributed, description, lacking, passedBy).ifPresent(text::hint);
        return Optional.of(text.toError(expected.asValue(), actual(own, unattributed)));
    }

    /** Nothing is cold in report mode, so a cache may have answered that is cold when failures are enforced. */
    boolean mayPassWithColdCaches() {
        return isTooFew()
                && Verdicts.uncertain(run).isEmpty()
                && test().filter(RunningTest::wouldBeIsolated).isPresent();
    }

    /** Says whether something may have answered in the place of what is counted. */
    boolean isTooFew() {
        return run.own() < expected.atLeast() && !isOfCaches();
    }

    private String claim(long own, long unattributed) {
        String block = verb(own, expected.allows(own) ? 0 : unattributed) + " in " + run.place();
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

    private Optional<String> hint(
            long own,
            long unattributed,
            RunText description,
            LackingCommands lacking,
            Optional<Surroundings.Finding> passedBy) {
        if (unattributed > 0) {
            return Optional.of(RunText.unattributedHint(run));
        }
        if (lacking.advice().isPresent()) {
            return lacking.advice();
        }
        if (passedBy.isPresent()) {
            return passedBy.map(Surroundings.Finding::advice);
        }
        if (isTooFew() && around.advice().isPresent()) {
            return around.advice();
        }
        if (own == 0) {
            return Optional.of(hintOnNone() + whatAnswered() + ifNothingIsWrong(own));
        }
        if (!expected.isExceededBy(own)) {
            return Optional.of((expected.isExact()
                            ? "if it needs no more than is listed above, expect "
                                    + run.unit().count(own) + ". Otherwise find out what\nanswered instead:"
                            : "find out what answered instead:")
                    + whatAnswered());
        }
        return description
                .advice()
                .or(() -> isOfCaches() ? hintOnSockets(own) : Optional.of("""
                        if a cache was to answer, assertCaching shows whether it was asked, and what it has kept.\
                        """ + ifNothingIsWrong(own)));
    }

    private Optional<String> hintOnSockets(long own) {
        boolean overSocket = run.shown().retained().stream()
                .anyMatch(command -> command.callSite().isEmpty());
        return overSocket ? Optional.of("""
                        what arrives over a socket while the block runs is taken for the block's, whoever sent it, such as a
                        scheduled job. In process it is the calling thread's: InProcessJedis.client(redis).\
                        """ + ifNothingIsWrong(own)) : Optional.empty();
    }

    private String hintOnNone() {
        return switch (run.unit().kind()) {
            case COMMAND -> """
                    if the block did ask a cache server, it is one that nobody watches: let it connect to the fake of the
                    test, @Fake FakeRedis redis. If it did not, find out what answered instead:""";
            case LOAD -> """
                    if the block did load, it was not through Loads.counted(...), or that has another name. If it did
                    not, find out what answered instead:""";
            default ->
                run.elsewhere().isEmpty()
                        ? """
                    if the block did query, it was through a data source that is not watched%s: give it
                    what QueryCounter.watch(dataSource) returned. If it did not, find out what answered instead:\
                    """.formatted(runsInApplication() ? ", such as one that is no bean" : "")
                        : """
                    what the block did ask went elsewhere, as is shown above: count that, or find out what answered instead:""";
        };
    }

    private String whatAnswered() {
        return (isIsolated()
                        ? "\n  a cache that the test itself has warmed, or one that is not made cold: not registered, or left out\n"
                                + "  by only = ...;"
                        : Settings.current().mode() == Settings.Mode.REPORT
                                ? "\n  a cache that another test has warmed (in report mode, none is made cold);"
                                : "\n  a cache that another test has warmed (@CacheIsolation makes it cold);")
                + "\n  or one that held what should have been evicted;"
                + "\n  or one whose key lacks something that has changed: a version, a tenant, a flag"
                + (runsInApplication() && run.unit().kind() == Operation.Kind.QUERY
                        ? ";\n  or, in a @Transactional test, the session of an ORM, which has the object, or has not flushed yet."
                        : ".");
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
