package dev.cacheproof.fake.redis;

import dev.cacheproof.Operation;
import dev.cacheproof.fake.internal.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which entries one request reads, changes, and leaves written. Guarded by the engine's lock while that runs. */
final class Footprint {

    private static final Set<String> OF_EVERYTHING = Set.of("flushall", "flushdb", "swapdb");

    private record Place(Database database, Bytes key) {}

    private final Set<Bytes> read = new LinkedHashSet<>();
    private final Set<Place> changed = new LinkedHashSet<>();
    private final Set<Bytes> touched = new LinkedHashSet<>();
    private List<Operation.Write> writes = List.of();
    private boolean everything;

    /** Whether what changes now is written: a command that only removes leaves the rest as it was. */
    private boolean writing;

    /** Notes what a command is about to do. */
    void begin(Command command, List<Bytes> words) {
        everything |= OF_EVERYTHING.contains(command.name());
        writing = command.kinds().contains(Attempt.Kind.WRITE);
        if (command.kinds().contains(Attempt.Kind.READ)) {
            read.addAll(command.keysOf(words));
        }
    }

    void changed(Database database, Bytes key) {
        touched.add(key);
        if (writing) {
            changed.add(new Place(database, key));
        }
    }

    /**
     * Notes what a command may do later, or elsewhere, where nobody tells.
     *
     * @param command null where it is not known
     */
    void await(@Nullable Command command, List<Bytes> words) {
        boolean writes = command == null || command.is(Command.Trait.WRITE);
        List<Bytes> keys = command == null ? List.of() : command.keysOf(words);
        everything |=
                (writes && keys.isEmpty()) || (command != null && command.name().equals("exec"));
        if (writes) {
            touched.addAll(keys);
        }
    }

    /** Looks at what is left of what was written, when all of it has run. */
    void settle(long now) {
        if (changed.isEmpty()) {
            return;
        }
        List<Operation.Write> left = new ArrayList<>();
        for (Place place : changed) {
            Entry entry = place.database().find(place.key());
            if (entry != null) {
                Duration timeToLive = entry.expires() ? Duration.ofMillis(entry.expiresAt - now) : null;
                left.add(new Operation.Write(entry.key.text(), timeToLive, entry.value.bytesHeld()));
            }
        }
        writes = left;
    }

    List<String> reads() {
        return read.stream().map(Bytes::text).toList();
    }

    List<Operation.Write> writes() {
        return writes;
    }

    /** Returns the keys whose entries are other ones now, also those that are gone; null where it may be any. */
    @Nullable
    Set<String> changes() {
        return everything ? null : touched.stream().map(Bytes::text).collect(Collectors.toSet());
    }
}
