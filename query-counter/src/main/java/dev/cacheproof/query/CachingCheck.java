package dev.cacheproof.query;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheView;
import dev.cacheproof.FailureText;
import dev.cacheproof.Operation;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

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
            throw nothingRegistered();
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
        CachingVerdict verdict = new CachingVerdict(check, contract, cold, warm, answers, caches, around);
        Verdicts.enforce(verdict.failure());
        report("cold " + cold.own() + ", warm " + warm.own() + " "
                + contract.unit().plural() + "; met " + caches.met()
                + verdict.notCounted().map(work -> "; not counted: " + work).orElse(""));
        return warm.answer();
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

    private static AssertionFailedError nothingRegistered() {
        return Verdicts.whyNotWatched(
                        Operation.Kind.CACHE, FailureText.of("No cache is registered, so nothing can be made cold"))
                .hint("register the caches that the block uses: @RegisterCache on a field of the test, with\n"
                        + "@CacheIsolation on its class, or a CacheRegistrar once per project.")
                .toError();
    }
}
