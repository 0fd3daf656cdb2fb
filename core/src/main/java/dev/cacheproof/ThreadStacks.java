package dev.cacheproof;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of the JVM's threads; it lists no virtual ones. To read a stack takes longer than to make a cache cold, and most
 * threads of a test JVM only wait: the stack of one that has not run since the last look is the same. Thread-safe.
 */
final class ThreadStacks {

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    /** Those that were waiting when they were last looked at. */
    private final Map<Long, Seen> waiting = new ConcurrentHashMap<>();

    /**
     * A look at a thread.
     *
     * @param cpuNanos the time that it had run before the look
     */
    private record Seen(ThreadInfo thread, long cpuNanos) {

        /**
         * Neither is enough alone. State and number of waits are not read at one moment, so a thread that has gone on to wait
         * elsewhere may look as before; and some systems count the time of a thread in steps.
         */
        boolean isStill(ThreadInfo now, long cpuNanosNow) {
            return isWaiting(now) && now.getWaitedCount() == thread.getWaitedCount() && cpuNanosNow == cpuNanos;
        }
    }

    /** Returns the threads with their stacks, but for some. */
    List<ThreadInfo> except(Set<Long> spared) {
        long[] all = threads.getAllThreadIds();
        waiting.keySet().retainAll(LongStream.of(all).boxed().collect(Collectors.toSet()));
        long[] ids = LongStream.of(all).filter(id -> !spared.contains(id)).toArray();
        List<ThreadInfo> found = new ArrayList<>(ids.length);
        Map<Long, Long> unknown = new LinkedHashMap<>();
        for (ThreadInfo thread : living(threads.getThreadInfo(ids))) {
            long id = thread.getThreadId();
            long cpuNanos = cpuNanos(id);
            Seen before = waiting.get(id);
            if (before != null && before.isStill(thread, cpuNanos)) {
                found.add(before.thread);
            } else {
                unknown.put(id, cpuNanos);
            }
        }
        long[] unknownIds = unknown.keySet().stream().mapToLong(Long::longValue).toArray();
        for (ThreadInfo thread : living(threads.getThreadInfo(unknownIds, Integer.MAX_VALUE))) {
            found.add(thread);
            long cpuNanos = unknown.getOrDefault(thread.getThreadId(), -1L);
            if (isWaiting(thread) && cpuNanos >= 0) {
                waiting.put(thread.getThreadId(), new Seen(thread, cpuNanos));
            }
        }
        return found;
    }

    /** Returns how long a thread has run; a negative number where that is not known. */
    private long cpuNanos(long id) {
        return threads.isThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled()
                ? threads.getThreadCpuTime(id)
                : -1;
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
