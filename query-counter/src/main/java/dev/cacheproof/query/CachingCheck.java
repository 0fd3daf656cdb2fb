package dev.cacheproof.query;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheView;
import dev.cacheproof.FailureText;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** One check of a caching contract: reset, run, run again, compare. */
final class CachingCheck<T extends @Nullable Object> {

    private static final int LONGEST_ANSWER = 300;

    private final QueryCheck check;
    private final CachingContract contract;
    private final Callable<T> block;
    private final CacheIsolationEngine engine = CacheIsolationEngine.current();

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
        if (mode == Settings.Mode.REPORT) {
            return observe();
        }
        if (engine.ids().isEmpty()) {
            throw nothingRegistered();
        }
        engine.reset();
        Map<String, CacheView> before = engine.views();
        Measurement<T> cold = Measurement.of(check, contract.unit(), block);
        Map<String, CacheView> between = engine.views();
        Verdicts.enforce(Verdicts.uncertain(cold));
        Measurement<T> warm = Measurement.of(check, contract.unit(), block);
        Map<String, CacheView> after = engine.views();
        Verdicts.enforce(Verdicts.uncertain(warm));
        Caches caches = new Caches(before, between, after);
        Verdicts.enforce(failure(cold, warm, caches));
        report("cold " + cold.own() + ", warm " + warm.own() + " " + unitName(warm) + "; met " + caches.met());
        return warm.answer();
    }

    /** Report mode resets nothing, so all that can be seen is one run, on caches as warm as they happen to be. */
    private T observe() {
        Measurement<T> run = Measurement.of(check, contract.unit(), block);
        report(contract.unit().count(run.own()) + " in one run; cold " + contract.expectedCold() + ", warm "
                + contract.expectedWarm() + " would be enforced");
        return run.answer();
    }

    private static void report(String text) {
        Scope.current().ifPresent(scope -> scope.root().report("cacheproof.caching", text));
    }

    private static String unitName(Measurement<?> run) {
        return run.unit().count(2).substring(2);
    }

    private Optional<AssertionFailedError> failure(Measurement<T> cold, Measurement<T> warm, Caches caches) {
        List<String> broken = new ArrayList<>();
        mismatch("cold", cold, contract.expectedCold()).ifPresent(broken::add);
        mismatch("warm", warm, contract.expectedWarm()).ifPresent(broken::add);
        boolean differ = !Objects.deepEquals(cold.answer(), warm.answer());
        if (differ) {
            broken.add("the warm answer is not equal to the cold one");
        }
        if (!caches.anyMet()) {
            broken.add("no registered cache was met");
        }
        if (broken.isEmpty()) {
            return Optional.empty();
        }
        FailureText text = FailureText.of(
                "Caching is broken: " + String.join("; ", broken) + " (block at " + cold.openedAt() + ")");
        describe(text, "cold run", cold, contract.expectedCold());
        describe(text, "warm run", warm, contract.expectedWarm());
        if (check.reason() != null) {
            text.fact("because", Objects.requireNonNull(check.reason()));
        }
        if (differ) {
            text.fact("cold answer", show(cold.answer())).fact("warm answer", show(warm.answer()));
        }
        caches.describe(text);
        RunText.unattributed(text, cold.counted());
        RunText.unattributed(text, warm.counted());
        hint(cold, warm, caches, differ).ifPresent(text::hint);
        return Optional.of(text.toError(
                "cold " + contract.expectedCold() + ", warm " + contract.expectedWarm(),
                "cold " + cold.own() + ", warm " + warm.own()));
    }

    private static Optional<String> mismatch(String name, Measurement<?> run, int expected) {
        if (run.own() == expected && run.unattributed() == 0) {
            return Optional.empty();
        }
        String actual = run.unattributed() == 0
                ? run.unit().count(run.own())
                : run.own() + " to " + run.unit().count(run.own() + run.unattributed());
        return Optional.of(name + " cost " + actual + ", expected " + expected);
    }

    private static void describe(FailureText text, String name, Measurement<?> run, int expected) {
        text.evidence(name + ": " + run.unit().count(run.own())
                + (run.own() == expected ? ", as expected" : ", expected " + expected));
        if (run.own() != expected) {
            RunText.groups(text, run.counted(), "  ");
        }
    }

    private static String show(@Nullable Object answer) {
        String text = answer instanceof Object[] array ? java.util.Arrays.deepToString(array) : String.valueOf(answer);
        return text.length() <= LONGEST_ANSWER ? text : text.substring(0, LONGEST_ANSWER) + "...";
    }

    private Optional<String> hint(Measurement<T> cold, Measurement<T> warm, Caches caches, boolean differ) {
        if (cold.unattributed() + warm.unattributed() > 0) {
            return Optional.of(RunText.UNATTRIBUTED_HINT);
        }
        if (cold.own() < contract.expectedCold()) {
            return Optional.of("a cache that is not registered may have answered the cold run. Register it:\n"
                    + "@RegisterCache on a field, or a CacheRegistrar once per project.");
        }
        if (warm.own() == cold.own() && cold.own() > 0 && warm.own() != contract.expectedWarm()) {
            return Optional.of(caches.whyNothingWasSaved());
        }
        if (differ && !definesEquals(warm.answer())) {
            return Optional.of(typeName(warm.answer()) + " does not define equals; return what can be compared"
                    + " from the block,\nsuch as a record or a list of values.");
        }
        return caches.anyMet() ? Optional.empty() : Optional.of(caches.whyNothingWasSaved());
    }

    private static boolean definesEquals(@Nullable Object answer) {
        try {
            return answer == null
                    || answer.getClass().getMethod("equals", Object.class).getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String typeName(@Nullable Object answer) {
        return answer == null ? "null" : answer.getClass().getSimpleName();
    }

    private static AssertionFailedError nothingRegistered() {
        return FailureText.of("No cache is registered, so nothing can be made cold")
                .hint("register the caches that the block uses: @RegisterCache on a field of the test, with\n"
                        + "@CacheIsolation on its class, or a CacheRegistrar once per project.")
                .toError();
    }

    /** What the registered caches held before, between and after the two runs. */
    private record Caches(Map<String, CacheView> before, Map<String, CacheView> between, Map<String, CacheView> after) {

        boolean anyMet() {
            return before.keySet().stream().anyMatch(this::isMet);
        }

        private boolean isMet(String id) {
            CacheView end = view(after, id);
            return view(between, id).metSince(view(before, id)) || end.metSince(view(between, id));
        }

        String met() {
            return before.keySet().stream()
                    .filter(this::isMet)
                    .map(id -> id + " (" + view(after, id).changeSince(view(before, id)) + ")")
                    .collect(Collectors.joining(", "));
        }

        void describe(FailureText text) {
            for (String id : before.keySet()) {
                text.fact(
                        "cache " + id,
                        isMet(id)
                                ? "cold run: " + view(between, id).changeSince(view(before, id)) + "\nwarm run: "
                                        + view(after, id).changeSince(view(between, id))
                                : "not met: no new entry" + (view(after, id).reads() < 0 ? "" : ", no read"));
            }
        }

        String whyNothingWasSaved() {
            for (String id : before.keySet()) {
                long first = view(between, id).entries() - view(before, id).entries();
                long second = view(after, id).entries() - view(between, id).entries();
                if (first > 0 && second > 0) {
                    return "the two runs used different keys of \"" + id
                            + "\": something in the key changes from call to call.";
                }
                if (first > 0) {
                    return "\"" + id + "\" held an entry after the cold run, and the warm run did not use it:\n"
                            + "look at the test that decides whether the entry counts (null, empty, zero, false).";
                }
            }
            boolean read = before.keySet().stream().anyMatch(this::isMet);
            return read
                    ? "a cache was read, and nothing was written: the result is not stored (null or empty results\n"
                            + "are often left out), the write failed, or its time to live is zero."
                    : "no registered cache was consulted: the code does not cache, or uses a cache that is not\n"
                            + "registered. Registered: " + before.keySet();
        }

        private static CacheView view(Map<String, CacheView> views, String id) {
            return Objects.requireNonNull(views.get(id), id);
        }
    }
}
