package dev.cacheproof.fake.redis;

import dev.cacheproof.Operation;
import dev.cacheproof.fake.internal.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which entries one request reads, and which it leaves written. Guarded by the engine's lock while that runs. */
final class Footprint {

    private record Place(Database database, Bytes key) {}

    private final Set<Bytes> read = new LinkedHashSet<>();
    private final Set<Place> changed = new LinkedHashSet<>();
    private List<Operation.Write> writes = List.of();

    /** Whether what changes now is written: a command that only removes leaves the rest as it was. */
    private boolean writing;

    /** Notes what a command is about to do. */
    void begin(Command command, List<Bytes> words) {
        writing = command.kinds().contains(Attempt.Kind.WRITE);
        if (command.kinds().contains(Attempt.Kind.READ)) {
            read.addAll(command.keysOf(words));
        }
    }

    void changed(Database database, Bytes key) {
        if (writing) {
            changed.add(new Place(database, key));
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
}
