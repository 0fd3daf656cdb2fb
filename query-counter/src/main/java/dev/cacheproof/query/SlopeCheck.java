package dev.cacheproof.query;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.FailureText;
import dev.cacheproof.Journal;
import dev.cacheproof.Operation;
import dev.cacheproof.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** One check of how what a block asks for grows with the data: prepare, run, prepare more, run again, compare. */
record SlopeCheck(QueryCheck check, Scale scale, ScaledBlock block) {

    /**
     * What one run has asked of databases and cache servers; what arrives together is asked once.
     *
     * @param trips the round trips without what is allowed
     * @param all how many there were
     * @param own how many of them are not allowed
     */
    private record Asked(Measurement<?> run, List<List<Operation>> trips, long all, long own, long unattributed) {

        static Asked in(Measurement<?> run, Repeats allowed) {
            Journal queries = run.of(Operation.Kind.QUERY);
            Journal commands = run.commands().roundTrips();
            List<Operation> operations = new ArrayList<>(queries.retained());
            operations.addAll(run.commands().retained());
            Predicate<Operation> counted = Predicate.not(allowed.covering());
            List<List<Operation>> trips = OperationGroup.roundTripsOf(operations);
            List<List<Operation>> left = trips.stream()
                    .map(trip -> trip.stream().filter(counted).toList())
                    .filter(trip -> !trip.isEmpty())
                    .toList();
            long all = queries.count() + commands.count();
            return new Asked(
                    run,
                    left,
                    all,
                    all - (trips.size() - left.size()),
                    queries.unattributedCount() + commands.unattributedCount());
        }
    }

    void run() {
        if (Settings.current().mode() == Settings.Mode.OFF) {
            measured(scale.few(), () -> Measurement.call(at(scale.few())));
            measured(scale.many(), () -> Measurement.call(at(scale.many())));
            return;
        }
        // The first run pays for what is done once: it fills a pool, and caches that nobody has registered.
        measure(scale.few());
        Optional<Asked> few = ask(scale.few());
        Optional<Asked> many = few.flatMap(certain -> ask(scale.many()));
        many.ifPresent(more -> Verdicts.enforce(failure(few.get(), more)));
    }

    /** Runs the block for an amount; empty where what it asked for cannot be known, and failures are not enforced. */
    private Optional<Asked> ask(int amount) {
        Measurement<?> run = measure(amount);
        // What is allowed is taken off by its details.
        Optional<AssertionFailedError> uncertain = Verdicts.uncertainOfRemote(run)
                .or(() -> check.repeats().patterns().isEmpty() ? Optional.empty() : Verdicts.incomplete(run));
        Verdicts.enforce(uncertain);
        return uncertain.isPresent() ? Optional.empty() : Optional.of(Asked.in(run, check.repeats()));
    }

    private Measurement<?> measure(int amount) {
        return measured(amount, () -> Measurement.of(check, CachingContract.Unit.remoteAccess(), at(amount)));
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
        String expected = "no more round trips for " + scale.many() + " than for " + scale.few();
        Optional<AssertionFailedError> nothing =
                few.all == 0 && many.unattributed == 0 ? Verdicts.nothingAsked(many.run, expected) : Optional.empty();
        if (nothing.isPresent()) {
            return nothing;
        }
        if (many.own + many.unattributed < few.own) {
            return Optional.of(less(few, many));
        }
        if (many.own + many.unattributed == few.own) {
            return Optional.empty();
        }
        List<OperationGroup> grown = excess(many, few);
        boolean grows = many.own > few.own + few.unattributed;
        FailureText text = FailureText.of("Expected " + expected + " in " + many.run.place() + ", but "
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

    /** More data cannot cost less, unless something else answers. */
    private AssertionFailedError less(Asked few, Asked many) {
        FailureText text = FailureText.of("Expected as many round trips for " + scale.many() + " as for " + scale.few()
                + " in " + many.run.place() + ", but " + scale.many() + " cost less, which shows nothing: "
                + count(few) + " for " + scale.few() + ", " + count(many) + " for " + scale.many());
        excess(few, many).stream().flatMap(group -> group.lines(true).stream()).forEach(text::evidence);
        if (check.reason() != null) {
            text.fact("because", check.reason());
        }
        return text.fact("allowed", check.repeats().toString())
                .hint(
                        "find out what has answered: a cache that is not registered, or a preparation after which there is"
                                + " less to ask for.")
                .toError(count(few), count(many));
    }

    private static String count(Asked asked) {
        return asked.unattributed == 0
                ? String.valueOf(asked.own)
                : asked.own + " to " + (asked.own + asked.unattributed);
    }

    /** Finds what one run asked for more often, by statement or command: the line that asks may be another for each. */
    private static List<OperationGroup> excess(Asked over, Asked other) {
        Map<List<String>, Integer> excess = new HashMap<>();
        over.trips.forEach(trip -> excess.merge(key(trip.get(0)), 1, Integer::sum));
        other.trips.forEach(trip -> excess.merge(key(trip.get(0)), -1, Integer::sum));
        return OperationGroup.of(over.trips.stream()
                .flatMap(List::stream)
                .filter(operation -> excess.getOrDefault(key(operation), 0) > 0)
                .toList());
    }

    private static List<String> key(Operation operation) {
        return List.of(operation.source(), operation.shape());
    }
}
