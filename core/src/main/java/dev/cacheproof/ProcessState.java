package dev.cacheproof;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The only static mutable state of the toolkit, but for what is computed once for a class: which scopes are open, which of
 * them each thread is in, what is watched, and what was seen of the threads. It must be static, because drivers and caches call from threads that know nothing of a test.
 */
final class ProcessState {

    /** A value per thread, and never an inheritable one: a pool's threads would keep their creator's scope. */
    private static final ThreadLocal<ThreadState> THREADS = ThreadLocal.withInitial(ThreadState::new);

    private static final Set<Scope> OPEN = ConcurrentHashMap.newKeySet();
    private static final AtomicLong SEQUENCE = new AtomicLong();
    private static final AtomicLong CLOCKS = new AtomicLong();

    /** The names of the sources that do not end. */
    private static final Map<Operation.Kind, Set<String>> WATCHED = new ConcurrentHashMap<>();

    private static final Set<NotWatched> NOT_WATCHED = ConcurrentHashMap.newKeySet();

    /** The sources that do, while they are watched; several may share a name. */
    private static final Set<Recorder.Watch> WATCHES = ConcurrentHashMap.newKeySet();

    /** The last reset of each cache with a part for each thread; guarded by itself. */
    private static final List<ThreadReset> PER_THREAD = new ArrayList<>();

    /** The number of the last reset of them all; written under the same guard. */
    private static final AtomicLong THREAD_RESETS = new AtomicLong();

    /** Shared by all resets: what one has read of a thread's stack spares the next. */
    private static final ThreadStacks STACKS = new ThreadStacks();

