package dev.cacheproof.fake.redis.script;

/**
 * A token of a script.
 *
 * @param kind a word or a sign stands for itself; else one of the kinds below
 * @param text as an error shows it
 * @param line where it ends
 */
record Token(String kind, String text, int line) {

    static final String END = "<eof>";
    static final String NAME = "<name>";
    static final String NUMBER = "<number>";
    static final String STRING = "<string>";

    boolean is(String other) {
        return kind.equals(other);
    }
}
