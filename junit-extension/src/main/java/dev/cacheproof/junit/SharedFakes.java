package dev.cacheproof.junit;

import dev.cacheproof.Settings;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/** The fakes that tests of one run share: started with the first class that has the field, ended with the last. */
final class SharedFakes {

    /** Guards the map and the counts in it. A fake is started under it, so that two classes start one. */
    private final ReentrantLock lock = new ReentrantLock();

    private final IdentityHashMap<Object, Entry> byFake = new IdentityHashMap<>();
    private final Settings.Mode mode;

    private static final class Entry {
        final RunningFake<?> running;
        int users;

        Entry(RunningFake<?> running) {
            this.running = running;
        }
    }

    SharedFakes(Settings.Mode mode) {
        this.mode = mode;
    }

    /** Starts the fake of a field, unless another class has; it runs at least until what this returns is closed. */
    Lease lease(TestField field, List<?> instances) {
        lock.lock();
        try {
            Object present = field.value(instances);
            Entry entry = present == null ? null : byFake.get(present);
            if (present == null || entry == null) {
                entry = new Entry(FakeFields.start(field, FakeFields.name(field), instances)
                        .shared(mode));
                present = Objects.requireNonNull(field.value(instances));
                byFake.put(present, entry);
            }
            entry.users++;
            return new Lease(present);
        } finally {
            lock.unlock();
        }
    }

    /** Finds what runs the fake of a field that an application has started, and will end. */
    RunningFake<?> adopt(TestField field, List<?> instances, Object fake, String lockId) {
        lock.lock();
        try {
            RunningFake<?> adopted = FakeFields.adopt(field, instances, fake, lockId);
            return byFake.computeIfAbsent(fake, first -> new Entry(adopted.shared(mode))).running;
        } finally {
            lock.unlock();
        }
    }

    /** Finds what runs a fake; null for one that is not shared. */
    @Nullable
    RunningFake<?> running(Object fake) {
        lock.lock();
        try {
            Entry entry = byFake.get(fake);
            return entry == null ? null : entry.running;
        } finally {
            lock.unlock();
        }
    }

    private void release(Object fake) {
        Entry over = null;
        lock.lock();
        try {
            Entry entry = Objects.requireNonNull(byFake.get(fake));
            if (--entry.users == 0) {
                byFake.remove(fake);
                over = entry;
                // Emptied under the lock, or a class that starts now would take what is ending.
                entry.running.emptyField();
            }
        } finally {
            lock.unlock();
        }
        if (over != null) {
            over.running.end(mode);
        }
    }

    /** One class's share in a fake; closed by JUnit with the context that it is stored in, once. */
    final class Lease implements Store.CloseableResource, AutoCloseable {
        private final Object fake;

        private Lease(Object fake) {
            this.fake = fake;
        }

        @Override
        public void close() {
            release(fake);
        }
    }
}
