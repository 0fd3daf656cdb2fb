package dev.cacheproof.query;

import dev.cacheproof.CacheHandle;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A run that a contract expects after the warm one.
 *
 * @param name what it follows, to be shown
 * @param count the exact number that it may cost
 * @param madeCold tells which caches are made cold before; null for none
 * @param whatIsMadeCold what to call these
 * @param change what is done before; null for nothing
 * @param expected what its answer must be; null where nobody has said
 */
record FurtherRun(
        String name,
        int count,
        @Nullable Predicate<CacheHandle> madeCold,
        String whatIsMadeCold,
        @Nullable Block change,
        @Nullable Expectation expected) {

    /** An answer that is expected, which may be null. */
    record Expectation(@Nullable Object answer) {}

    static FurtherRun inNewRequest(int count) {
        return new FurtherRun(
                "after a new request",
                count,
                CacheHandle::isPerThread,
                "with a part for each thread, such as a ThreadLocal,",
                null,
                null);
    }

    static FurtherRun afterRestart(int count) {
        return new FurtherRun(
                "after a restart", count, cache -> !cache.outlivesProcess(), "of this process", null, null);
    }

    static FurtherRun after(Block change, int count) {
        return new FurtherRun("after the change", count, null, "", change, null);
    }

    FurtherRun expecting(@Nullable Object answer) {
        return new FurtherRun(name, count, madeCold, whatIsMadeCold, change, new Expectation(answer));
    }
}
