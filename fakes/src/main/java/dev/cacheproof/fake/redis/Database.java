package dev.cacheproof.fake.redis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One numbered database. Every change tells the sessions that watch the key. Guarded by the engine's lock.
 *
 * <p>The entries also stand in a list, so that SCAN needs no memory of who scans: a scan walks the list from its end, and an
 * entry that is removed is replaced by the last one. An entry therefore only ever moves towards the start: what is there
 * during the whole scan is seen, and what moves may be seen twice, as SCAN allows.
 */
final class Database {

    private final Map<Bytes, Entry> entries = new HashMap<>();
    private final List<Entry> list = new ArrayList<>();
    private final TreeSet<Entry> expiring = new TreeSet<>(
            Comparator.<Entry>comparingLong(entry -> entry.expiresAt).thenComparingLong(entry -> entry.number));
    private final Map<Bytes, Set<Session>> watchers = new HashMap<>();
    private final int number;
    private final Random random;
    private final Waits waits;
    private final BiConsumer<Database, Bytes> changes;
    private long numbers;

    /** What keys held when the history began; null where none is kept. */
    private @Nullable Map<Bytes, Saved> history;

    /** Set while entries are exchanged behind the clients' backs. */
    private boolean quiet;

    /** @param changes is told each change that clients may notice, but that everything was cleared */
    Database(int number, Random random, Waits waits, BiConsumer<Database, Bytes> changes) {
        this.number = number;
        this.random = random;
        this.waits = waits;
        this.changes = changes;
    }

    int number() {
        return number;
    }

    @Nullable
    Entry find(Bytes key) {
        return entries.get(key);
    }

    boolean contains(Bytes key) {
        return entries.containsKey(key);
    }

    int size() {
        return list.size();
    }

    int expiringSize() {
        return expiring.size();
    }

    /** Writes a value and forgets when the old one would have expired. */
    Entry put(Bytes key, Value value) {
        Entry entry = replace(key, value);
        if (entry.expires()) {
            forgetExpiry(entry);
        }
        return entry;
    }

    /** Writes a value, which expires when the old one would have. */
    Entry replace(Bytes key, Value value) {
        remember(key);
        Entry entry = entries.get(key);
        if (entry == null) {
            entry = new Entry(key, value, numbers++);
            entry.index = list.size();
            list.add(entry);
            entries.put(key, entry);
            if (!quiet) {
                waits.appeared(this, key);
            }
        } else {
            entry.value = value;
        }
        changed(key);
        return entry;
    }

    /** Writes a collection that was changed, unless it is empty now: then the key goes. */
    void store(Bytes key, Value value) {
        if (value.isEmpty()) {
            remove(key);
        } else {
            replace(key, value);
        }
    }

    boolean remove(Bytes key) {
        remember(key);
        Entry entry = entries.remove(key);
        if (entry == null) {
            return false;
        }
        if (entry.expires()) {
            expiring.remove(entry);
        }
        Entry last = list.remove(list.size() - 1);
        if (last != entry) {
            list.set(entry.index, last);
            last.index = entry.index;
        }
        changed(key);
        return true;
    }

    void expireAt(Entry entry, long time) {
        remember(entry.key);
        if (entry.expires()) {
            expiring.remove(entry);
        }
        entry.expiresAt = time;
        if (time != Entry.NEVER) {
            expiring.add(entry);
        }
        changed(entry.key);
    }

    private void forgetExpiry(Entry entry) {
        expiring.remove(entry);
        entry.expiresAt = Entry.NEVER;
    }

    /** Returns what expires next; null where nothing does. */
    @Nullable
    Entry nextToExpire() {
        return expiring.isEmpty() ? null : expiring.first();
    }

    void clear() {
        entries.keySet().forEach(this::remember);
        watchers.forEach((key, sessions) -> {
            if (!quiet && entries.containsKey(key)) {
                sessions.forEach(Session::watchedKeyChanged);
            }
        });
        entries.clear();
        list.clear();
        expiring.clear();
    }

    @Nullable
    Entry random() {
        return list.isEmpty() ? null : list.get(random.nextInt(list.size()));
    }

    /** Returns the entries in an order that holds as long as nothing is removed. */
    List<Entry> all() {
        return list;
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

    /** Keeps what keys held before they change, from now on, or forgets it. */
    void keepHistory(boolean keep) {
        if (!keep) {
            history = null;
        } else if (history == null) {
            history = new HashMap<>();
        }
    }

    /** Keeps what a key holds where a history is kept; to be called before a collection is changed. */
    void remember(Bytes key) {
        if (history != null && !quiet) {
            history.putIfAbsent(key, save(key));
        }
    }

    /** Returns what a key held when the history began. */
    Saved past(Saved present) {
        return history == null ? present : history.getOrDefault(present.key(), present);
    }

    Saved save(Bytes key) {
        Entry entry = entries.get(key);
        return entry == null ? Saved.absent(key) : new Saved(key, entry.value.snapshot(), entry.expiresAt);
    }

    List<Saved> saveAll() {
        return list.stream().map(entry -> save(entry.key)).toList();
    }

    void restore(Saved saved) {
        Value value = saved.value();
        if (value == null) {
            remove(saved.key());
        } else {
            expireAt(put(saved.key(), value), saved.expiresAt());
        }
    }

    /** Lets something happen that clients who watch keys are not told of. */
    void quietly(Runnable action) {
        quietly(() -> {
            action.run();
            return true;
        });
    }

    <T> T quietly(Supplier<T> action) {
        boolean before = quiet;
        quiet = true;
        try {
            return action.get();
        } finally {
            quiet = before;
        }
    }

    private void changed(Bytes key) {
        if (quiet) {
            return;
        }
        changes.accept(this, key);
        if (!watchers.isEmpty()) {
            watchers.getOrDefault(key, Set.of()).forEach(Session::watchedKeyChanged);
        }
    }
}
