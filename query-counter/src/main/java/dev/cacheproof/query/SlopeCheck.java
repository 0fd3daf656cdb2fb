package dev.cacheproof.query;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.FailureText;
import dev.cacheproof.Operation;
import dev.cacheproof.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** One check of how what a block asks for grows with the data: prepare, run, prepare more, run again, compare. */
record SlopeCheck(QueryCheck check, Scale scale, ScaledBlock block) {

    /** What one run has asked of databases and cache servers; what arrives together is asked once. */
    private record Asked(Measurement<?> run, List<Operation> operations, long own, long unattributed) {

        static Asked in(Measurement<?> run, Repeats allowed) {
            List<Operation> operations =
                    new ArrayList<>(run.of(Operation.Kind.QUERY).retained());
            operations.addAll(run.commands().retained());
            List<OperationGroup> free = OperationGroup.of(operations).stream()
                    .filter(allowed::covers)
                    .toList();
            free.forEach(group -> operations.removeAll(group.operations()));
            long left = free.stream().mapToLong(OperationGroup::roundTrips).sum();
            return new Asked(
                    run,
                    operations,
                    run.of(Operation.Kind.QUERY).count() + run.commands().count() - left,
                    run.of(Operation.Kind.QUERY).unattributedCount()
                            + run.commands().unattributedCount());
        }
    }

    void run() {
        if (Settings.current().mode() == Settings.Mode.OFF) {
            measured(scale.few(), () -> Measurement.call(at(scale.few())));
            measured(scale.many(), () -> Measurement.call(at(scale.many())));
            return;
        }
        Optional<Asked> few = ask(scale.few());
        Optional<Asked> many = few.flatMap(certain -> ask(scale.many()));
        many.ifPresent(more -> Verdicts.enforce(failure(few.get(), more)));
    }

    /** Runs the block for an amount; empty where what it asked for cannot be known, and failures are not enforced. */
    private Optional<Asked> ask(int amount) {
        Measurement<?> run =
                measured(amount, () -> Measurement.of(check, CachingContract.Unit.remoteAccess(), at(amount)));
        // What is allowed is taken off by its details.
        Optional<AssertionFailedError> uncertain = Verdicts.uncertainOfRemote(run)
                .or(() -> check.repeats().patterns().isEmpty() ? Optional.empty() : Verdicts.incomplete(run));
        Verdicts.enforce(uncertain);
        return uncertain.isPresent() ? Optional.empty() : Optional.of(Asked.in(run, check.repeats()));
    }

    private <R extends @Nullable Object> R measured(int amount, Callable<R> run) {
        Measurement.call(QueryCheck.withoutAnswer(() -> scale.preparation().run(amount)));
        CacheIsolationEngine engine = CacheIsolationEngine.current();
        if (!engine.isEmpty()) {
            engine.reset();
        }
        return Measurement.call(run);
    }

    private Callable<@Nullable Object> at(int amount) {
        return QueryCheck.withoutAnswer(() -> block.run(amount));
    }

    private Optional<AssertionFailedError> failure(Asked few, Asked many) {
        if (many.own + many.unattributed <= few.own) {
            return Optional.empty();
        }
        List<OperationGroup> grown = grown(few, many);
        boolean grows = many.own > few.own + few.unattributed;
        FailureText text =
                FailureText.of("Expected no more round trips for " + scale.many() + " than for " + scale.few()
                        + " in " + many.run.place() + ", but "
                        + (grows ? "they grow: " : "it cannot be told: ")
                        + count(few) + " for " + scale.few() + ", " + count(many) + " for " + scale.many());
        grown.stream().flatMap(group -> group.lines(true).stream()).forEach(text::evidence);
        if (check.reason() != null) {
            text.fact("because", check.reason());
        }
        int more = scale.many() - scale.few();
        long added = many.own - few.own;
        text.fact(
                "grows by", added <= 0 ? "" : added % more == 0 ? added / more + " for each" : added + " for " + more);
        for (Operation.Kind kind : List.of(Operation.Kind.QUERY, Operation.Kind.COMMAND)) {
            RunText.unattributed(text, "unattributed", many.run.of(kind));
        }
        text.fact("allowed", check.repeats().toString());
        return Optional.of(text.hint(
                        grows
                                ? RunText.adviceOn(grown)
                                        .orElse(
                                                "ask for all of it together: with a join, with IN (...), with MGET or in a pipeline.")
                                : RunText.unattributedHint(many.run, few.run))
                .toError(count(few), count(many)));
    }

    private static String count(Asked asked) {
        return asked.unattributed == 0
                ? String.valueOf(asked.own)
                : asked.own + " to " + (asked.own + asked.unattributed);
    }

    /** Finds what was asked for more often, by statement or command: the line that asks may be another for each. */
    private static List<OperationGroup> grown(Asked few, Asked many) {
        Map<List<String>, Integer> growth = new HashMap<>();
        many.operations.forEach(operation -> growth.merge(key(operation), 1, Integer::sum));
        few.operations.forEach(operation -> growth.merge(key(operation), -1, Integer::sum));
        return OperationGroup.of(many.operations.stream()
                .filter(operation -> growth.getOrDefault(key(operation), 0) > 0)
                .toList());
    }

    private static List<String> key(Operation operation) {
        return List.of(operation.source(), operation.shape());
    }
}
