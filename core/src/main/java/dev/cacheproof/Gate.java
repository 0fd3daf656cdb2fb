package dev.cacheproof;

import java.util.Objects;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every operation of a {@linkplain Scope scope}, on the thread that asks, and decides whether it leaves.
 *
 * <p>A gate may block, to hold an operation until the test lets it go. It is called by every thread of its scope, so it
 * must be thread-safe. Operations that it asks for itself are neither gated nor recorded. Commands that arrive over a socket
 * pass no gate: the thread that reads them serves all connections, and is not the one that asks.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface Gate {

    /**
     * Decides about an operation that is about to leave. An exception that this throws reaches the code under test as
     * it is.
     *
     * @param operation the operation; its outcome is {@link Operation.Outcome.Status#PENDING}
     * @return whether it may leave
     */
    Verdict arrive(Operation operation);

    /**
     * What a gate decided.
     *
     * @since 0.1
     */
    final class Verdict {
        private static final Verdict PROCEED = new Verdict(null);

        private final @Nullable String refusal;

        private Verdict(@Nullable String refusal) {
            this.refusal = refusal;
        }

        /**
         * Lets the operation leave.
         *
         * @return the verdict
         */
        public static Verdict proceed() {
            return PROCEED;
        }

        /**
         * Fails the operation before it leaves, with the error that its kind has for a backend that is not there: an
         * {@link java.sql.SQLException} of class 08 for JDBC.
         *
         * @param reason the text of the error
         * @return the verdict
         */
        public static Verdict refuse(String reason) {
            return new Verdict(Objects.requireNonNull(reason, "reason"));
        }

        @Nullable
        String refusal() {
            return refusal;
        }
    }
}
