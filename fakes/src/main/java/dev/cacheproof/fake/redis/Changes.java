package dev.cacheproof.fake.redis;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Tells who is concerned that something has happened to a key of one database: those who watch it, those who keep it in
 * a cache of their own, and those who listen to events. Guarded by the engine's lock.
 */
final class Changes {

    private final int database;
    private final KeyspaceEvents events;
    private final Tracking tracking;
    private final Consumer<Bytes> trace;
    private final Map<Bytes, Set<Session>> watchers = new HashMap<>();

    /** Set while entries are exchanged behind the clients' backs. */
    private boolean quiet;

    /** @param trace is told each key that holds something else than before */
    Changes(int database, KeyspaceEvents events, Tracking tracking, Consumer<Bytes> trace) {
        this.database = database;
        this.events = events;
        this.tracking = tracking;
        this.trace = trace;
    }

    void watch(Bytes key, Session session) {
        watchers.computeIfAbsent(key, any -> new LinkedHashSet<>()).add(session);
    }

    void unwatch(Bytes key, Session session) {
        Set<Session> sessions = watchers.get(key);
        if (sessions != null && sessions.remove(session) && sessions.isEmpty()) {
            watchers.remove(key);
        }
    }

    /** Notes that a key holds something else now. */
    void changed(Bytes key) {
        if (!quiet) {
            overtake(key);
            tracking.changed(key);
            trace.accept(key);
        }
    }

    private void overtake(Bytes key) {
        if (!watchers.isEmpty()) {
            watchers.getOrDefault(key, Set.of()).forEach(Session::watchedKeyChanged);
        }
    }

    /** Notes that all of the keys are gone that were there; {@link #flushed} tells who is to be told once. */
    void cleared(Predicate<Bytes> wasThere) {
        if (!quiet) {
            watchers.keySet().stream().filter(wasThere).forEach(this::overtake);
        }
    }

    /** Notes that all keys are gone, of this database or of others, too. */
    void flushed() {
        if (!quiet) {
            tracking.flushed();
        }
    }

    /** Notes what was done to a key, in the words of redis-server. */
    void event(KeyspaceEvents.Kind kind, String event, Bytes key) {
        if (!quiet) {
            events.publish(database, kind, event, key);
        }
    }

    boolean isQuiet() {
        return quiet;
    }

    /** Lets something happen that no client is told of. */
    <T> T quietly(Supplier<T> action) {
        boolean before = quiet;
        quiet = true;
        try {
            return action.get();
        } finally {
            quiet = before;
        }
    }
}
