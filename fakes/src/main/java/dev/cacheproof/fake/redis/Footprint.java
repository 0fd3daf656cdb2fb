package dev.cacheproof.fake.redis;

import dev.cacheproof.Operation;
import dev.cacheproof.fake.internal.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which entries one request reads, changes, and leaves written. Guarded by the engine's lock while that runs. */
final class Footprint {

    private static final Set<String> OF_EVERYTHING = Set.of("flushall", "flushdb", "swapdb");

    /** Commands that read something about an entry, and nothing of it. */
    private static final Set<String> PROBES = Set.of(
            "exists",
            "ttl",
            "pttl",
            "expiretime",
            "pexpiretime",
            "type",
            "touch",
            "object|encoding",
            "object|freq",
            "object|idletime",
            "object|refcount",
            "strlen",
            "hstrlen");

    /** Commands that work with what was there, though they are no reads. */
    private static final Set<String> USES = Set.of(
            "getdel",
            "incr",
            "incrby",
            "incrbyfloat",
            "decr",
            "decrby",
            "hincrby",
            "hincrbyfloat",
            "zincrby",
            "lpop",
            "rpop",
            "lmpop",
            "spop",
            "zpopmin",
            "zpopmax",
            "zmpop",
            "copy",
            "rename",
            "renamenx",
            "lmove",
            "rpoplpush",
            "smove");

    /** Commands that take from their first key what they give to the second. */
    private static final Set<String> MOVES = Set.of("lmove", "rpoplpush", "smove");

    private final Set<String> read = new LinkedHashSet<>();
    private final Set<String> found = new LinkedHashSet<>();
    private final Set<Place> changed = new LinkedHashSet<>();
    private final Set<String> touched = new LinkedHashSet<>();
    private List<Operation.Write> writes = List.of();
    private boolean everything;

    /** Whether what changes now is written: a command that only removes leaves the rest as it was. */
    private boolean writing;

    /** The key that a command only takes from; null where there is none. */
    private @Nullable Bytes source;

    private record Place(Database database, Bytes key) {}

    /** Notes what a command is about to ask for where nothing else is known of it. */
    void ask(Command command, List<Bytes> words, int database) {
        if (command.kinds().contains(Attempt.Kind.READ)) {
            command.keysOf(words).forEach(key -> read.add(text(key, database)));
        }
    }

    /** Notes what a command is about to do. */
    void begin(Command command, List<Bytes> words, Database database, boolean isMisled) {
        if (runsOthers(command)) {
            return;
        }
        everything |= OF_EVERYTHING.contains(command.name());
        boolean reads = command.kinds().contains(Attempt.Kind.READ);
        writing = command.kinds().contains(Attempt.Kind.WRITE);
        source = MOVES.contains(command.name()) ? words.get(1) : null;
        ask(command, words, database.number());
        if (isMisled) {
            return; // what is there is not what the client is told
        }
        if ((reads && !PROBES.contains(command.name())) || USES.contains(command.name())) {
            for (Bytes key : command.keysOf(words)) {
                if (database.contains(key)) {
                    found.add(text(key, database.number()));
                }
            }
        }
    }

    void changed(Database database, Bytes key) {
        touched.add(text(key, database.number()));
        if (writing && !key.equals(source)) {
            changed.add(new Place(database, key));
        }
    }

    /**
     * Notes what a command may do later, or elsewhere, where nobody tells.
     *
     * @param command null where it is not known
     */
    void await(@Nullable Command command, List<Bytes> words, int database) {
        boolean writes = command == null || command.is(Command.Trait.WRITE);
        List<Bytes> keys = command == null ? List.of() : command.keysOf(words);
        everything |= (writes && keys.isEmpty()) || (command != null && runsOthers(command));
        if (writes) {
            keys.forEach(key -> touched.add(text(key, database)));
        }
    }

    /** Says whether a command does nothing itself: those that it runs are told of, unless they run elsewhere. */
    private static boolean runsOthers(Command command) {
        return command.is(Command.Trait.SCRIPT) || command.name().equals("exec");
    }

    /** Looks at what is left of what was written, when all of it has run. */
    void settle(long now) {
        if (changed.isEmpty()) {
            return;
        }
        List<Operation.Write> left = new ArrayList<>();
        for (Place place : changed) {
            Entry entry = place.database().find(place.key());
            if (entry != null && !(entry.expires() && entry.expiresAt <= now)) {
                Duration timeToLive = entry.expires() ? Duration.ofMillis(entry.expiresAt - now) : null;
                left.add(new Operation.Write(
                        text(entry.key, place.database().number()), timeToLive, entry.value.bytesHeld()));
            }
        }
        writes = left;
    }

    private static String text(Bytes key, int database) {
        return database == 0 ? key.unambiguous() : key.unambiguous() + " (database " + database + ")";
    }

    List<String> reads() {
        return List.copyOf(read);
    }

    List<String> found() {
        return List.copyOf(found);
    }

    List<Operation.Write> writes() {
        return writes;
    }

    /** Returns the keys whose entries are other ones now, also those that are gone; null where it may be any. */
    @Nullable
    Set<String> changes() {
        return everything ? null : Set.copyOf(touched);
    }
}
