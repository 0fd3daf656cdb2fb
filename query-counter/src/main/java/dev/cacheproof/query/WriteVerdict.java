package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Operation;
import dev.cacheproof.query.CacheWriteExpectation.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** Decides about the entries that a block has written to cache servers. */
record WriteVerdict(
        Measurement<?> run,
        CacheWriteExpectation expectation,
        @Nullable String reason) {

    private static final int LINES_SHOWN = 12;

    private record Broken(Part part, WriteRule.Finding finding) {}

    Optional<AssertionFailedError> failure() {
        Optional<AssertionFailedError> uncertain = Verdicts.uncertain(run).or(() -> Verdicts.incomplete(run));
        if (uncertain.isPresent()) {
            return uncertain;
        }
        List<Operation> commands = run.commands().retained();
        Optional<AssertionFailedError> unknown = notWritten(commands);
        if (unknown.isPresent()) {
            return unknown;
        }
        List<Broken> broken = new ArrayList<>();
        for (Part part : expectation.parts()) {
            List<CacheWrites> entries = CacheWrites.of(commands, part::isAbout);
            if (entries.isEmpty()) {
                return Optional.of(nothingWritten(part));
            }
            part.rule().look(entries).ifPresent(finding -> broken.add(new Broken(part, finding)));
        }
        if (!broken.isEmpty()) {
            return Optional.of(text(broken));
        }
        return run.unattributed() == 0 ? Optional.empty() : Optional.of(doubtful());
    }

    /** What a fault has lost, or a fake does not know, leaves no entry to look at. */
    private Optional<AssertionFailedError> notWritten(List<Operation> commands) {
        List<Operation> lost = commands.stream()
                .filter(command ->
                        command.outcome().isNotInFake() || command.outcome().isLost())
                .toList();
        if (lost.isEmpty()) {
            return Optional.empty();
        }
        FailureText text =
                FailureText.of("It cannot be known what " + run.place() + " would have written to a cache server: "
                        + lost.size() + " of its commands " + (lost.size() == 1 ? "was" : "were") + " not carried out");
        OperationGroup.of(lost).stream()
                .limit(LINES_SHOWN)
                .flatMap(group -> group.lines(true).stream())
                .forEach(text::evidence);
        facts(text);
        LackingCommands lacking = LackingCommands.in(run);
        return Optional.of(text.hint(lacking.advice().orElse("look at what is written without the fault."))
                .toError());
    }

    private AssertionFailedError text(List<Broken> broken) {
        int all = expectation.parts().size();
        FailureText text = FailureText.of(
                all == 1
                        ? "Of the cache writes in " + run.place() + ", expected " + claim(broken.get(0))
                        : broken.size() + " of " + all + " expectations of the cache writes in " + run.place()
                                + " are not met: "
                                + broken.stream()
                                        .map(each -> "expected " + claim(each))
                                        .collect(Collectors.joining("; ")));
        for (Broken each : broken) {
            List<String> lines = each.finding().lines();
            if (all > 1) {
                text.evidence(each.part().rule().expectation() + each.part().narrowing() + ":");
            }
            lines.stream().limit(LINES_SHOWN).forEach(line -> text.evidence((all > 1 ? "  " : "") + line));
            if (lines.size() > LINES_SHOWN) {
                text.evidence((all > 1 ? "  " : "") + "... and " + (lines.size() - LINES_SHOWN) + " more lines");
            }
            if (each.part().reason() != null) {
                text.fact("because", each.part().reason());
            }
        }
        facts(text);
        return text.hint(broken.stream()
                        .map(each -> each.finding().advice())
                        .distinct()
                        .collect(Collectors.joining("\n")))
                .toError();
    }

    private static String claim(Broken broken) {
        return broken.part().rule().expectation() + broken.part().narrowing() + ", but "
                + broken.finding().actual();
    }

    private void facts(FailureText text) {
        if (reason != null) {
            text.fact("because", reason);
        }
        RunText.unattributed(text, "unattributed", run.commands());
    }

    private AssertionFailedError nothingWritten(Part part) {
        List<Operation> commands = run.commands().retained();
        FailureText text = FailureText.of("Expected " + part.rule().expectation() + part.narrowing() + ", but "
                + run.place() + " wrote no such entry to a cache server, which shows nothing");
        OperationGroup.of(commands).stream()
                .limit(LINES_SHOWN)
                .flatMap(group -> group.lines(true).stream())
                .forEach(text::evidence);
        if (commands.isEmpty()) {
            text.fact("watched", RunText.names(run.known()));
        }
        facts(text);
        LackingCommands lacking = LackingCommands.in(run);
        lacking.describe(text);
        return text.hint(
                        run.unattributed() > 0
                                ? RunText.unattributedHint(run)
                                : lacking.advice()
                                        .orElse(
                                                "let the block write: make the caches cold before, and ask for what is not cached yet."))
                .toError();
    }

    private AssertionFailedError doubtful() {
        FailureText text = FailureText.of(
                "It cannot be known what " + run.place() + " has written: other commands may be the block's, too");
        facts(text);
        return text.hint(RunText.unattributedHint(run)).toError();
    }
}
