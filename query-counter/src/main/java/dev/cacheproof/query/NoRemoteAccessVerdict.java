package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Journal;
import dev.cacheproof.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/** Decides whether a block has asked nothing that is far away. */
record NoRemoteAccessVerdict(Measurement<?> run, @Nullable String reason) {

    private static final List<Operation.Kind> REMOTE =
            List.of(Operation.Kind.QUERY, Operation.Kind.TRANSACTION, Operation.Kind.COMMAND, Operation.Kind.ESCAPE);

    private static final int GROUPS_SHOWN = 12;

    Optional<AssertionFailedError> failure() {
        Optional<AssertionFailedError> unfinished = Verdicts.nothingRemoteWatched(run)
                .or(() -> Verdicts.unfinished(run))
                .or(() -> Verdicts.besideOthers(run));
        if (unfinished.isPresent()) {
            return unfinished;
        }
        long own = sum(Journal::count);
        long unattributed = sum(Journal::unattributedCount);
        return own + unattributed == 0 ? Optional.empty() : Optional.of(touched(own, unattributed));
    }

    private long sum(ToLongFunction<Journal> count) {
        return kinds().stream().map(run::of).mapToLong(count).sum();
    }

    private List<Operation.Kind> kinds() {
        List<Operation.Kind> kinds = new ArrayList<>(REMOTE);
        if (run.check().allowsEscapes()) {
            kinds.remove(Operation.Kind.ESCAPE);
        }
        return kinds;
    }

    private AssertionFailedError touched(long own, long unattributed) {
        String went = own == 0
                ? "none of its own was seen; but " + unattributed + " on other threads may be the block's"
                : (own == 1 ? "there was " : "there were ")
                        + own
                        + (unattributed == 0
                                ? ""
                                : ", and " + unattributed + " on other threads may be the block's too");
        FailureText text = FailureText.of("Expected no remote access in " + run.place() + ", but " + went);
        List<Operation> operations = kinds().stream()
                .flatMap(kind -> run.of(kind).retained().stream())
                .toList();
        OperationGroup.of(operations).stream()
                .limit(GROUPS_SHOWN)
                .flatMap(group -> group.lines(true).stream())
                .forEach(text::evidence);
        if (reason != null) {
            text.fact("because", reason);
        }
        for (Operation.Kind kind : kinds()) {
            long count = run.of(kind).count();
            text.fact(word(kind), count == 0 ? "" : String.valueOf(count));
            RunText.unattributed(text, "unattributed", run.of(kind));
        }
        return text.hint(
                        own > 0
                                ? "fetch it before, and pass it in; or name the method for what it does: fetch..., load..."
                                : RunText.unattributedHint(run))
                .toError();
    }

    private static String word(Operation.Kind kind) {
        return switch (kind) {
            case QUERY -> "queries";
            case TRANSACTION -> "transaction control";
            case COMMAND -> "cache commands";
            default -> "objects of the driver taken";
        };
    }
}
