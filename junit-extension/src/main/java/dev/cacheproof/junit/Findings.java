package dev.cacheproof.junit;

import dev.cacheproof.FailureText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a run that enforces nothing has found, told once more at its end: builds show what is logged, and most of them no
 * report entries. Thread-safe.
 */
final class Findings {

    private static final int MOST_SHOWN = 100;

    private record Finding(String name, String claim) {}

    /** What would fail; guarded by this, as are the numbers. */
    private final List<Finding> failures = new ArrayList<>();

    /** What tests have left in caches; guarded by this. */
    private final List<String> left = new ArrayList<>();

    private int tests;
    private int unchecked;

    synchronized void addTest() {
        tests++;
    }

    /** Adds what was left with a test, or with a test class. */
    synchronized void add(String name, Map<String, String> reports) {
        String failure = reports.get("cacheproof.wouldFail");
        if (failure != null) {
            failures.add(new Finding(name, failure.lines().findFirst().orElse(failure)));
        }
        reports.getOrDefault("cacheproof.left", "").lines().forEach(left::add);
        if (reports.containsKey("cacheproof.caching")) {
            unchecked++;
        }
    }

    /** Logs everything. */
    synchronized void log() {
        System.Logger.Level level = failures.isEmpty() ? System.Logger.Level.INFO : System.Logger.Level.WARNING;
        System.getLogger("dev.cacheproof").log(level, toString());
    }

    @Override
    public synchronized String toString() {
        FailureText text = FailureText.of("cacheproof.mode = report: no cache was made cold, and nothing failed; "
                + (failures.isEmpty() ? "none" : failures.size()) + " of " + tests
                + (tests == 1 ? " test" : " tests") + " would fail if enforced");
        failures.stream().limit(MOST_SHOWN).forEach(each -> text.fact(each.name(), each.claim()));
        if (failures.size() > MOST_SHOWN) {
            text.fact("and", failures.size() - MOST_SHOWN + " more, which are logged above");
        }
        left.stream().limit(MOST_SHOWN).forEach(each -> text.fact("left", each));
        if (left.size() > MOST_SHOWN) {
            text.fact("left", left.size() - MOST_SHOWN + " more, which are logged above");
        }
        List<String> advice = new ArrayList<>();
        if (!failures.isEmpty()) {
            advice.add(
                    "where a cache has answered that an earlier test had warmed, enforce: a test may pass that finds it cold.");
        }
        if (unchecked > 0) {
            advice.add("set cacheproof.mode = enforce to check assertCaching, too, which " + unchecked
                    + (unchecked == 1 ? " test calls" : " tests call") + ": it has to make caches cold.");
        }
        if (!advice.isEmpty()) {
            text.hint(String.join("\n", advice));
        }
        return text.toString();
    }
}
