package dev.cacheproof.query;

import dev.cacheproof.CacheView;
import dev.cacheproof.FailureText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** Decides whether a block has made a registered cache grow too much. */
record GrowthVerdict(
        Measurement<?> run,
        Map<String, CacheView> before,
        Map<String, CacheView> after,
        int allowed,
        @Nullable String reason) {

    Optional<AssertionFailedError> failure() {
        if (after.isEmpty()) {
            return Optional.of(Verdicts.nothingRegistered("it cannot be known whether one grows"));
        }
        Optional<AssertionFailedError> unfinished = Verdicts.unfinished(run);
        if (unfinished.isPresent()) {
            return unfinished;
        }
        List<String> grown =
                after.keySet().stream().filter(id -> growth(id) > allowed).toList();
        if (!grown.isEmpty()) {
            return Optional.of(grown(grown));
        }
        return after.keySet().stream().anyMatch(this::isMet) ? Optional.empty() : Optional.of(noneMet());
    }

    private CacheView view(String id) {
        return CachesMet.view(before, id);
    }

    private long growth(String id) {
        return CachesMet.view(after, id).entries() - view(id).entries();
    }

    private boolean isMet(String id) {
        return !CachesMet.view(after, id).equals(view(id));
    }

    private AssertionFailedError grown(List<String> grown) {
        FailureText text = FailureText.of("Expected no cache to grow by more than " + entries(allowed) + " in "
                + run.place() + ", but "
                + grown.stream()
                        .map(id -> "\"" + id + "\" grew by " + growth(id))
                        .collect(Collectors.joining(", ")));
        grown.forEach(id -> text.fact(
                "cache " + id,
                view(id).entries() + " before, " + CachesMet.view(after, id).entries() + " after: "
                        + CachesMet.view(after, id).changeSince(view(id))));
        if (reason != null) {
            text.fact("because", reason);
        }
        return text.hint(
                        "if the block asks for the same again and again, something in the key changes from call to call.\n"
                                + "If it asks for much, give the cache a bound: a largest size, or a time to live.")
                .toError();
    }

    private AssertionFailedError noneMet() {
        FailureText text = FailureText.of(
                "No registered cache was met by " + run.place() + ", so it shows nothing that none has grown");
        boolean countsAllReads = after.values().stream().allMatch(view -> view.reads() >= 0);
        return text.fact("registered", RunText.names(after.keySet()))
                .hint(
                        "register the cache that it is about, and make it cold before: one that holds all already does not\ngrow"
                                + (countsAllReads
                                        ? "."
                                        : ", and if it does not count its reads, that it was read is not seen (Caffeine: recordStats())."))
                .toError();
    }

    private static String entries(int count) {
        return count + (count == 1 ? " entry" : " entries");
    }
}
