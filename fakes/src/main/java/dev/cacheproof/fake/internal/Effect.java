package dev.cacheproof.fake.internal;

import dev.cacheproof.Operation;
import java.time.Duration;
import java.util.Set;
import org.apiguardian.api.API;

/** What a fault does. Immutable. */
@API(status = API.Status.INTERNAL, since = "0.1")
public sealed interface Effect {

    /** Ends the connection with a reset. */
    record Reset() implements Effect {}

    /** Ends the connection in good order. */
    record Disconnect() implements Effect {}

    /** Does not answer while the rule is in force, and leaves the connection open. */
    record Silence() implements Effect {}

    /**
     * Answers later, in real time.
     *
     * @param duration how much later
     */
    record Delay(Duration duration) implements Effect {}

    /**
     * Answers with an error.
     *
     * @param text the error, its code first
     */
    record ErrorReply(String text) implements Effect {}

    /**
     * Sends the beginning of the answer, and ends the connection.
     *
     * @param bytes how much of it
     */
    record Truncate(int bytes) implements Effect {}

    /**
     * Sends bytes in place of the answer.
     *
     * @param text the bytes, one per character
     */
    record Garbage(String text) implements Effect {}

    /**
     * Acknowledges a change and does not make it.
     *
     * @param deletes whether the change is one that removes entries
     */
    record Drop(boolean deletes) implements Effect {}

    /** Drops an entry as soon as it is written. */
    record Evict() implements Effect {}

    /** Answers a read as if there were no entry. */
    record FalseMiss() implements Effect {}

    /**
     * Answers a read as if there were no entry, where the value stands for one that is missing.
     *
     * @param markers the values that do, besides the empty one
     */
    record EmptyMiss(Set<String> markers) implements Effect {}

    /** Answers a read from the state in which the fault began. */
    record Stale() implements Effect {}

    /** Makes a change that no client is told of. */
    record Untold() implements Effect {}

    /**
     * Says what a fault has done to a command, for the journal.
     *
     * @return such as {@code connection reset by a fault}
     */
    default String inWords() {
        if (this instanceof Drop) {
            return "lost" + Operation.Outcome.BY_A_FAULT;
        }
        if (this instanceof Evict) {
            return "evicted at once" + Operation.Outcome.BY_A_FAULT;
        }
        if (this instanceof Untold) {
            return "told nobody, by a fault";
        }
        if (this instanceof ErrorReply error) {
            return error.text();
        }
        return this instanceof Reset
                ? "connection reset by a fault"
                : this instanceof Disconnect || this instanceof Truncate
                        ? "connection closed by a fault"
                        : this instanceof Garbage ? "answered with garbage by a fault" : "not answered, by a fault";
    }

    /**
     * Says whether it undoes what a command has done, or keeps it from others, which only the journal tells.
     *
     * @return whether the change, or the word of it, is gone although it was acknowledged
     */
    default boolean isLoss() {
        return this instanceof Drop || this instanceof Evict || this instanceof Untold;
    }

    /**
     * Says whether the client cannot notice.
     *
     * @return whether the answer looks like that of a server in good health
     */
    default boolean isSilent() {
        return this instanceof Drop
                || this instanceof Evict
                || this instanceof Untold
                || this instanceof FalseMiss
                || this instanceof EmptyMiss
                || this instanceof Stale;
    }
}
