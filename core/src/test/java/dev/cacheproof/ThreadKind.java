package dev.cacheproof;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A kind of thread that this JDK has; what holds for one must hold for each. */
record ThreadKind(String name, Function<Runnable, Thread> factory) {

    /** Named by {@code @MethodSource}: platform threads, and virtual ones where the JDK has them. */
    static List<ThreadKind> all() {
        List<ThreadKind> kinds = new ArrayList<>();
        kinds.add(new ThreadKind("platform", Thread::new));
        if (Runtime.version().feature() >= 21) {
            kinds.add(new ThreadKind("virtual", ThreadKind::virtual));
        }
        return kinds;
    }

    /** By reflection, because the tests are compiled for JDK 17. */
    private static Thread virtual(Runnable task) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (Thread) Class.forName("java.lang.Thread$Builder")
                    .getMethod("unstarted", Runnable.class)
                    .invoke(builder, task);
        } catch (ReflectiveOperationException missing) {
            throw new LinkageError("a JDK without virtual threads", missing);
        }
    }

    <T extends @Nullable Object> FutureTask<T> start(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        factory.apply(future).start();
        return future;
    }

    /** Runs a task on a new thread, to its end. */
    <T extends @Nullable Object> T call(Callable<T> task) throws Exception {
        return start(task).get(30, TimeUnit.SECONDS);
    }

    void run(Runnable task) throws Exception {
        call(() -> {
            task.run();
            return true;
        });
    }

    @Override
    public String toString() {
        return name;
    }
}
