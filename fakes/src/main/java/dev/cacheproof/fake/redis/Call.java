package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.redis.KeyspaceEvents.Kind;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One command with its words, while it runs under the engine's lock. */
final class Call {

    private final Engine engine;
    private final Session session;
    private final Command command;
    private final List<Bytes> words;
    private final Distortion distortion;

    Call(Engine engine, Session session, Command command, List<Bytes> words, Distortion distortion) {
        this.engine = engine;
        this.session = session;
        this.command = command;
        this.words = words;
        this.distortion = distortion;
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

    Distortion distortion() {
        return distortion;
    }

    List<Bytes> keys() {
        return command.keysOf(words);
    }

    /** Lets the client wait, or gives another reply where it may not. */
    Reply await(Waiting waiting, Reply otherwise) {
        if (session.inExec) {
            return otherwise;
        }
        engine.waits().begin(waiting);
        return new Reply.Awaited(waiting);
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
        Entry entry = engine.read(database(), key, !command.is(Command.Trait.UNNOTICED));
        if (entry == null) {
            event(Kind.MISS, "keymiss", key);
        }
        return entry;
    }

    /** Notes what was done to a key, in the words of redis-server. */
    void event(Kind kind, String event, Bytes key) {
        database().changes().event(kind, event, key);
    }

    /** Says whether the client has waited, and is given now what it has waited for. */
    boolean isServed() {
        return session.waiting != null;
    }

    /**
     * Finds the value of a key for a command that reads it, which counts as a hit or a miss.
     *
     * @throws Refusal if it is of another type
     */
    <T extends Value> @Nullable T read(Class<T> type, Bytes key) {
        Entry entry = read(key);
        return entry == null ? null : entry.as(type);
    }

    /**
     * Finds the value of a key for a command that writes.
     *
     * @throws Refusal if it is of another type
     */
    <T extends Value> @Nullable T find(Class<T> type, Bytes key) {
        Entry entry = find(key);
        return entry == null ? null : entry.as(type);
    }

    /** Finds a key for a command that writes. */
    @Nullable
    Entry find(Bytes key) {
        return database().use(key);
    }

    /**
     * Finds a collection that is to be changed, or gives the new one; the database stores it.
     *
     * @throws Refusal if the key holds something else
     */
    <T extends Value> T toChange(Class<T> type, Bytes key, Supplier<T> anew) {
        T present = find(type, key);
        database().remember(key);
        return present == null ? anew.get() : present;
    }

    /** Notes that something is not in an entry that was read. */
    void missed() {
        session.absent++;
    }

    Random random() {
        return engine.random();
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

    /** Reads a number that is not negative. */
    long natural(int index) {
        return natural(index, "ERR value is out of range, must be positive");
    }

    long natural(int index, String error) {
        long number = integer(index, error);
        if (number < 0) {
            throw new Refusal(error);
        }
        return number;
    }

    /** Reads a number above zero. */
    long positive(int index, String error) {
        long number = integer(index, error);
        if (number < 1) {
            throw new Refusal(error);
        }
        return number;
    }

    /** Reads how many of the words behind one are keys. */
    int keyCount(int index) {
        long keys = positive(index, "ERR numkeys should be greater than 0");
        if (keys > count() - index - 1) {
            throw new Refusal("ERR Number of keys can't be greater than number of args");
        }
        return (int) keys;
    }

    /** Reads a number of 32 bits. */
    int smallInteger(int index) {
        return (int) integer(index, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    long integer(int index, long least, long most) {
        long number = integer(index);
        if (number < least || number > most) {
            throw new Refusal("ERR value is out of range, value must between " + least + " and " + most);
        }
        return number;
    }

    Refusal syntaxError() {
        return new Refusal(Refusal.SYNTAX);
    }

    Refusal wrongArity() {
        return new Refusal("ERR wrong number of arguments for '" + command.name() + "' command");
    }
}