    private static final ExecutorService RESETTERS = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), ProcessState::daemon);
    private static @Nullable CacheRegistry globalRegistry;

    /** What is noted of each run, for as long as it lasts. */
    private static final Map<Object, Map<String, Object>> NOTES = Collections.synchronizedMap(new WeakHashMap<>());

    private static final Object OUTSIDE_OF_TESTS = new Object();

    private ProcessState() {}

    /** Returns what was noted of a run; of all that is done outside of tests, where it is null. */
    static Map<String, Object> notes(@Nullable Object run) {
        return NOTES.computeIfAbsent(run == null ? OUTSIDE_OF_TESTS : run, absent -> new ConcurrentHashMap<>());
    }

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

    static Set<Recorder.Watch> watches() {
        return WATCHES;
    }

    static Set<String> watched(Operation.Kind kind) {
        Set<String> names = new TreeSet<>(WATCHED.getOrDefault(kind, Set.of()));
        WATCHES.stream()
                .filter(watch -> watch.kind() == kind && concerns(watch.application()))
                .map(Recorder.Watch::source)
                .forEach(names::add);
        return names;
    }

    /** Why an application has nothing that is watched; where it is null, none has. */
    private record NotWatched(Operation.Kind kind, @Nullable String application, String reason, boolean isASource) {}

    static Runnable notWatched(Operation.Kind kind, @Nullable String application, String reason, boolean isASource) {
        NotWatched told = new NotWatched(kind, application, reason, isASource);
        NOT_WATCHED.add(told);
        return () -> NOT_WATCHED.remove(told);
    }

    static Set<String> whyNotWatched(Operation.Kind kind) {
        return NOT_WATCHED.stream()
                .filter(told -> told.kind == kind && concerns(told.application))
                .map(NotWatched::reason)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<String> unwatchedSources(Operation.Kind kind) {
        Scope scope = thread().scope();
        Optional<RunningTest> test = scope == null ? Optional.empty() : scope.test();
        return test.filter(RunningTest::runsInApplication).isEmpty()
                ? Set.of()
                : NOT_WATCHED.stream()
                        .filter(told -> told.kind == kind
                                && told.isASource
                                && told.application != null
                                && test.get().mayRunIn(told.application))
                        .map(NotWatched::reason)
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Says whether the test of this thread may run in an application; where nobody has said in which it runs, it may. */
    private static boolean concerns(@Nullable String application) {
        Scope scope = thread().scope();
        return application == null
                || scope == null
                || scope.test().map(test -> test.mayRunIn(application)).orElse(true);
    }

    /** A reset that each thread makes by itself. Weak, since most caches are a test's own. */
    private record ThreadReset(WeakReference<CacheHandle> cache, long number) {}

    /** Resets a per-thread cache on this thread now, and on each other thread when that next enters a scope. */
    static void resetPerThread(CacheHandle handle) {
        synchronized (PER_THREAD) {
            PER_THREAD.removeIf(reset -> reset.cache.refersTo(null) || reset.cache.refersTo(handle));
            PER_THREAD.add(new ThreadReset(new WeakReference<>(handle), THREAD_RESETS.incrementAndGet()));
        }
        // What is reset here must not be reset again, and lost, when this thread next enters a scope.
        thread().catchUpWithResets();
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

    static ThreadStacks stacks() {
        return STACKS;
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
        private @Nullable String explanation;
        private long resetsSeen;

        /** Returns the innermost scope that is still open: work that outlives its scope belongs to the next one out. */
        @Nullable
        Scope scope() {
            for (int i = scopes.size() - 1; i >= 0; i--) {
                Scope open = scopes.get(i).nearestOpen();
                if (open != null) {
                    return open;
                }
            }
            return null;
        }

        void push(Scope scope) {
            // Before anything else, because a cache may throw.
            catchUpWithResets();
            // A scope that another thread closed stays on its opener's stack until here.
            while (!scopes.isEmpty() && scopes.get(scopes.size() - 1).nearestOpen() == null) {
                scopes.remove(scopes.size() - 1);
            }
            scopes.add(scope);
        }

        private void catchUpWithResets() {
            if (resetsSeen == THREAD_RESETS.get()) {
                return;
            }
            List<CacheHandle> missed = new ArrayList<>();
            synchronized (PER_THREAD) {
                for (ThreadReset reset : PER_THREAD) {
                    CacheHandle cache = reset.cache.get();
                    if (cache != null && reset.number > resetsSeen) {
                        missed.add(cache);
                    }
                }
                resetsSeen = THREAD_RESETS.get();
            }
            resetEach(missed);
        }

        /** One cache that fails must not keep the others warm. */
        private static void resetEach(List<CacheHandle> caches) {
            RuntimeException failure = null;
            for (CacheHandle cache : caches) {
                try {
                    cache.resetThread();
                } catch (RuntimeException failed) {
                    if (failure == null) {
                        failure = failed;
                    } else if (!failure.equals(failed)) {
                        failure.addSuppressed(failed);
                    }
                }
            }
            if (failure != null) {
                throw failure;
            }
        }

        /** Leaves the scope once, and returns the scopes that this thread opened inside it and has not left. */
        List<Scope> pop(Scope scope) {
            int index = scopes.lastIndexOf(scope);
            if (index < 0) {
                return List.of();
            }
            scopes.remove(index);
            List<Scope> inner = scopes.subList(index, scopes.size()).stream()
                    .filter(each -> each.opener() == Thread.currentThread() && each.isInside(scope))
                    .toList();
            scopes.subList(index, scopes.size()).removeAll(inner);
            return inner;
        }

        boolean isInside(Scope outer) {
            return scopes.stream().anyMatch(scope -> scope.isInside(outer));
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

        /** Says until it is closed why this thread is in no scope. */
        Scope.Attachment explain(String hint) {
            String before = explanation;
            explanation = hint;
            return () -> explanation = before;
        }

        /** Returns what to do about work of this thread that belongs to no scope, where more is known than that. */
        @Nullable
        String explanation() {
            if (explanation != null || scopes.isEmpty()) {
                return explanation;
            }
            return "\"" + scopes.get(scopes.size() - 1).root().name()
                    + "\" has ended and left this running:\nlet it wait for what it starts.";
        }

        boolean isGating() {
            return gating;
        }

        void gating(boolean gating) {
            this.gating = gating;
        }
    }
}
