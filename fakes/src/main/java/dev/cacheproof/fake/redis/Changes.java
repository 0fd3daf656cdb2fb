package dev.cacheproof.fake.redis;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tells who is concerned that something has happened to a key of one database: those who watch it, and those who listen to
 * events. Guarded by the engine's lock.
 */
final class Changes {

    private final int database;
    private final KeyspaceEvents events;
    private final Map<Bytes, Set<Session>> watchers = new HashMap<>();

    /** Set while entries are exchanged behind the clients' backs. */
    private boolean quiet;

    Changes(int database, KeyspaceEvents events) {
        this.database = database;
        this.events = events;
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

    /** Returns the keys that somebody watches. */
    Set<Bytes> watched() {
        return Set.copyOf(watchers.keySet());
    }

    /** Notes that a key holds something else now. */
    void changed(Bytes key) {
        if (!quiet && !watchers.isEmpty()) {
            watchers.getOrDefault(key, Set.of()).forEach(Session::watchedKeyChanged);
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
