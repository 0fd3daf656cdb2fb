package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.query.Surroundings.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.opentest4j.AssertionFailedError;

/** Decides about a caching contract, and says why the warm run cost what it cost. */
record CachingVerdict(
        QueryCheck check,
        CachingContract contract,
        Measurement<?> cold,
        Measurement<?> warm,
        Answers answers,
        CachesMet caches,
        Circumstances around,
        List<FurtherAnswer> further) {

    Optional<AssertionFailedError> failure() {
        List<String> broken = new ArrayList<>();
        mismatch("cold", cold, contract.expectedCold()).ifPresent(broken::add);
        mismatch("warm", warm, contract.expectedWarm()).ifPresent(broken::add);
        answers.complaint().ifPresent(broken::add);
        for (FurtherAnswer each : further) {
            mismatch(each.expected().name(), each.run(), each.expected().count())
                    .ifPresent(broken::add);
            each.complaint().ifPresent(broken::add);
        }
        around.complaint().ifPresent(broken::add);
        if (!caches.anyMet()) {
            broken.add(
                    caches.countsAllReads()
                            ? "no registered cache was met"
                            : "no registered cache has kept anything, or was seen to be read");
        }
        if (broken.isEmpty()) {
            return Optional.empty();
        }
        FailureText text = FailureText.of(claim(broken) + " in " + cold.place() + ": " + String.join("; ", broken));
        describe(text, "cold run", cold, contract.expectedCold());
        describe(text, "warm run", warm, contract.expectedWarm());
        further.forEach(each -> describe(
                text, each.expected().name(), each.run(), each.expected().count()));
        String reason = check.reason();
        if (reason != null) {
            text.fact("because", reason);
        }
        answers.describe(text);
        further.forEach(each -> each.describe(text));
        caches.describe(text);
        notCounted().ifPresent(work -> text.fact("not counted", work));
        boolean cannotCache = !caches.anyMet()
                && !Recorder.whyNotWatched(Operation.Kind.CACHE).isEmpty();
        Optional<Finding> passedBy = Optional.empty();
        if (cannotCache) {
            Verdicts.whyNotWatched(Operation.Kind.CACHE, text);
        } else if (warm.own() > contract.expectedWarm()) {
            passedBy = Circumstances.passedBy(warm);
            passedBy.ifPresent(finding -> text.fact("passed by", finding.detail()));
        }
        around.describe(text);
        RunText.unattributed(text, "unattributed, cold", cold.counted());
        RunText.unattributed(text, "unattributed, warm", warm.counted());
        further.forEach(
                each -> RunText.unattributed(text, "unattributed", each.run().counted()));
        LackingCommands lacking = LackingCommands.in(runs());
        lacking.describe(text);
        hint(lacking, cannotCache, passedBy).ifPresent(text::hint);
        return Optional.of(text.toError(
                "cold " + contract.expectedCold() + ", warm " + contract.expectedWarm()
                        + each(run -> String.valueOf(run.expected().count())),
                "cold " + actual(cold) + ", warm " + actual(warm) + each(run -> actual(run.run()))));
    }

    private String claim(List<String> broken) {
        if (isOnlyTheNumber(broken)) {
            return "Caching works, but not as expected,";
        }
        boolean byNumbersAlone = further.isEmpty()
                && answers.complaint().isEmpty()
                && around.complaint().isEmpty()
                && caches.anyMet();
        return byNumbersAlone && mayBe(cold, contract.expectedCold()) && mayBe(warm, contract.expectedWarm())
                ? "It cannot be told whether caching works"
                : "Caching is broken";
    }

    private static boolean mayBe(Measurement<?> run, int expected) {
        return run.own() <= expected && expected <= run.own() + run.unattributed();
    }

    private Measurement<?>[] runs() {
        return Stream.concat(Stream.of(cold, warm), further.stream().map(FurtherAnswer::run))
                .toArray(Measurement<?>[]::new);
    }

    private String each(Function<FurtherAnswer, String> number) {
        return further.stream()
                .map(run -> ", " + run.expected().name() + " " + number.apply(run))
                .collect(Collectors.joining());
    }

    private static Optional<String> mismatch(String name, Measurement<?> run, int expected) {
        return isMet(run, expected)
                ? Optional.empty()
                : Optional.of(name + " cost " + actual(run) + ", expected "
                        + run.unit().count(expected));
    }

    private static String actual(Measurement<?> run) {
        return run.unattributed() == 0
                ? String.valueOf(run.own())
                : run.own() + " to " + (run.own() + run.unattributed());
    }

    private static void describe(FailureText text, String name, Measurement<?> run, int expected) {
        text.evidence(name + ": " + run.unit().count(run.own())
                + (isMet(run, expected) ? ", as expected" : run.own() == expected ? "" : ", expected " + expected));
        if (run.own() != expected) {
            new RunText(text, run).evidence("  ");
        }
    }

    private Optional<String> hint(LackingCommands lacking, boolean cannotCache, Optional<Finding> passedBy) {
        if (around.advice().isPresent()) {
            return around.advice();
        }
        Measurement<?>[] runs = runs();
        if (Stream.of(runs).anyMatch(run -> run.unattributed() > 0)) {
            return Optional.of(RunText.unattributedHint(runs));
        }
        if (around.adviceOnPutOff().isPresent()) {
            return around.adviceOnPutOff();
        }
        if (lacking.advice().isPresent()) {
            return lacking.advice();
        }
        if (cannotCache) {
            return Optional.of(
                    "change what is named above; or register the cache that the block does use: @RegisterCache on a field,\n"
                            + "or a CacheRegistrar once per project.");
        }
        if (passedBy.isPresent()) {
            return passedBy.map(Finding::advice);
        }
        if (cold.own() < contract.expectedCold()) {
            boolean isNumber = isMet(warm, contract.expectedWarm());
            return Optional.of((isNumber
                            ? "if the cold run needs no more than is listed above, expect " + found() + ".\nOtherwise a"
                            : "a")
                    + " cache that is not registered may have answered it: register it with @RegisterCache on a\n"
                    + "field, or in a CacheRegistrar once per project. Or the rest of the work went to a data source that is\n"
                    + "not watched.");
        }
        if (caches.anyMet() && otherWork(warm) < otherWork(cold) && warm.own() > contract.expectedWarm()) {
            return Optional.of("the caches have saved what is not counted here, and not what is: let "
                    + contract.unit().count(warm.own()) + " lie\nbehind them, too.");
        }
        boolean savedNothing = warm.own() >= cold.own() && cold.own() > 0 && warm.own() > contract.expectedWarm();
        if (savedNothing || !caches.anyMet()) {
            return Optional.of(caches.whyNothingWasSaved());
        }
        if (isMet(cold, contract.expectedCold())
                && isMet(warm, contract.expectedWarm())
                && answers.complaint().isEmpty()) {
            return hintOnFurther();
        }
        Optional<String> onAnswers = answers.hint();
        return onAnswers.isPresent() || (isMet(cold, contract.expectedCold()) && isMet(warm, contract.expectedWarm()))
                ? onAnswers
                : Optional.of(hintOnNumbers());
    }

    /** Says whether the caches have saved all that was expected of them, or more, and the expectation may be what is wrong. */
    private boolean isOnlyTheNumber(List<String> broken) {
        return broken.size() == 1
                && further.isEmpty()
                && answers.complaint().isEmpty()
                && around.complaint().isEmpty()
                && caches.anyMet()
                && cold.unattributed() + warm.unattributed() == 0
                && cold.own() > warm.own()
                && warm.own() <= contract.expectedWarm();
    }

    private String hintOnNumbers() {
        if (cold.own() > contract.expectedCold()) {
            return "the cold run cost more than expected. If it needs all that is listed above, expect " + found()
                    + ".";
        }
        return warm.own() > contract.expectedWarm()
                ? "the warm run still cost something. If that is not to be cached, expect " + found() + "."
                : "the warm run cost less than expected: what was to be asked for anew is cached, too. If it may be,\nexpect "
                        + found() + ".";
    }

    private Optional<String> hintOnFurther() {
        return further.stream()
                .flatMap(each -> each.hint().stream())
                .findFirst()
                .or(() -> further.stream()
                        .filter(each -> !isMet(each.run(), each.expected().count()))
                        .findFirst()
                        .map(CachingVerdict::hintOnNumber));
    }

    private static String hintOnNumber(FurtherAnswer further) {
        long own = further.run().own();
        return "the run " + further.expected().name()
                + (own > further.expected().count()
                        ? " cost more than expected. If it needs all that is listed above, expect "
                        : " cost less than expected: a cache has answered that was to be cold or\nevicted, or one that is not"
                                + " registered. If it may, expect ")
                + own + ".";
    }

    private String found() {
        return "cold(" + cold.own() + ").warm(" + warm.own() + ")";
    }

    /** What a contract about queries says nothing of may be what the warm run was to save as well; and the reverse. */
    Optional<String> notCounted() {
        CachingContract.Unit unit = isAboutQueries() ? CachingContract.loads() : CachingContract.Unit.queries();
        return otherWork(cold) + otherWork(warm) == 0
                ? Optional.empty()
                : Optional.of(
                        "cold run: " + unit.count(otherWork(cold)) + "; warm run: " + unit.count(otherWork(warm)));
    }

    private long otherWork(Measurement<?> run) {
        return run.of(isAboutQueries() ? Operation.Kind.LOAD : Operation.Kind.QUERY)
                .count();
    }

    private boolean isAboutQueries() {
        return contract.unit().kind() == Operation.Kind.QUERY;
    }

    private static boolean isMet(Measurement<?> run, int expected) {
        return run.own() == expected && run.unattributed() == 0;
    }
}
