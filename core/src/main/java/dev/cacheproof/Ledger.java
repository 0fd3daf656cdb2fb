package dev.cacheproof;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the first and the last operations that it is given, and drops what lies between. Thread-safe; its lock is held
 * for no longer than it takes to add or copy.
 */
final class Ledger {

    /** Guards everything below. */
    private final ReentrantLock lock = new ReentrantLock();

    private final List<Entry> first = new ArrayList<>();
    private final Deque<Entry> last = new ArrayDeque<>();
    private final int keepFirst;
    private final int keepLast;

    Ledger(int details) {
        this.keepFirst = details / 10;
        this.keepLast = details - keepFirst;
    }

    /** An operation, and the scope that it belongs to; null where it belongs to none. */
    record Entry(Operation operation, @Nullable Scope scope) {}

    void add(Operation operation, @Nullable Scope scope) {
        Entry entry = new Entry(operation, scope);
        lock.lock();
        try {
            if (first.size() < keepFirst) {
                first.add(entry);
                return;
            }
            last.addLast(entry);
            if (last.size() > keepLast) {
                drop(last.removeFirst());
            }
        } finally {
            lock.unlock();
        }
    }

    private void drop(Entry entry) {
        for (Scope scope = entry.scope(); scope != null; scope = scope.parent()) {
            if (scope.ledger() == this) {
                scope.droppedDetail();
            }
        }
    }

    List<Entry> entries() {
        List<Entry> entries;
        lock.lock();
        try {
            entries = new ArrayList<>(first);
            entries.addAll(last);
        } finally {
            lock.unlock();
        }
        entries.sort(Comparator.comparingLong(entry -> entry.operation().sequence()));
        return entries;
    }
}
