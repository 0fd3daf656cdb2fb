package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Operation;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** Decides whether a block asks for its data one by one: the same statement or command from one line, with other values. */
record NPlusOneVerdict(
        Measurement<?> run, Repeats allowed, @Nullable String reason) {

    Optional<AssertionFailedError> failure() {
        Optional<AssertionFailedError> unknown = Verdicts.uncertainOfRemote(run);
        if (unknown.isPresent()) {
            return unknown;
        }
        List<OperationGroup> found =
                groups(run.of(Operation.Kind.QUERY).retained(), run.commands().retained());
        List<OperationGroup> perhaps = found.isEmpty()
                ? groups(
                        run.of(Operation.Kind.QUERY).unattributed(),
                        run.commands().unattributed())
                : List.of();
        if (found.isEmpty() && perhaps.isEmpty()) {
            return Verdicts.nothingAsked(run, "no N+1").or(() -> Verdicts.incomplete(run));
        }
        return Optional.of(found.isEmpty() ? perhaps(perhaps) : text(found));
    }

    private List<OperationGroup> groups(List<Operation> queries, List<Operation> commands) {
        return OperationGroup.of(Stream.concat(queries.stream(), commands.stream())
                        .filter(Predicate.not(allowed.covering()))
                        .toList())
                .stream()
                .filter(allowed::isExceededBy)
                .toList();
    }

    private AssertionFailedError text(List<OperationGroup> found) {
        FailureText text = FailureText.of("Expected no N+1 in " + run.place() + ", but "
                + (found.size() == 1 ? "there is one" : "there are " + found.size()));
        show(text, found);
        return text.hint(RunText.adviceOn(found).orElseThrow() + "\nIf it is meant, allow it: allowingRepeatsOf(\""
                        + pattern(found.get(0)) + "\").")
                .toError();
    }

    /** What is left out of a long text in a failure can be anything in a pattern. */
    private static String pattern(OperationGroup group) {
        return OperationGroup.oneLine(group.first().shape()).replace(" ... ", "*");
    }

    private AssertionFailedError perhaps(List<OperationGroup> found) {
        FailureText text = FailureText.of("Expected no N+1 in " + run.place()
                + ", and none of its own was seen; but one on another thread may be the block's");
        show(text, found);
        return text.hint(RunText.unattributedHint(run)).toError();
    }

    private void show(FailureText text, List<OperationGroup> found) {
        found.stream().flatMap(group -> group.lines(true).stream()).forEach(text::evidence);
        if (reason != null) {
            text.fact("because", reason);
        }
        if (!allowed.isNothing()) {
            text.fact("allowed", allowed.toString());
        }
    }
}
