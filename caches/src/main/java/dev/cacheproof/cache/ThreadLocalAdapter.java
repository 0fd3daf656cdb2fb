package dev.cacheproof.cache;

import dev.cacheproof.CacheAdapter;
import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A request cache: a value, most often a map, for each thread. */
final class ThreadLocalAdapter implements CacheAdapter {

    @Override
    public @Nullable CacheHandle adapt(String id, Object cache) {
        if (cache instanceof WatchedThreadLocal<?> watched) {
            return new WatchedHandle(watched);
        }
        return cache instanceof ThreadLocal<?> threadLocal ? new Handle(threadLocal) : null;
    }

    @Override
    public @Nullable Object watch(String id, Object cache) {
        if (cache instanceof WatchedThreadLocal) {
            return cache;
        }
        return cache instanceof ThreadLocal<?> threadLocal ? new WatchedThreadLocal<>(threadLocal) : null;
    }

    @Override
    public String supported() {
        return "java.lang.ThreadLocal";
    }

    /** What the current thread holds; a thread-local does not tell whether it must make its initial value for that. */
    private static CacheView view(@Nullable Object value, long reads) {
        if (value instanceof Map<?, ?> map) {
            return CacheView.of(map.size(), map.keySet(), reads);
        }
        return CacheView.of(value == null ? 0 : 1, Set.of(), reads);
    }

    /** A thread's value can be removed by that thread alone; so others are reached when they next work for a scope. */
    private record Handle(ThreadLocal<?> threadLocal) implements CacheHandle {
        @Override
        public String kind() {
            return "thread-local";
        }

        @Override
        public String strategy() {
            return "remove, on this thread and on others when they enter a scope";
        }

        @Override
        public boolean isPerThread() {
            return true;
        }

        @Override
        public void resetThread() {
            threadLocal.remove();
        }

        @Override
        public void reset() {
            // Each thread's part is made cold by resetThread.
        }

        @Override
        public CacheView view() {
            return ThreadLocalAdapter.view(threadLocal.get(), -1);
        }
    }

    private record WatchedHandle(WatchedThreadLocal<?> threadLocal) implements CacheHandle {
        @Override
        public String kind() {
            return "thread-local";
        }

        @Override
        public String strategy() {
            return "remove, on each thread before it next reads";
        }

        @Override
        public void reset() {
            threadLocal.generation.advance();
            threadLocal.resets.incrementAndGet();
        }

        @Override
        public CacheView view() {
            return ThreadLocalAdapter.view(threadLocal.value(), threadLocal.reads.sum());
        }
    }

    /**
     * A thread-local whose values from before a reset are never read again, on whatever thread. As with a map, a thread
     * that found nothing, and was overtaken by a reset while it loaded, does not write.
     */
    private static final class WatchedThreadLocal<T> extends ThreadLocal<T> {
        private static final Object KEY = "value";

        private final ThreadLocal<T> delegate;
        private final Generation generation = new Generation();
        private final AtomicLong resets = new AtomicLong();
        private final LongAdder reads = new LongAdder();

        /** How many resets a thread has seen. None at first: its value may be older than the decoration. */
        private final ThreadLocal<Long> seen = ThreadLocal.withInitial(() -> 0L);

        WatchedThreadLocal(ThreadLocal<T> delegate) {
            this.delegate = delegate;
        }

        @Override
        public T get() {
            reads.increment();
            T value = value();
            if (value == null) {
                generation.missed(KEY);
            }
            return value;
        }

        T value() {
            dropOldValue();
            return delegate.get();
        }

        @Override
        public void set(T value) {
            dropOldValue();
            if (!generation.isOvertaken(generation.stampOfWrite(KEY))) {
                delegate.set(value);
            }
        }

        @Override
        public void remove() {
            delegate.remove();
        }

        private void dropOldValue() {
            long current = resets.get();
            if (seen.get() != current) {
                delegate.remove();
                seen.set(current);
            }
        }
    }
}
