package dev.cacheproof;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The tasks that a scope has handed to other threads, and that have not finished. Thread-safe. */
final class HandedOverTasks {

    /**
     * How long a task that has completed its future, or counted its latch down, may take to return to its wrapper. Spent in
     * full only where a task really goes on, and then its test fails; so it is ample, for machines with much other work.
     */
    private static final long GRACE_NANOS = 2_000_000_000;

    private static final long POLL_NANOS = 100_000;

    private final Scope scope;
    private final @Nullable HandedOverTasks around;
    private final Set<Task> tasks = ConcurrentHashMap.newKeySet();

    /** Creates the tasks of a scope; those around it wait for them as well. */
    HandedOverTasks(Scope scope, @Nullable HandedOverTasks around) {
        this.scope = scope;
        this.around = around;
    }

    Runnable wrap(Runnable task) {
        return new Wrapped(this, track(task), task);
    }

    <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
        Task tracked = track(task);
        return () -> {
            try (Scope.Attachment attached = enter(tracked)) {
                return task.call();
            }
        };
    }

    /** Lets an executor run a task in the scope; one that it rejects will never run, so nobody waits for it. */
    void handOver(Runnable task, Executor executor) {
        Wrapped wrapped = new Wrapped(this, track(task), task);
        try {
            executor.execute(wrapped);
        } catch (Throwable rejected) {
            untrack(wrapped.tracked);
            throw rejected;
        }
    }

    /** A task that its pool dropped will never run, so nobody waits for it. */
    static void abandon(Runnable dropped) {
        if (dropped instanceof Wrapped wrapped) {
            wrapped.owner.untrack(wrapped.tracked);
        }
    }

    /** Describes the tasks that have not finished; waits a little for those that are running. */
    List<String> unfinished() {
        long end = System.nanoTime() + GRACE_NANOS;
        while (tasks.stream().anyMatch(task -> task.isRunning)
                && System.nanoTime() - end < 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        return tasks.stream().map(Task::description).sorted().toList();
    }

    private Task track(Object task) {
        CallSite callSite = scope.recordsCallSites() ? CallSite.capture() : CallSite.NONE;
        Task tracked = new Task(CallSite.className(task.getClass()), callSite);
        for (HandedOverTasks each = this; each != null; each = each.around) {
            each.tasks.add(tracked);
        }
        return tracked;
    }

    private void untrack(Task tracked) {
        for (HandedOverTasks each = this; each != null; each = each.around) {
            each.tasks.remove(tracked);
        }
    }

    private Scope.Attachment enter(Task task) {
        Scope.Attachment attached = scope.attach();
        task.isRunning = true;
        return () -> {
            try {
                attached.close();
            } finally {
                untrack(task);
            }
        };
    }

    /** A task on its way to another thread, known as such where the pool gives it back. */
    private record Wrapped(HandedOverTasks owner, Task tracked, Runnable task) implements Runnable {
        @Override
        public void run() {
            try (Scope.Attachment attached = owner.enter(tracked)) {
                task.run();
            }
        }
    }

    /** One hand-over; an identity, because one task may be handed over twice. */
    private static final class Task {
        private final String className;
        private final CallSite callSite;
        private volatile boolean isRunning;

        Task(String className, CallSite callSite) {
            this.className = className;
            this.callSite = callSite;
        }

        String description() {
            return callSite.isEmpty() ? "task " + className : "task handed over at " + callSite;
        }
    }
}
