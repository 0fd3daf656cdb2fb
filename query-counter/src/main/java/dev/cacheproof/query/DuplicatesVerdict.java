package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Operation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** Decides whether a block has read something twice although nothing was written that it may have seen. */
record DuplicatesVerdict(
        Measurement<?> run, Repeats allowed, @Nullable String reason) {

    private static final int GROUPS_SHOWN = 12;

    Optional<AssertionFailedError> failure() {
        // What was not kept may have changed what was read.
        Optional<AssertionFailedError> unknown = Verdicts.uncertainOfRemote(run).or(() -> Verdicts.incomplete(run));
        if (unknown.isPresent()) {
            return unknown;
        }
        List<Operation> asked = new ArrayList<>(run.of(Operation.Kind.QUERY).retained());
        asked.addAll(run.commands().retained());
        List<OperationGroup> own = duplicates(asked);
        if (!own.isEmpty()) {
            String doubt = run.keepsAllOfOthers() ? "" : "unless another thread has written in between, ";
            return Optional.of(text(own, doubt + "there is one", doubt + "there are "));
        }
        asked.addAll(run.of(Operation.Kind.QUERY).unattributed());
        asked.addAll(run.commands().unattributed());
        List<OperationGroup> perhaps = duplicates(asked);
        return perhaps.isEmpty()
                ? Verdicts.nothingAsked(run, "nothing to be read twice")
                : Optional.of(text(
                        perhaps,
                        "there is one if what another thread asks for is the block's",
                        "if what other threads ask for is the block's, there are "));
    }

    private List<OperationGroup> duplicates(List<Operation> asked) {
        Set<Operation> counted = Collections.newSetFromMap(new IdentityHashMap<>());
        counted.addAll(asked);
        Predicate<Operation> covered = allowed.covering();
        return DuplicateReads.in(run.everything(), read -> counted.contains(read) && !covered.test(read)).stream()
                .filter(group -> group.size() > allowed.atMost())
                .toList();
    }

    private AssertionFailedError text(List<OperationGroup> found, String one, String several) {
        FailureText text = FailureText.of("Expected nothing to be read twice in " + run.place() + ", but "
                + (found.size() == 1 ? one : several + found.size() + " such duplicates"));
        for (OperationGroup group : found.stream().limit(GROUPS_SHOWN).toList()) {
            Operation first = group.first();
            text.evidence(group.size() + "x " + OperationGroup.oneLine(first.text()) + "   on " + group.source());
            if (!first.parameters().isEmpty()) {
                text.evidence("   values " + first.parameters());
            }
            group.operations().stream()
                    .flatMap(each -> each.callSite().stream())
                    .distinct()
                    .forEach(site -> text.evidence("   at " + site));
        }
        if (found.size() > GROUPS_SHOWN) {
            text.evidence("... and " + (found.size() - GROUPS_SHOWN) + " others");
        }
        if (reason != null) {
            text.fact("because", reason);
        }
        if (!allowed.isNothing()) {
            text.fact("allowed", allowed.toString());
        }
        RunText.unattributed(text, "unattributed", run.of(Operation.Kind.QUERY));
        RunText.unattributed(text, "unattributed", run.commands());
        return text.hint(
                        run.unattributed() > 0
                                ? RunText.unattributedHint(run)
                                : "ask once and pass the answer on, or cache it. If it is meant, allow it: allowingRepeatsOf(\""
                                        + OperationGroup.oneLine(
                                                        found.get(0).first().shape())
                                                .replace(" ... ", "*") + "\").")
                .toError();
    }
}
