package dev.cacheproof;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The only static mutable state of the toolkit: which scopes are open, which of them each thread is in, and what is
 * watched. It must be static, because drivers and caches call from threads that know nothing of a test.
 */
final class ProcessState {

    /** A value per thread, and never an inheritable one: a pool's threads would keep their creator's scope. */
    private static final ThreadLocal<ThreadState> THREADS = ThreadLocal.withInitial(ThreadState::new);

    private static final Set<Scope> OPEN = ConcurrentHashMap.newKeySet();
    private static final AtomicLong SEQUENCE = new AtomicLong();
    private static final AtomicLong CLOCKS = new AtomicLong();
    private static final Map<Operation.Kind, Set<String>> WATCHED = new ConcurrentHashMap<>();

    /** Caches with a part for each thread, and the number of their last reset. */
    private static final Map<CacheHandle, Long> PER_THREAD = Collections.synchronizedMap(new WeakHashMap<>());

    private static final AtomicLong RESETS = new AtomicLong();
    private static final ExecutorService RESETTERS = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), ProcessState::daemon);
    private static @Nullable CacheRegistry globalRegistry;

    private ProcessState() {}

    static ThreadState thread() {
        return THREADS.get();
    }

    static Set<Scope> open() {
        return OPEN;
    }

    static long nextSequence() {
        return SEQUENCE.incrementAndGet();
    }

    static long nextClock() {
        return CLOCKS.incrementAndGet();
    }

    static void watch(Operation.Kind kind, String source) {
        WATCHED.computeIfAbsent(kind, absent -> ConcurrentHashMap.newKeySet()).add(source);
    }

    static String watchAnother(Operation.Kind kind, String base) {
        Set<String> taken = WATCHED.computeIfAbsent(kind, absent -> ConcurrentHashMap.newKeySet());
        String name = base;
        for (int number = 2; !taken.add(name); number++) {
            name = base + "-" + number;
        }
        return name;
    }

    static Set<String> watched(Operation.Kind kind) {
        return new TreeSet<>(WATCHED.getOrDefault(kind, Set.of()));
    }

    /** Resets a per-thread cache on this thread now, and on each other thread when that next enters a scope. */
    static void resetPerThread(CacheHandle handle) {
        PER_THREAD.put(handle, RESETS.incrementAndGet());
        handle.resetThread();
    }

    /** Returns the caches of the whole process; a registrar that failed is asked again. */
    static CacheRegistry globalRegistry() {
        synchronized (OPEN) {
            CacheRegistry loaded = globalRegistry;
            if (loaded == null) {
                loaded = CacheRegistry.load();
                globalRegistry = loaded;
            }
            return loaded;
        }
    }

    static List<CacheAdapter> adapters() {
        return Adapters.ALL;
    }

    /** Loaded when first needed, once: what is on the class path does not change. */
    private static final class Adapters {
        static final List<CacheAdapter> ALL = Registration.loadAdapters();
    }

    static ExecutorService resetters() {
        return RESETTERS;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "cacheproof-reset");
        thread.setDaemon(true);
        return thread;
    }

    /** What one thread is doing. Touched by that thread alone. */
    static final class ThreadState {
        private final List<Scope> scopes = new ArrayList<>();
        private final Map<Operation.Kind, Recording> running = new EnumMap<>(Operation.Kind.class);
        private boolean gating;
        private long resetsSeen;

        /** Returns the innermost scope that is still open: work that outlives its scope belongs to the next one out. */
        @Nullable
        Scope scope() {
            for (int i = scopes.size() - 1; i >= 0; i--) {
                for (Scope scope = scopes.get(i); scope != null; scope = scope.parent()) {
                    if (!scope.isClosed()) {
                        return scope;
                    }
                }
            }
            return null;
        }

        void push(Scope scope) {
            // A scope that another thread closed stays on its opener's stack until here.
            while (!scopes.isEmpty() && scopes.get(scopes.size() - 1).isClosed()) {
                scopes.remove(scopes.size() - 1);
            }
            scopes.add(scope);
            catchUpWithResets();
        }

        private void catchUpWithResets() {
            long latest = RESETS.get();
            if (resetsSeen == latest) {
                return;
            }
            synchronized (PER_THREAD) {
                PER_THREAD.forEach((handle, reset) -> {
                    if (reset > resetsSeen) {
                        handle.resetThread();
                    }
                });
            }
            resetsSeen = latest;
        }

        /** Leaves the scope once, and says whether the thread is still in it. */
        boolean remove(Scope scope) {
            int last = scopes.lastIndexOf(scope);
            if (last >= 0) {
                scopes.remove(last);
            }
            return scopes.contains(scope);
        }

        /** Returns the scopes that this thread entered after the given one, and is still in. */
        List<Scope> above(Scope scope) {
            int index = scopes.lastIndexOf(scope);
            return index < 0 ? List.of() : List.copyOf(scopes.subList(index + 1, scopes.size()));
        }

        @Nullable
        Recording running(Operation.Kind kind) {
            return running.get(kind);
        }

        void running(Operation.Kind kind, @Nullable Recording recording) {
            if (recording == null) {
                running.remove(kind);
            } else {
                running.put(kind, recording);
            }
        }

        boolean isGating() {
            return gating;
        }

        void gating(boolean gating) {
            this.gating = gating;
        }
    }
}
