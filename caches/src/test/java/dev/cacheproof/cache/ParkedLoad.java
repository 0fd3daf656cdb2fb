package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Deadline;
import dev.cacheproof.Scope;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A load that is in flight until the test lets it end. Its thread works for a scope, so that parallel tests let it be. */
final class ParkedLoad implements AutoCloseable {

    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final FutureTask<String> caller;

    private ParkedLoad(Scope scope, Function<Function<String, String>, String> load) {
        Callable<String> parked = () -> load.apply(key -> "stale " + park(key));
        this.caller = new FutureTask<>(scope.wrap(parked));
    }

    /** Begins a load on another thread, and returns when it is in flight. */
    static ParkedLoad start(Scope scope, Function<Function<String, String>, String> load) throws InterruptedException {
        ParkedLoad parked = new ParkedLoad(scope, load);
        new Thread(parked.caller, "parked loader").start();
        assertThat(parked.started.await(30, TimeUnit.SECONDS)).isTrue();
        return parked;
    }

    private String park(String key) {
        started.countDown();
        try {
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
            return key;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** Lets the load end, and returns what its caller got. */
    String end() throws Exception {
        release.countDown();
        return caller.get(30, TimeUnit.SECONDS);
    }

    boolean isInFlight() {
        return !caller.isDone();
    }

    @Override
    public void close() {
        release.countDown();
    }

    /** Starts work on another thread, and returns when that thread waits with a frame of the class on its stack. */
    static FutureTask<Boolean> startUntilItWaitsIn(String className, Scope scope, Runnable work)
            throws InterruptedException {
        FutureTask<Boolean> task = new FutureTask<>(scope.wrap((Callable<Boolean>) () -> {
            work.run();
            return true;
        }));
        Thread thread = new Thread(task);
        thread.start();
        Deadline.after(Duration.ofSeconds(30))
                .await(() -> task.isDone() || waitsIn(className, thread), () -> "a wait in " + className);
        return task;
    }

    private static boolean waitsIn(String className, Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        boolean waits = thread.getState() != Thread.State.RUNNABLE;
        for (StackTraceElement frame : stack) {
            if (waits && frame.getClassName().startsWith(className)) {
                return true;
            }
        }
        return false;
    }
}
