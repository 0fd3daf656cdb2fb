package dev.cacheproof;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of the JVM's threads; it lists no virtual ones. To read a stack takes about as long as to make a cache cold, and
 * most threads of a test JVM only wait: one that waits for the same, nth time as when it was last looked at has not run since,
 * and its stack is the same. Thread-safe.
 */
final class ThreadStacks {

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    /** Those that were waiting when they were last looked at. */
    private final Map<Long, ThreadInfo> waiting = new ConcurrentHashMap<>();

    /** Returns the threads with their stacks, but for some. */
    List<ThreadInfo> except(Set<Long> spared) {
        long[] all = threads.getAllThreadIds();
        waiting.keySet().retainAll(LongStream.of(all).boxed().collect(Collectors.toSet()));
        long[] ids = LongStream.of(all).filter(id -> !spared.contains(id)).toArray();
        List<ThreadInfo> found = new ArrayList<>(ids.length);
        LongStream.Builder unknown = LongStream.builder();
        for (ThreadInfo thread : living(threads.getThreadInfo(ids))) {
            ThreadInfo before = waiting.get(thread.getThreadId());
            if (before != null && isWaiting(thread) && thread.getWaitedCount() == before.getWaitedCount()) {
                found.add(before);
            } else {
                unknown.add(thread.getThreadId());
            }
        }
        for (ThreadInfo thread : living(threads.getThreadInfo(unknown.build().toArray(), Integer.MAX_VALUE))) {
            found.add(thread);
            if (isWaiting(thread)) {
                waiting.put(thread.getThreadId(), thread);
            }
        }
        return found;
    }

    /** Those that have ended meanwhile are null. */
    private static List<ThreadInfo> living(@Nullable ThreadInfo[] threads) {
        List<ThreadInfo> living = new ArrayList<>(threads.length);
        for (ThreadInfo thread : threads) {
            if (thread != null) {
                living.add(thread);
            }
        }
        return living;
    }

    private static boolean isWaiting(ThreadInfo thread) {
        return thread.getThreadState() == Thread.State.WAITING || thread.getThreadState() == Thread.State.TIMED_WAITING;
    }
}
