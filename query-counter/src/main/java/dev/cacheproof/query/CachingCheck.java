package dev.cacheproof.query;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheView;
import dev.cacheproof.FailureText;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One check of a caching contract: reset, run, run again, compare. */
final class CachingCheck<T extends @Nullable Object> {

    private final QueryCheck check;
    private final CachingContract contract;
    private final Callable<T> block;

    CachingCheck(QueryCheck check, CachingContract contract, Callable<T> block) {
        this.check = check;
        this.contract = contract;
        this.block = block;
    }

    T run() {
        Settings.Mode mode = Settings.current().mode();
        if (mode == Settings.Mode.OFF) {
            return Measurement.call(block);
        }
        return mode == Settings.Mode.REPORT ? observe() : enforce(CacheIsolationEngine.current());
    }

    private T enforce(CacheIsolationEngine engine) {
        if (engine.isEmpty()) {
            throw Verdicts.nothingRegistered("nothing can be made cold");
        }
        engine.reset();
        Map<String, CacheView> before = engine.views();
        Circumstances around = new Circumstances();
        Measurement<T> cold = around.cold(() -> Measurement.of(check, contract.unit(), block));
        Map<String, CacheView> between = engine.views();
        Verdicts.enforce(Verdicts.uncertain(cold));
        Answers.Snapshot asFound = Answers.snapshot(cold.answer());
        Measurement<T> warm = around.warm(() -> Measurement.of(check, contract.unit(), block));
        Map<String, CacheView> after = engine.views();
        Verdicts.enforce(Verdicts.uncertain(warm));
        CachesMet caches = new CachesMet(before, between, after, engine.withoutStore());
        Answers answers = new Answers(cold.answer(), warm.answer(), asFound.isStill(cold.answer()));
        List<FurtherAnswer> further = further(engine, warm.answer());
        CachingVerdict verdict = new CachingVerdict(check, contract, cold, warm, answers, caches, around, further);
        Verdicts.enforce(verdict.failure());
        report("cold " + cold.own() + ", warm " + warm.own()
                + further.stream()
                        .map(run ->
                                ", " + run.expected().name() + " " + run.run().own())
                        .collect(Collectors.joining())
                + " " + contract.unit().plural() + "; met " + caches.met()
                + verdict.notCounted().map(work -> "; not counted: " + work).orElse(""));
        return warm.answer();
    }

    private List<FurtherAnswer> further(CacheIsolationEngine engine, @Nullable Object warmAnswer) {
        List<FurtherAnswer> answers = new ArrayList<>();
        Object truth = warmAnswer;
        for (FurtherRun expected : contract.further()) {
            Object before = truth;
            Answers.Snapshot asFound = Answers.snapshot(before);
            prepare(expected, engine);
            Measurement<T> run = Measurement.of(check, contract.unit(), block);
            Verdicts.enforce(Verdicts.uncertain(run));
            if (expected.change() != null) {
                engine.reset();
                truth = Measurement.call(block);
            }
            boolean unchanged = Objects.deepEquals(before, truth) && asFound.isStill(truth);
            answers.add(new FurtherAnswer(expected, run, before, unchanged, truth));
        }
        return answers;
    }

    private void prepare(FurtherRun expected, CacheIsolationEngine engine) {
        Block change = expected.change();
        if (change != null) {
            try (Scope scope = check.scope(expected.name()).open()) {
                Measurement.call(QueryCheck.withoutAnswer(change));
                awaitTasks(scope);
            }
        }
        Predicate<CacheHandle> sort = expected.madeCold();
        if (sort == null) {
            return;
        }
        CacheIsolationEngine some = engine.where(sort);
        if (some.isEmpty()) {
            throw FailureText.of("No cache " + expected.whatIsMadeCold() + " is registered, so the run "
                            + expected.name() + " would be no other than the warm one")
                    .fact("registered", RunText.names(engine.ids()))
                    .hint(
                            "register the cache that it is about: @RegisterCache on a field, or a CacheRegistrar once per\n"
                                    + "project; or leave the run out.")
                    .toError();
        }
        some.reset();
    }

    private void awaitTasks(Scope scope) {
        Duration patience = check.patience();
        if (patience != null) {
            scope.awaitTasks(patience);
        }
    }

    /** Report mode resets nothing, so all that can be seen is one run, on caches as warm as they happen to be. */
    private T observe() {
        Measurement<T> run = Measurement.of(check, contract.unit(), block);
        Verdicts.enforce(Verdicts.uncertain(run));
        report(contract.unit().count(run.own()) + " in one run; cold " + contract.expectedCold() + ", warm "
                + contract.expectedWarm() + " would be enforced");
        return run.answer();
    }

    private static void report(String text) {
        Scope.current().ifPresent(scope -> scope.root().report("cacheproof.caching", text));
    }
}
