package dev.cacheproof;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One reset of some caches. Clearing can block for as long as a load runs (an unbounded Caffeine cache, a map's
 * computeIfAbsent), and such a lock cannot be interrupted; so it is done by a thread that the engine can leave behind.
 */
final class Reset {

    private final Map<String, CacheHandle> handles;
    private final Duration timeout;
    private final CacheIsolationEngine.Failures failures;

    Reset(Map<String, CacheHandle> handles, Duration timeout, CacheIsolationEngine.Failures failures) {
        this.handles = handles;
        this.timeout = timeout;
        this.failures = failures;
    }

    void run() {
        // An interrupt that came before is the test's, perhaps what it tested. Its caches must be made cold all the
        // same.
        boolean interrupted = Thread.interrupted();
        Set<String> remaining = new LinkedHashSet<>(handles.keySet());
        try {
            handles.forEach(this::resetPerThread);
            awaitLoaders();
            while (!remaining.isEmpty()) {
                reset(remaining);
            }
        } catch (InterruptedException stopped) {
            interrupted = true;
            for (String id : remaining) {
                failures.add(
                        id,
                        new IllegalStateException("The thread was interrupted before the reset was done.", stopped));
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void resetPerThread(String id, CacheHandle handle) {
        try {
            if (handle.isPerThread()) {
                ProcessState.resetPerThread(handle);
            }
        } catch (RuntimeException | LinkageError | AssertionError failed) {
            failures.add(id, failed);
        }
    }

    /** A load that began before the reset and writes after it would warm the next test's cache. */
    private void awaitLoaders() throws InterruptedException {
        Map<String, CacheHandle> loading = new HashMap<>(handles);
        loading.values().removeIf(handle -> !handle.writesAfterReset());
        if (loading.isEmpty()) {
            return;
        }
        try {
            Deadline.after(timeout)
                    .await(
                            () -> loaders(loading.values()).isEmpty(),
                            () -> "a load in flight to end: "
                                    + String.join("; ", loaders(loading.values()))
                                    + ". Its value would be written after the reset."
                                    + " Let the test wait for it, or register the cache with a way to replace it.");
        } catch (IllegalStateException tooLong) {
            loading.keySet().forEach(id -> failures.add(id, tooLong));
        }
    }

    private static List<String> loaders(Iterable<CacheHandle> handles) {
        Set<Thread> own = new HashSet<>();
        Set<Thread> neighbours = new HashSet<>();
        sortThreads(own, neighbours);
        Map<Long, Thread> unlisted = new HashMap<>();
        own.forEach(thread -> unlisted.put(threadId(thread), thread));
        // The stack of a test is deep: to read it takes longer than to read those of all threads that only wait.
        Set<Long> spared = new HashSet<>();
        neighbours.forEach(thread -> spared.add(threadId(thread)));
        spared.removeAll(unlisted.keySet());
        spared.add(threadId(Thread.currentThread()));
        unlisted.keySet().removeAll(spared);
        List<String> loaders = new ArrayList<>();
        for (ThreadInfo thread : ProcessState.stacks().except(spared)) {
            unlisted.remove(thread.getThreadId());
            if (isLoading(thread.getStackTrace(), handles)) {
                loaders.add(describe(thread.getThreadName(), thread.getStackTrace()));
            }
        }
        // The JVM does not list virtual threads; those that work for the test are known all the same.
        for (Thread thread : unlisted.values()) {
            StackTraceElement[] stack = thread.getStackTrace();
            if (isLoading(stack, handles)) {
                loaders.add(describe(thread.getName(), stack));
            }
        }
        return loaders;
    }

    /** Threads that work for another test load for that one, into caches that it has locked. */
    private static void sortThreads(Set<Thread> own, Set<Thread> neighbours) {
        Scope mine = Scope.current().map(Scope::root).orElse(null);
        for (Scope open : ProcessState.open()) {
            (open.root() == mine ? own : neighbours).addAll(open.threads());
        }
    }

    private static boolean isLoading(StackTraceElement[] stack, Iterable<CacheHandle> handles) {
        for (StackTraceElement frame : stack) {
            for (CacheHandle handle : handles) {
                if (handle.isLoading(frame)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String describe(String thread, StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (CallSite.isApplication(frame.getClassName())) {
                return "thread \"" + thread + "\" at " + new CallSite(List.of(frame));
            }
        }
        return "thread \"" + thread + "\"";
    }

    /** Resets caches and takes them off the list, up to the first that blocks. */
    private void reset(Set<String> remaining) throws InterruptedException {
        Attempt attempt = new Attempt(List.copyOf(remaining));
        ProcessState.resetters().execute(attempt.task);
        try {
            String blocked = attempt.await();
            if (blocked != null) {
                failures.add(
                        blocked,
                        new IllegalStateException("Waited " + timeout.toMillis()
                                + " ms in vain for the reset, which is blocked by " + attempt.blocker() + "."));
                remaining.remove(blocked);
            }
        } finally {
            attempt.task.cancel(true);
            attempt.finished().forEach(remaining::remove);
        }
    }

    /**
     * The reset of some caches on another thread, in the scope of this one. On one thread for all of them: to hand over each
     * alone takes longer than most resets do.
     */
    private final class Attempt {
        private final List<String> ids;
        private final @Nullable Scope scope = Scope.current().orElse(null);
        private final FutureTask<@Nullable Void> task = new FutureTask<>(this::resetEach, null);
        private final AtomicInteger finished = new AtomicInteger();
        private volatile @Nullable Thread resetter;

        Attempt(List<String> ids) {
            this.ids = ids;
        }

        private void resetEach() {
            resetter = Thread.currentThread();
            for (String id : ids) {
                try {
                    reset(Objects.requireNonNull(handles.get(id)));
                } catch (Throwable failed) {
                    if (!task.isCancelled()) {
                        failures.add(id, failed);
                    }
                }
                if (task.isCancelled()) {
                    return;
                }
                finished.incrementAndGet();
            }
        }

        private void reset(CacheHandle handle) throws Exception {
            if (scope == null) {
                handle.reset();
                return;
            }
            try (Scope.Attachment attached = scope.attach()) {
                handle.reset();
            }
        }

        List<String> finished() {
            return ids.subList(0, finished.get());
        }

        /** Waits for as long as a cache is finished within the limit, and returns the one that is not. */
        @Nullable
        String await() throws InterruptedException {
            while (true) {
                int before = finished.get();
                try {
                    task.get(Deadline.after(timeout).remainingNanos(), TimeUnit.NANOSECONDS);
                    return null;
                } catch (TimeoutException passed) {
                    if (finished.get() == before) {
                        return ids.get(before);
                    }
                } catch (ExecutionException impossible) {
                    throw new AssertionError(impossible);
                }
            }
        }

        String blocker() {
            Thread blocked = resetter;
            if (blocked == null) {
                return "a thread that did not start";
            }
            var threads = ManagementFactory.getThreadMXBean();
            ThreadInfo waiting = threads.getThreadInfo(threadId(blocked));
            ThreadInfo owner = waiting == null || waiting.getLockOwnerId() < 0
                    ? null
                    : threads.getThreadInfo(waiting.getLockOwnerId(), Integer.MAX_VALUE);
            return owner != null
                    ? "a load on " + describe(owner.getThreadName(), owner.getStackTrace())
                    : "what it waits for: " + describe(blocked.getName(), blocked.getStackTrace());
        }
    }

    /** The successor of this method, {@code threadId()}, is not in JDK 17. */
    @SuppressWarnings("deprecation")
    static long threadId(Thread thread) {
        return thread.getId();
    }
}
