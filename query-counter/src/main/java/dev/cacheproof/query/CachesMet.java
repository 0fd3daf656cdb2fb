package dev.cacheproof.query;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheView;
import dev.cacheproof.FailureText;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the registered caches held before, between and after the two runs. */
record CachesMet(
        Map<String, CacheView> before,
        Map<String, CacheView> between,
        Map<String, CacheView> after,
        Map<String, String> withoutStore) {

    /** What a cache held before it was made. */
    private static final CacheView NOTHING = CacheView.of(0, List.of(), -1);

    /** An application may have dozens, and one that is not met is of interest where it was the one that was meant. */
    private static final int MOST_NOT_MET = 3;

    private static final int MOST_HELD = 5;

    /** Shows what the caches of the test hold now: one of them may have answered. One that cannot be looked at has not. */
    static void describeHeld(FailureText text) {
        Map<String, CacheView> views;
        try {
            views = CacheIsolationEngine.current().views();
        } catch (RuntimeException | LinkageError cannotBeLookedAt) {
            return;
        }
        views.entrySet().stream()
                .filter(cache -> cache.getValue().entries() > 0)
                .limit(MOST_HELD)
                .forEach(cache -> text.fact("held now", cache.getKey() + ": " + held(cache.getValue())));
    }

    private static String held(CacheView view) {
        return (view.entries() == 1 ? "1 entry " : view.entries() + " entries ")
                + view.keys().stream()
                        .collect(Collectors.joining(
                                ", ", "[", view.entries() > view.keys().size() ? ", ...]" : "]"));
    }

    boolean anyMet() {
        return after.keySet().stream().anyMatch(this::isMet);
    }

    /** Says whether a cache that was asked in vain would have been seen to be. */
    boolean countsAllReads() {
        return after.values().stream().allMatch(view -> view.reads() >= 0);
    }

    private boolean isMet(String id) {
        CacheView middle = view(between, id);
        return middle.metSince(view(before, id)) || view(after, id).metSince(middle);
    }

    String met() {
        return after.keySet().stream()
                .filter(this::isMet)
                .map(id -> id + " (" + view(after, id).changeSince(view(before, id)) + ")")
                .collect(Collectors.joining(", "));
    }

    void describe(FailureText text) {
        List<String> others = after.keySet().stream().filter(id -> !isMet(id)).toList();
        for (String id : after.keySet()) {
            if (others.size() > MOST_NOT_MET && !isMet(id)) {
                continue;
            }
            text.fact(
                    "cache " + id,
                    isMet(id)
                            ? "cold run: " + view(between, id).changeSince(view(before, id)) + "\nwarm run: "
                                    + view(after, id).changeSince(view(between, id))
                            : view(after, id).reads() < 0
                                    ? "no new entry; it does not count its reads"
                                    : "not met: no new entry, no read");
        }
        if (others.size() > MOST_NOT_MET) {
            text.fact("other caches", "not met: " + RunText.names(others));
        }
    }

    String whyNothingWasSaved() {
        for (String id : after.keySet()) {
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
        if (!anyMet() && !withoutStore.isEmpty() && withoutStore.keySet().containsAll(after.keySet())) {
            return "caching is switched off here: " + RunText.names(withoutStore.keySet()) + " "
                    + (withoutStore.size() == 1 ? "is a " : "are each a ")
                    + withoutStore.values().iterator().next()
                    + ", which keeps nothing.\nLet this test have the cache that it is about.";
        }
        return anyMet()
                ? "a cache was read, and nothing was written: the result is not stored (null or empty results\n"
                        + "are often left out), the write failed, or its time to live is zero."
                : "no registered cache has kept anything"
                        + (after.isEmpty() ? "" : " (" + RunText.names(after.keySet()) + ")")
                        + ". The code does not cache; or\n"
                        + "its answer is one that is not kept, as null may be, or what a condition leaves out; or it uses a cache\n"
                        + "that is not registered, or that only = ... leaves out.";
    }

    static CacheView view(Map<String, CacheView> views, String id) {
        return views.getOrDefault(id, NOTHING);
    }
}
