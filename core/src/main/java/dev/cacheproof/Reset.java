package dev.cacheproof;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
        if (handles.isEmpty()) {
            return;
        }
        handles.forEach(this::resetPerThread);
        awaitLoaders();
        List<String> remaining = new ArrayList<>(handles.keySet());
        while (!remaining.isEmpty()) {
            Batch batch = new Batch(remaining);
            batch.runWithin(timeout);
            remaining = batch.notStarted();
        }
    }

    private void resetPerThread(String id, CacheHandle handle) {
        try {
            if (handle.isPerThread()) {
                ProcessState.resetPerThread(handle);
            }
        } catch (RuntimeException failed) {
            failures.add(id, failed);
        }
    }

    /** A load that began before the reset and writes after it would warm the next test's cache. */
    private void awaitLoaders() {
        List<CacheHandle> loading =
                handles.values().stream().filter(CacheHandle::writesAfterReset).toList();
        if (loading.isEmpty()) {
            return;
        }
        try {
            Deadline.after(timeout)
                    .await(
                            () -> loaders(loading).isEmpty(),
                            () -> "a load in flight to end: "
                                    + String.join("; ", loaders(loading))
                                    + ". Its value would be written after the reset."
                                    + " Let the test wait for it, or register the cache with a way to replace it.");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            handles.keySet().forEach(id -> failures.add(id, interrupted));
        } catch (IllegalStateException tooLong) {
            handles.forEach((id, handle) -> {
                if (handle.writesAfterReset()) {
                    failures.add(id, tooLong);
                }
            });
        }
    }

    private static List<String> loaders(List<CacheHandle> handles) {
        List<String> loaders = new ArrayList<>();
        Set<Thread> neighbours = neighbours();
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            if (thread != Thread.currentThread() && !neighbours.contains(thread) && isLoading(stack, handles)) {
                loaders.add(describe(thread.getName(), stack));
            }
        });
        return loaders;
    }

    /** Threads that work for another test load for that one, into caches that it has locked. */
    private static Set<Thread> neighbours() {
        Optional<Scope> mine = Scope.current().map(Scope::root);
        Set<Thread> threads = new LinkedHashSet<>();
        for (Scope open : ProcessState.open()) {
            if (mine.isEmpty() || open.root() != mine.get()) {
                threads.addAll(open.threads());
            }
        }
        return threads;
    }

    private static boolean isLoading(StackTraceElement[] stack, List<CacheHandle> handles) {
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

    /** Resets caches one after another on another thread, up to the first that blocks. */
    private final class Batch {
        private final List<String> ids;
        private volatile @Nullable Thread resetter;
        private final AtomicInteger started = new AtomicInteger();
        private volatile boolean abandoned;

        Batch(List<String> ids) {
            this.ids = ids;
        }

        void runWithin(Duration limit) {
            Optional<Scope> scope = Scope.current();
            FutureTask<Void> task = new FutureTask<>(
                    () -> {
                        if (scope.isPresent()) {
                            try (Scope.Attachment attached = scope.get().attach()) {
                                resetEach();
                            }
                        } else {
                            resetEach();
                        }
                    },
                    null);
            ProcessState.resetters().execute(task);
            try {
                Deadline deadline = Deadline.after(limit);
                task.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException blocked) {
                String id = ids.get(started.get() - 1);
                failures.add(
                        id,
                        new IllegalStateException("Waited " + limit.toMillis()
                                + " ms in vain for the reset, which is blocked by " + blocker() + "."));
                abandoned = true;
                task.cancel(true);
            } catch (InterruptedException interrupted) {
                abandoned = true;
                task.cancel(true);
                Thread.currentThread().interrupt();
                ids.forEach(id -> failures.add(id, interrupted));
                started.set(ids.size());
            } catch (ExecutionException unexpected) {
                failures.add(ids.get(Math.max(0, started.get() - 1)), unexpected);
            }
        }

        private void resetEach() {
            resetter = Thread.currentThread();
            for (Iterator<String> next = ids.iterator(); next.hasNext() && !abandoned; ) {
                String id = next.next();
                started.incrementAndGet();
                try {
                    Objects.requireNonNull(handles.get(id)).reset();
                } catch (InterruptedException giveUp) {
                    Thread.currentThread().interrupt();
                    return;
                } catch (Exception | LinkageError failed) {
                    if (!abandoned) {
                        failures.add(id, failed);
                    }
                }
            }
        }

        private String blocker() {
            Thread blocked = resetter;
            if (blocked == null) {
                return "a thread that could not start";
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

        List<String> notStarted() {
            return started.get() >= ids.size() ? List.of() : ids.subList(started.get(), ids.size());
        }
    }

    /** The successor of this method, {@code threadId()}, is not in JDK 17. */
    @SuppressWarnings("deprecation")
    static long threadId(Thread thread) {
        return thread.getId();
    }
}
