package dev.cacheproof;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
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

    /** Knows of work that is none of ours to run, and is told when it has ended. */
    Runnable underWay(Operation.Kind kind, String description) {
        Task tracked = new Task(description, CallSite.NONE, kind);
        tracked.isRunning = true;
        track(tracked);
        return () -> untrack(tracked);
    }

    /** Waits until all has finished, also what is handed over meanwhile, or until the deadline has passed. */
    void awaitAll(Deadline deadline) {
        while (!tasks.isEmpty()
                && !deadline.hasPassed()
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Describes the tasks that have not finished; waits a little for those that are running. */
    List<String> unfinished() {
        await(task -> task.kind == null);
        return describe(task -> task.kind == null);
    }

    /** Describes what has not finished and may yet be counted as one of these kinds; waits a little for all that is running. */
    List<String> unfinished(Set<Operation.Kind> kinds) {
        await(task -> true);
        return describe(task -> task.kind == null || kinds.contains(task.kind));
    }

    private List<String> describe(Predicate<Task> which) {
        return tasks.stream().filter(which).map(Task::description).sorted().toList();
    }

    private void await(Predicate<Task> which) {
        long end = System.nanoTime() + GRACE_NANOS;
        while (tasks.stream().anyMatch(task -> task.isRunning && which.test(task))
                && System.nanoTime() - end < 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private Task track(Object task) {
        CallSite callSite = scope.recordsCallSites() ? CallSite.capture() : CallSite.NONE;
        Task tracked = new Task("task " + CallSite.className(task.getClass()), callSite, null);
        track(tracked);
        return tracked;
    }

    private void track(Task tracked) {
        for (HandedOverTasks each = this; each != null; each = each.around) {
            each.tasks.add(tracked);
        }
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
        private final String name;
        private final CallSite callSite;
        private final Operation.@Nullable Kind kind;
        private volatile boolean isRunning;

        Task(String name, CallSite callSite, Operation.@Nullable Kind kind) {
            this.name = name;
            this.callSite = callSite;
            this.kind = kind;
        }

        String description() {
            return callSite.isEmpty() ? name : "task handed over at " + callSite;
        }
    }
}
