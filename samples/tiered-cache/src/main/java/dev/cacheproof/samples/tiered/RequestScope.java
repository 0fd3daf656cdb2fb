package dev.cacheproof.samples.tiered;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One request, for as long as it is served. What the request caches lives in it, and dies with it. Opened by
 * {@link RequestScopeFilter} for what comes in by HTTP, and by hand for a message or a job:
 *
 * <pre>{@code
 * try (RequestScope request = RequestScope.open()) {
 *     listener.handle(message);
 * }
 * }</pre>
 *
 * <p>Belongs to the thread that opened it, and to the tasks that were {@linkplain #wrap(Runnable) handed over} explicitly;
 * a pool's thread inherits nothing. A scope that is opened inside another starts empty, and the outer one is back when it is
 * closed. Thread-safe, except that a scope is closed by the thread that opened it.
 */
public final class RequestScope implements AutoCloseable {

    /** The scope of each thread. Not inheritable: a pool's thread would keep the scope of whoever made it start. */
    private static final ThreadLocal<@Nullable RequestScope> CURRENT = new ThreadLocal<>();

    private final Map<String, Map<String, CachedResponse<?>>> namespaces = new ConcurrentHashMap<>();
    private final @Nullable RequestScope outer;
    private volatile boolean missForced;
    private volatile boolean closed;

    private RequestScope(@Nullable RequestScope outer) {
        this.outer = outer;
    }

    /**
     * Opens a scope on the current thread. It is empty, and forces no miss, whatever the scope around it does.
     *
     * @return the scope, to be closed by the same thread
     */
    public static RequestScope open() {
        RequestScope scope = new RequestScope(current());
        CURRENT.set(scope);
        return scope;
    }

    /** Returns a scope that no thread works for yet: for a request that moves from thread to thread. */
    static RequestScope create() {
        return new RequestScope(null);
    }

    /** Lets the current thread work for this request until it leaves, which puts it back to where it was. */
    Stay enter() {
        RequestScope before = CURRENT.get();
        CURRENT.set(this);
        return () -> restore(before);
    }

    /** A thread's stay in a scope; ended by that thread. */
    @FunctionalInterface
    interface Stay extends AutoCloseable {
        @Override
        void close();
    }

    /** Returns the scope that the current thread works for; null where there is none, or it has ended meanwhile. */
    static @Nullable RequestScope current() {
        RequestScope scope = CURRENT.get();
        return scope == null || scope.closed ? null : scope;
    }

    /**
     * Makes every look-up of this request miss in the remote cache, from now on. What is computed instead is cached as
     * usual, for this request and for others. Ask {@link ForcedMisses} who may do that.
     */
    public void forceMiss() {
        missForced = true;
    }

    static boolean isMissForced() {
        RequestScope scope = current();
        return scope != null && scope.missForced;
    }

    Map<String, CachedResponse<?>> entries(String namespace) {
        return namespaces.computeIfAbsent(namespace, absent -> new ConcurrentHashMap<>());
    }

    /**
     * Returns a task that works for this request, on whatever thread. If the request has ended when it runs, it runs without
     * one.
     *
     * @param task the task
     * @return the task in this scope
     */
    public Runnable wrap(Runnable task) {
        Objects.requireNonNull(task, "task");
        return () -> {
            try (Stay stay = enter()) {
                task.run();
            }
        };
    }

    /**
     * Returns a task that works for this request, on whatever thread. If the request has ended when it runs, it runs without
     * one.
     *
     * @param task the task
     * @param <T> the type of its result
     * @return the task in this scope
     */
    public <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
        Objects.requireNonNull(task, "task");
        return () -> {
            try (Stay stay = enter()) {
                return task.call();
            }
        };
    }

    /**
     * Returns an executor that runs each task for the request that the submitting thread works for at that moment. Wire it
     * once, around the application's pool.
     *
     * @param executor the pool
     * @return the executor
     */
    public static Executor propagating(Executor executor) {
        Objects.requireNonNull(executor, "executor");
        return task -> {
            RequestScope scope = current();
            executor.execute(scope == null ? task : scope.wrap(task));
        };
    }

    /** Ends the request: all that it cached is forgotten. A second call has no effect. */
    @Override
    public void close() {
        closed = true;
        namespaces.clear();
        if (CURRENT.get() == this) {
            restore(outer);
        }
    }

    /** Puts the thread back into a scope, or into the next around it that is still open. */
    private static void restore(@Nullable RequestScope scope) {
        RequestScope open = scope;
        while (open != null && open.closed) {
            open = open.outer;
        }
        if (open == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(open);
        }
    }
}
