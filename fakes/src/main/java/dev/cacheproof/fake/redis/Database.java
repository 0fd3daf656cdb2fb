package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.redis.KeyspaceEvents.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One numbered database. Every change is told to {@link Changes}, and what a command calls it where the command says so.
 * Guarded by the engine's lock.
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
    private final int number;
    private final Random random;
    private final Waits waits;
    private final Changes changes;
    private final Eviction eviction;
    private final LongSupplier now;
    private long numbers;

    /** What keys held when the history began; null where none is kept. */
    private @Nullable Map<Bytes, Saved> history;

    Database(int number, Random random, Waits waits, Changes changes, Eviction eviction, LongSupplier now) {
        this.number = number;
        this.random = random;
        this.waits = waits;
        this.changes = changes;
        this.eviction = eviction;
        this.now = now;
    }

    int number() {
        return number;
    }

    Changes changes() {
        return changes;
    }

    @Nullable
    Entry find(Bytes key) {
        return entries.get(key);
    }

    /** Finds a key for a command that uses it. */
    @Nullable
    Entry use(Bytes key) {
        Entry entry = find(key);
        if (entry != null) {
            eviction.used(entry, now.getAsLong());
        }
        return entry;
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

    Entry putFixture(Bytes key, Value value) {
        Entry entry = put(key, value);
        changes.event(Kind.STRING, "set", key);
        return entry;
    }

    /** Writes a value, which expires when the old one would have. */
    Entry replace(Bytes key, Value value) {
        Entry entry = attach(key, value);
        changes.changed(key);
        return entry;
    }

    private Entry attach(Bytes key, Value value) {
        remember(key);
        Entry entry = entries.get(key);
        if (entry == null) {
            entry = new Entry(key, value, numbers++);
            entry.index = list.size();
            list.add(entry);
            entries.put(key, entry);
            if (!changes.isQuiet()) {
                waits.appeared(this, key);
            }
            eviction.written(entry, now.getAsLong());
            changes.event(Kind.NEW, "new", key);
        } else {
            entry.value = value;
            eviction.written(entry, now.getAsLong());
        }
        return entry;
    }

    /** Writes a collection that was changed, unless it is empty now: then the key goes. */
    void store(Bytes key, Value value, Kind kind, String event) {
        boolean isGone = value.isEmpty();
        if (isGone) {
            remove(key);
        } else {
            replace(key, value);
        }
        changes.event(kind, event, key);
        if (isGone) {
            changes.event(Kind.GENERIC, "del", key);
        }
    }

    /** Does the same for a command by which redis-server tells of the event before it tells of the change. */
    void storeAfter(Kind kind, String event, Bytes key, Value value) {
        storeUnseen(kind, event, key, value);
        changes.changed(key);
    }

    /** Does the same for a client that takes what has just come: redis-server has told of that, and does not tell again. */
    void storeUnseen(Kind kind, String event, Bytes key, Value value) {
        changes.event(kind, event, key);
        if (value.isEmpty()) {
            detach(key);
            changes.event(Kind.GENERIC, "del", key);
        } else {
            attach(key, value);
        }
    }

    /** Writes what a command has found, or deletes the key where that is nothing. */
    void storeResult(Bytes key, Value value, Kind kind, String event) {
        if (value.isEmpty()) {
            delete(key);
        } else {
            put(key, value);
            changes.event(kind, event, key);
        }
    }

    /** Removes a key because a client wants it to go. */
    boolean delete(Bytes key) {
        boolean found = remove(key);
        if (found) {
            changes.event(Kind.GENERIC, "del", key);
        }
        return found;
    }

    /** Removes what has expired. */
    void expire(Entry entry) {
        changes.event(Kind.EXPIRED, "expired", entry.key);
        remove(entry.key);
    }

    /** Removes a key for want of room. */
    void evict(Bytes key) {
        if (remove(key)) {
            changes.event(Kind.EVICTED, "evicted", key);
        }
    }

    boolean remove(Bytes key) {
        boolean found = detach(key) != null;
        if (found) {
            changes.changed(key);
        }
        return found;
    }

    private @Nullable Entry detach(Bytes key) {
        remember(key);
        Entry entry = entries.remove(key);
        if (entry == null) {
            return null;
        }
        if (entry.expires()) {
            expiring.remove(entry);
        }
        eviction.removed(entry);
        Entry last = list.remove(list.size() - 1);
        if (last != entry) {
            list.set(entry.index, last);
            last.index = entry.index;
        }
        return entry;
    }

    /** Gives a key another name, under which nothing else is kept. */
    void rename(Entry from, Bytes to) {
        detach(from.key);
        insert(to, from.value, from.expiresAt);
        changes.changed(from.key);
        changes.changed(to);
        changes.event(Kind.GENERIC, "rename_from", from.key);
        changes.event(Kind.GENERIC, "rename_to", to);
    }

    /** Writes a copy, which takes the place of what was there. */
    void copy(Entry from, Bytes to) {
        insert(to, from.value.duplicate(), from.expiresAt);
        changes.changed(to);
        changes.event(Kind.GENERIC, "copy_to", to);
    }

    /** Not overwritten: whoever waits for the key is given what is there now. */
    private void insert(Bytes key, Value value, long expiresAt) {
        detach(key);
        Entry entry = attach(key, value);
        if (expiresAt != Entry.NEVER) {
            entry.expiresAt = expiresAt;
            expiring.add(entry);
        }
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
        changes.changed(entry.key);
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
        changes.cleared(entries::containsKey);
        list.forEach(eviction::removed);
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
        if (history != null && !changes.isQuiet()) {
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
}
