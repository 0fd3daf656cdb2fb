package dev.cacheproof.fake.redis;

/** An error reply, thrown by a command before it changed anything. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    static final String NO_INTEGER = "ERR value is not an integer or out of range";
    static final String WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";
    static final String SYNTAX = "ERR syntax error";

    Refusal(String text) {
        super(text, null, false, false);
    }

    Reply reply() {
        return Replies.error(String.valueOf(getMessage()));
    }
}
