package dev.cacheproof.cache;

import dev.cacheproof.CacheIsolationEngine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stamps loads with the number of the reset that they began after, so that a load which a reset has overtaken can be kept
 * from writing. Thread-safe.
 *
 * <p>A load in one call ({@code computeIfAbsent}) carries its stamp with it. A load in two calls ({@code get}, then
 * {@code put}) is known by its thread and key: a miss leaves a lease, the next write of that key on that thread uses it up.
 * A reset voids the leases of threads that are still at work; those of other threads are forgotten, since what such a
 * thread writes next is no load that the reset has overtaken. At work is every thread but the one that resets, those that
 * have ended, and a pool's threads that wait for their next task; so a thread of the application's own, which loops for
 * ever, may lose a write that begins no load if it missed the key before the reset.
 *
 * <p>A reset may come between the check of a stamp and the write. So whoever writes looks at the stamp again afterwards,
 * and takes back what it wrote.
 */
final class Generation {

    /** The stamp of a write that ends no load. */
    private static final long NO_LOAD = -1;

    /** Bounds what reads of keys that are never written can take; beyond it, the oldest leases are forgotten. */
    private static final int MOST_LEASES = 10_000;

    /** A pool's thread that waits for its next task has frames of the JDK, or of a server, alone. */
    private static final List<String> WAITS_FOR_TASKS = List.of(
            "java.",
            "jdk.",
            "sun.",
            "org.apache.tomcat.",
            "org.eclipse.jetty.",
            "io.undertow.",
            "org.jboss.threads.",
            "org.xnio.",
            "io.netty.",
            "reactor.core.");

    private final AtomicLong current = new AtomicLong();

    /** Guards the leases. Held for no call of other code, but while a reset looks at threads. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<Lease, Long> leases = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Lease, Long> eldest) {
            return size() > MOST_LEASES;
        }
    };

    private record Lease(Thread thread, Object key) {}

    void missed(Object key) {
        Lease lease = new Lease(Thread.currentThread(), key);
        lock.lock();
        try {
            leases.put(lease, current.get());
        } finally {
            lock.unlock();
        }
    }

    /** Returns the stamp of the load that a write of this key on this thread ends. */
    long stampOfWrite(Object key) {
        Lease lease = new Lease(Thread.currentThread(), key);
        lock.lock();
        try {
            Long began = leases.remove(lease);
            return began == null ? NO_LOAD : began;
        } finally {
            lock.unlock();
        }
    }

    /** Says whether a reset came after the load with this stamp began. */
    boolean isOvertaken(long stamp) {
        return stamp != NO_LOAD && stamp != current.get();
    }

    void advance() {
        lock.lock();
        try {
            current.incrementAndGet();
            Map<Thread, Boolean> atWork = new LinkedHashMap<>();
            leases.keySet().removeIf(lease -> !atWork.computeIfAbsent(lease.thread, thread -> isAtWork(thread)));
        } finally {
            lock.unlock();
        }
    }

    private static boolean isAtWork(Thread thread) {
        if (thread == Thread.currentThread()) {
            return false;
        }
        boolean atWork = false;
        for (StackTraceElement frame : thread.getStackTrace()) {
            String name = frame.getClassName();
            if (name.equals(CacheIsolationEngine.class.getName())) {
                return false;
            }
            atWork = atWork || WAITS_FOR_TASKS.stream().noneMatch(name::startsWith);
        }
        return atWork;
    }

    <V extends @Nullable Object> Load<V> load() {
        return new Load<>();
    }

    /** A load inside one call of the store. Not for several calls. */
    final class Load<V extends @Nullable Object> {
        private final long began = current.get();
        private boolean called;
        private @Nullable V value;

        /** Runs the load; where a reset overtook it, throws past the store's write. */
        V run(Supplier<V> load) {
            called = true;
            V loaded = load.get();
            if (isOvertaken(began)) {
                value = loaded;
                throw new Overtaken(this);
            }
            return loaded;
        }

        /** Says whether the store needed the load: a hit did not. */
        boolean wasCalled() {
            return called;
        }

        /**
         * Calls the store, which may {@link #run} the load.
         *
         * @param store the call
         * @param undo takes back what the store wrote
         * @return the store's answer; where a reset overtook the load, the loaded value
         */
        @SuppressWarnings("NullAway") // the value is what the load answered, and null where V may be
        V through(Supplier<V> store, Runnable undo) {
            try {
                V answer = store.get();
                if (called && isOvertaken(began)) {
                    undo.run();
                }
                return answer;
            } catch (Overtaken overtaken) {
                if (overtaken.load != this) {
                    throw overtaken;
                }
                return value;
            }
        }
    }

    private static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Generation.Load<?> load;

        Overtaken(Generation.Load<?> load) {
            super("a reset has overtaken this load", null, false, false);
            this.load = load;
        }
    }
}
