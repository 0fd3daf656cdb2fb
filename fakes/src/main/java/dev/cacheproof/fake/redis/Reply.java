package dev.cacheproof.fake.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the server answers, before it is known which version of the protocol the connection speaks. */
sealed interface Reply {

    default boolean isError() {
        return this instanceof Failure;
    }

    record Status(String text) implements Reply {}

    /**
     * An error.
     *
     * @param unknown the command that the server does not know, in lower case, where that is the reason
     */
    record Failure(String text, @Nullable String unknown) implements Reply {}

    record Int(long number) implements Reply {}

    /** A floating point number; a bulk string before RESP3. */
    record Real(double number) implements Reply {}

    /** A truth value; 1 or 0 before RESP3. */
    record Bool(boolean value) implements Reply {}

    /** A number of any length; a bulk string before RESP3. */
    record BigNumber(String digits) implements Reply {}

    @SuppressWarnings("ArrayRecordComponent") // never compared; written to a connection and dropped
    record Bulk(byte[] bytes) implements Reply {}

    /** Text of a declared format, a plain bulk string before RESP3. */
    record Verbatim(String format, String text) implements Reply {}

    record Nil() implements Reply {}

    /** A missing array: RESP2 tells it from a missing string, RESP3 does not. */
    record NilArray() implements Reply {}

    record Array(List<Reply> elements) implements Reply {}

    /** An array without an order; a set in RESP3. */
    record Members(Array elements) implements Reply {}

    /** Keys and values in turn; a flat array before RESP3. */
    record Pairs(List<Reply> keysAndValues) implements Reply {}

    /** Elements that each bring another with them, such as its value: nested in RESP3, a flat array before. */
    record Couples(List<Reply> elements) implements Reply {}

    /** A reply within another that is written in the version that the connection spoke when the command ran. */
    record Versioned(int protocol, Reply reply) implements Reply {}

    /** What is no reply to a command, though before RESP3 nothing but its words tells. */
    record Push(List<Reply> elements) implements Reply {}

    /** Stands for the reply to a client that waits, until there is one. */
    record Awaited(Pending pending) implements Reply {}

    /** A whole reply of another server, as it came. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; written to a connection and dropped
    record Raw(byte[] bytes) implements Reply {}

    /** Several replies to one request, or none: what a client asked not to be answered. */
    record Sequence(List<Reply> replies) implements Reply {}
}
