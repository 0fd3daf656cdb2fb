package dev.cacheproof.fake;

import java.time.Duration;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A state of a cache server that code under test must live with. Most are not noticed by any client: those corrupt caches.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Condition {
    /** Acknowledges every write and delete, and makes none: what was there stays. */
    SILENT_FAILURE(false, Fault.lostWrite(), Fault.lostDelete()),
    /** Drops every entry as soon as it is written. */
    EVICTING(false, Fault.eviction()),
    /** Answers as if an entry whose value is empty were not there. */
    NULL_IS_MISS(false, Fault.emptyMiss()),
    /** Acknowledges every write, and makes none; deletes work. */
    LOST_WRITES(false, Fault.lostWrite()),
    /** Acknowledges every delete, and makes none; writes work. */
    LOST_DELETES(false, Fault.lostDelete()),
    /** Resets every connection, those that are made and those that are in use. */
    DOWN(true, Fault.reset().onConnect(), Fault.reset(), Fault.reset().duringHandshake()),
    /** Answers every command but those of the handshake with an error: the client lacks the password. */
    MISCONFIGURED(true, Fault.error("NOAUTH Authentication required.")),
    /** Answers every command but those of the handshake 50 ms late, in real time. */
    SLOW(false, Fault.delay(Duration.ofMillis(50))),
    /** Accepts connections and commands, and answers none until it ends: then all, in order, whose clients still wait. */
    HANGING(true, Fault.silence(), Fault.silence().duringHandshake()),
    /** Answers reads from the state in which the condition began, as a replica that lags behind does. */
    STALE(false, Fault.staleRead());

    private final boolean exclusive;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of, of faults, which are immutable
    private final List<Fault> faults;

    Condition(boolean exclusive, Fault... faults) {
        this.exclusive = exclusive;
        this.faults = List.of(faults);
    }

    List<Fault> faults() {
        return faults;
    }

    boolean conflictsWith(Condition other) {
        return exclusive
                || other.exclusive
                || (losesWrites() && other.losesWrites())
                || (losesDeletes() && other.losesDeletes());
    }

    private boolean losesWrites() {
        return this == SILENT_FAILURE || this == LOST_WRITES || this == EVICTING;
    }

    private boolean losesDeletes() {
        return this == SILENT_FAILURE || this == LOST_DELETES;
    }
}
