package dev.cacheproof.cache;

import dev.cacheproof.CacheAdapter;
import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
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

    /** What the current thread holds. */
    private static CacheView view(ThreadLocal<?> threadLocal) {
        Object value = threadLocal.get();
        if (value instanceof Map<?, ?> map) {
            return CacheView.of(map.size(), map.keySet(), -1);
        }
        return CacheView.of(value == null ? 0 : 1, Set.of(), -1);
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
            return ThreadLocalAdapter.view(threadLocal);
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
            threadLocal.generation.incrementAndGet();
        }

        @Override
        public CacheView view() {
            return ThreadLocalAdapter.view(threadLocal);
        }
    }

    /** A thread-local whose values from before a reset are never read again, on whatever thread. */
    private static final class WatchedThreadLocal<T> extends ThreadLocal<T> {
        private final ThreadLocal<T> delegate;
        private final AtomicLong generation = new AtomicLong();
        private final ThreadLocal<Long> seen = ThreadLocal.withInitial(generation::get);

        WatchedThreadLocal(ThreadLocal<T> delegate) {
            this.delegate = delegate;
        }

        @Override
        public T get() {
            dropOldValue();
            return delegate.get();
        }

        @Override
        public void set(T value) {
            dropOldValue();
            delegate.set(value);
        }

        @Override
        public void remove() {
            delegate.remove();
        }

        private void dropOldValue() {
            long current = generation.get();
            if (seen.get() != current) {
                delegate.remove();
                seen.set(current);
            }
        }
    }
}
