package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** Decides about several expectations of one run together. */
record ExpectationVerdict(
        Measurement<?> run,
        Circumstances around,
        QueryExpectation expectation,
        @Nullable String reason) {

    private static final int GROUPS_SHOWN = 12;

    Optional<AssertionFailedError> failure() {
        Optional<AssertionFailedError> uncertain = Verdicts.uncertain(run);
        if (uncertain.isPresent()) {
            return uncertain;
        }
        List<ExpectationCount> counts = expectation.parts().stream()
                .map(part -> ExpectationCount.of(part, run))
                .toList();
        if (counts.stream().anyMatch(count -> !count.part().isOfAll())) {
            Optional<AssertionFailedError> incomplete = Verdicts.incomplete(run);
            if (incomplete.isPresent()) {
                return incomplete;
            }
        }
        List<ExpectationCount> broken =
                counts.stream().filter(count -> !count.isMet()).toList();
        return broken.isEmpty() ? Optional.empty() : Optional.of(text(broken, counts.size()));
    }

    private AssertionFailedError text(List<ExpectationCount> broken, int all) {
        String mismatches = broken.stream()
                .map(each -> "expected " + each.expectation() + ", but " + each.actual() + " ran")
                .collect(Collectors.joining("; "));
        FailureText text = FailureText.of(
                all == 1
                        ? "E" + mismatches.substring(1) + " in " + run.place()
                        : broken.size() + " of " + all + " expectations of the queries in " + run.place()
                                + " are not met: " + mismatches);
        for (ExpectationCount each : broken) {
            if (all > 1) {
                text.evidence(each.expectation() + ":" + (each.counted().isEmpty() ? " none ran" : ""));
            }
            show(text, OperationGroup.of(each.counted()), all > 1 ? "  " : "");
            because(text, each.part().reason(), all > 1);
            doubts(text, each);
        }
        boolean tooFew = broken.stream()
                .anyMatch(each -> each.own() < each.part().count().atLeast());
        RunText description = new RunText(text, run);
        if (tooFew && broken.stream().noneMatch(each -> each.part().isOfAll())) {
            text.evidence("all that ran:" + (run.own() == 0 ? " nothing" : ""));
            description.evidence("  ");
        }
        if (reason != null) {
            text.fact("because", reason);
        }
        description.facts(run.own());
        if (tooFew) {
            description.whatMayHaveAnswered(around);
        }
        hint(broken, tooFew, description).ifPresent(text::hint);
        return text.toError(
                broken.stream().map(ExpectationCount::expectation).collect(Collectors.joining("; ")),
                broken.stream().map(ExpectationCount::actual).collect(Collectors.joining("; ")));
    }

    private static void show(FailureText text, List<OperationGroup> groups, String indent) {
        groups.stream()
                .limit(GROUPS_SHOWN)
                .flatMap(group -> group.lines(true).stream())
                .forEach(line -> text.evidence(indent + line));
        if (groups.size() > GROUPS_SHOWN) {
            text.evidence(indent + "... and " + (groups.size() - GROUPS_SHOWN) + " other kinds");
        }
    }

    /** Of several expectations, the reason of each stands by what it is about. */
    private static void because(FailureText text, @Nullable String reason, boolean several) {
        if (reason == null) {
            return;
        }
        if (several) {
            text.evidence("  because  " + reason);
        } else {
            text.fact("because", reason);
        }
    }

    private static void doubts(FailureText text, ExpectationCount count) {
        OperationGroup.of(count.doubtful()).stream()
                .limit(GROUPS_SHOWN)
                .forEach(group -> text.fact(
                        "not known",
                        group.size() + "x "
                                + OperationGroup.oneLine(group.first().text()) + ", which may be counted or not"
                                + Doubt.of(count.part(), group.first()).reason()));
    }

    private Optional<String> hint(List<ExpectationCount> broken, boolean tooFew, RunText description) {
        if (run.unattributed() > 0) {
            return Optional.of(RunText.unattributedHint(run));
        }
        Optional<Doubt> doubt = broken.stream()
                .flatMap(each -> each.doubtful().stream().map(query -> Doubt.of(each.part(), query)))
                .findFirst();
        if (doubt.isPresent()) {
            return Optional.of(doubt.get().hint());
        }
        if (tooFew && around.advice().isPresent()) {
            return around.advice();
        }
        return description.advice();
    }
}
