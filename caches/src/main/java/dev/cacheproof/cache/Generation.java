package dev.cacheproof.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stamps loads with the number of the reset that they began after, so that a load which a reset has overtaken can be kept
 * from writing. Thread-safe.
 *
 * <p>A load in one call ({@code computeIfAbsent}) carries its stamp with it. A load in two calls ({@code get}, then
 * {@code put}) is known by its thread and key: a miss leaves a lease, the next write of that key on that thread uses it up.
 * A reset voids the leases of threads that are still at work; those of other threads are forgotten, since what such a
 * thread writes next is no load that the reset has overtaken.
 */
final class Generation {

    private final AtomicLong current = new AtomicLong();
    private final Map<Lease, Long> leases = new ConcurrentHashMap<>();

    private record Lease(Thread thread, Object key) {}

    void missed(Object key) {
        leases.put(new Lease(Thread.currentThread(), key), current.get());
    }

    /** Says whether a write on this thread ends a load that began before the last reset. */
    boolean isOvertaken(Object key) {
        Long began = leases.remove(new Lease(Thread.currentThread(), key));
        return began != null && began != current.get();
    }

    void advance() {
        current.incrementAndGet();
        leases.keySet().removeIf(lease -> lease.thread == Thread.currentThread() || isIdle(lease.thread));
    }

    /** A pool's thread that waits for its next task has frames of the JDK alone. */
    private static boolean isIdle(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            String name = frame.getClassName();
            if (!name.startsWith("java.") && !name.startsWith("jdk.") && !name.startsWith("sun.")) {
                return false;
            }
        }
        return true;
    }

    <K, V extends @Nullable Object> Load<K, V> load(Function<? super K, ? extends V> load) {
        return new Load<>(load);
    }

    /**
     * A mapping function for a compute method of the store. If a reset overtakes it, it throws {@link Overtaken} past the
     * store's write, and its caller takes the value from here.
     */
    final class Load<K, V extends @Nullable Object> implements Function<K, V> {
        private final Function<? super K, ? extends V> load;
        private final long began = current.get();
        private boolean called;
        private @Nullable V value;

        private Load(Function<? super K, ? extends V> load) {
            this.load = load;
        }

        @Override
        public V apply(K key) {
            called = true;
            V loaded = load.apply(key);
            if (began != current.get()) {
                value = loaded;
                throw new Overtaken();
            }
            return loaded;
        }

        /** Says whether the store needed the load: a hit did not. */
        boolean wasCalled() {
            return called;
        }

        @Nullable
        V overtakenValue() {
            return value;
        }
    }

    static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Overtaken() {
            super("a reset has overtaken this load", null, false, false);
        }
    }
}
