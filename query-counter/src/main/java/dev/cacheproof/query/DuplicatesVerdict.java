package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** Decides whether a block has read something twice although nothing was written that it may have seen. */
record DuplicatesVerdict(
        Measurement<?> run, Repeats allowed, @Nullable String reason) {

    private static final int GROUPS_SHOWN = 12;

    /** What is asked for: where, and in which words, with a hash of the values that may not all be shown. */
    private record Question(String source, String text, String parameters, long valuesHash) {
        static Question of(Operation operation) {
            boolean isCommand = operation.kind() == Operation.Kind.COMMAND;
            return new Question(
                    operation.source(),
                    isCommand ? operation.shape() + " " + operation.reads() : operation.text(),
                    operation.parameters(),
                    operation.valuesHash());
        }
    }

    Optional<AssertionFailedError> failure() {
        Optional<AssertionFailedError> unknown = Verdicts.uncertainOfRemote(run);
        if (unknown.isPresent()) {
            return unknown;
        }
        List<OperationGroup> own = duplicates(
                run.of(Operation.Kind.QUERY).retained(), run.commands().retained());
        if (!own.isEmpty()) {
            return Optional.of(text(own, "there is one", "there are "));
        }
        List<Operation> queries = new ArrayList<>(run.of(Operation.Kind.QUERY).unattributed());
        List<Operation> commands = new ArrayList<>(run.commands().unattributed());
        boolean isAlone = queries.isEmpty() && commands.isEmpty();
        queries.addAll(run.of(Operation.Kind.QUERY).retained());
        commands.addAll(run.commands().retained());
        List<OperationGroup> perhaps = isAlone ? List.of() : duplicates(queries, commands);
        return perhaps.isEmpty()
                ? Verdicts.incomplete(run)
                : Optional.of(text(
                        perhaps,
                        "there is one if what another thread asks for is the block's",
                        "if what other threads ask for is the block's, there are "));
    }

    private List<OperationGroup> duplicates(List<Operation> queries, List<Operation> commands) {
        List<Operation> all = Stream.concat(queries.stream(), commands.stream())
                .sorted(Comparator.comparingLong(Operation::sequence))
                .toList();
        List<List<Operation>> found = new ArrayList<>();
        Map<Question, List<Operation>> since = new LinkedHashMap<>();
        for (Operation operation : all) {
            if (isRead(operation)) {
                List<Operation> same = since.computeIfAbsent(Question.of(operation), absent -> new ArrayList<>());
                same.add(operation);
                if (same.size() == 2) {
                    found.add(same);
                }
            } else {
                since.values().removeIf(read -> mayChange(operation, read.get(0)));
            }
        }
        return found.stream()
                .map(OperationGroup::new)
                .filter(group -> group.size() > allowed.atMost() && !allowed.covers(group))
                .toList();
    }

    private static boolean isRead(Operation operation) {
        return operation.kind() == Operation.Kind.COMMAND
                ? operation.writes().isEmpty() && !operation.reads().isEmpty() && answers(operation)
                : operation.actions().equals(Set.of("READ"));
    }

    /** A command that also removes what it reads, or that was refused, is no question. */
    private static boolean answers(Operation command) {
        return !command.shape().startsWith("GETDEL")
                && (command.outcome().status() == Operation.Outcome.Status.HIT
                        || command.outcome().status() == Operation.Outcome.Status.MISS);
    }

    private static boolean mayChange(Operation write, Operation read) {
        if (!write.source().equals(read.source()) || write.kind() != read.kind()) {
            return false;
        }
        if (write.targets().isEmpty() || read.targets().isEmpty()) {
            return true;
        }
        Set<String> both = new LinkedHashSet<>(lowerCase(write.targets().get()));
        both.retainAll(lowerCase(read.targets().get()));
        return !both.isEmpty();
    }

    private static Set<String> lowerCase(Set<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
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
