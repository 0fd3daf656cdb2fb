package dev.cacheproof.fake.redis.script;

import java.util.List;
import org.apiguardian.api.API;

/** What a command answers to a script, and a script to its client. Text has a character for each byte. */
@API(status = API.Status.INTERNAL, since = "0.1")
public sealed interface Answer {

    /**
     * A word such as {@code OK}.
     *
     * @param text the word
     */
    record Status(String text) implements Answer {}

    /**
     * An error.
     *
     * @param text its code and what it says
     */
    record Failure(String text) implements Answer {}

    /**
     * A whole number.
     *
     * @param number the number
     */
    record Int(long number) implements Answer {}

    /**
     * A string.
     *
     * @param bytes not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bulk(byte[] bytes) implements Answer {}

    /** Nothing. */
    record Nil() implements Answer {}

    /**
     * True or false, of RESP3.
     *
     * @param value which of them
     */
    record Bool(boolean value) implements Answer {}

    /**
     * A floating point number, of RESP3.
     *
     * @param number the number
     */
    record Real(double number) implements Answer {}

    /**
     * A number of any length, of RESP3.
     *
     * @param digits the number
     */
    record BigNumber(String digits) implements Answer {}

    /**
     * Text of a declared format, of RESP3.
     *
     * @param format three letters
     * @param text the text
     */
    record Verbatim(String format, String text) implements Answer {}

    /**
     * Several answers.
     *
     * @param elements in their order
     */
    record Array(List<Answer> elements) implements Answer {}

    /**
     * Keys and their values, of RESP3.
     *
     * @param keysAndValues in turn
     */
    record Pairs(List<Answer> keysAndValues) implements Answer {}

    /**
     * Members without an order, of RESP3.
     *
     * @param elements in any order
     */
    record Members(List<Answer> elements) implements Answer {}
}
