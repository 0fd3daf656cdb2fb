package dev.cacheproof.fake.redis;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One command with its words, while it runs under the engine's lock. */
final class Call {

    private final Engine engine;
    private final Session session;
    private final Command command;
    private final List<Bytes> words;

    Call(Engine engine, Session session, Command command, List<Bytes> words) {
        this.engine = engine;
        this.session = session;
        this.command = command;
        this.words = words;
    }

    Engine engine() {
        return engine;
    }

    Session session() {
        return session;
    }

    Command command() {
        return command;
    }

    Database database() {
        return engine.database(session.database);
    }

    /** Returns the time at which the command, or the transaction around it, began: milliseconds since 1970. */
    long now() {
        return engine.now();
    }

    /** Finds a key for a command that reads it, which counts as a hit or a miss. */
    @Nullable
    Entry read(Bytes key) {
        return engine.read(database(), key);
    }

    int count() {
        return words.size();
    }

    Bytes word(int index) {
        return words.get(index);
    }

    boolean is(int index, String upperCase) {
        return words.get(index).is(upperCase);
    }

    List<Bytes> words() {
        return words;
    }

    List<Bytes> wordsFrom(int index) {
        return words.subList(index, words.size());
    }

    long integer(int index) {
        return integer(index, Refusal.NO_INTEGER);
    }

    long integer(int index, String error) {
        Long number = Numbers.strictLong(words.get(index));
        if (number == null) {
            throw new Refusal(error);
        }
        return number;
    }

    /** Reads a number of 32 bits. */
    int smallInteger(int index) {
        long number = integer(index);
        if (number != (int) number) {
            throw new Refusal(
                    "ERR value is out of range, value must between " + Integer.MIN_VALUE + " and " + Integer.MAX_VALUE);
        }
        return (int) number;
    }

    Refusal syntaxError() {
        return new Refusal(Refusal.SYNTAX);
    }

    Refusal wrongArity() {
        return new Refusal("ERR wrong number of arguments for '" + command.name() + "' command");
    }
}
