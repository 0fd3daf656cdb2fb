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

    private record Finding(String name, String claim, boolean mayPass) {
        String text() {
            return claim
                    + (mayPass
                            ? "\nperhaps by a cache that was warm: enforced, it is cold, and the test may pass"
                            : "");
        }
    }

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
            String claim = failure.lines().findFirst().orElse(failure);
            failures.add(new Finding(name, claim, failure.equals(reports.get("cacheproof.mayPass"))));
        }
        reports.getOrDefault("cacheproof.left", "").lines().forEach(left::add);
        if (reports.containsKey("cacheproof.caching")) {
            unchecked++;
        }
    }

    /** Logs everything. */
    synchronized void log() {
        boolean isClean = failures.isEmpty() && left.isEmpty();
        System.Logger.Level level = isClean ? System.Logger.Level.INFO : System.Logger.Level.WARNING;
        System.getLogger("dev.cacheproof").log(level, toString());
    }

    @Override
    public synchronized String toString() {
        FailureText text =
                FailureText.of("cacheproof.mode = report: no cache was made cold, and nothing was failed; " + claim());
        failures.stream().limit(MOST_SHOWN).forEach(each -> text.fact(each.name(), each.text()));
        if (failures.size() > MOST_SHOWN) {
            text.fact("and", failures.size() - MOST_SHOWN + " more, which are logged above");
        }
        left.stream().limit(MOST_SHOWN).forEach(each -> text.fact("left", each));
        if (left.size() > MOST_SHOWN) {
            text.fact("left", left.size() - MOST_SHOWN + " more, which are logged above");
        }
        if (unchecked > 0) {
            text.hint("set cacheproof.mode = enforce to check assertCaching, too, which " + unchecked
                    + (unchecked == 1 ? " test calls" : " tests call") + ": it has to make caches cold.");
        }
        return text.toString();
    }

    private String claim() {
        long mayPass = failures.stream().filter(Finding::mayPass).count();
        long fail = failures.size() - mayPass;
        String all = " of " + tests + (tests == 1 ? " test " : " tests ");
        if (fail == 0 && mayPass > 0) {
            return mayPass + all + "may fail if enforced";
        }
        return (fail == 0 ? "none" : fail) + all + "would fail if enforced"
                + (mayPass == 0 ? "" : ", and " + mayPass + " more may");
    }
}
