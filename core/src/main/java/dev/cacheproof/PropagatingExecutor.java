package dev.cacheproof;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs each task in the scope of the thread that submitted it; everything else is the delegate's. */
final class PropagatingExecutor extends AbstractExecutorService {

    private final ExecutorService delegate;

    PropagatingExecutor(ExecutorService delegate) {
        this.delegate = delegate;
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        Optional<Scope> scope = Scope.current().filter(current -> !current.isShared());
        scope.ifPresentOrElse(current -> current.tasks().handOver(task, delegate), () -> delegate.execute(task));
    }

    @Override
    public void shutdown() {
        delegate.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        List<Runnable> dropped = delegate.shutdownNow();
        dropped.forEach(HandedOverTasks::abandon);
        return dropped;
    }

    @Override
    public boolean isShutdown() {
        return delegate.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return delegate.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return delegate.awaitTermination(timeout, unit);
    }
}
