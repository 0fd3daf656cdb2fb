package dev.cacheproof.query;

import java.util.List;
import java.util.ServiceLoader;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what a block runs in, such as a transaction, where that may save the work that a cache is to save, or keep a cache
 * from being told. For integrations of frameworks; found by {@link ServiceLoader}. Thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public interface Surroundings {

    /**
     * Begins to look at one run of a block, on the thread that is about to run it.
     *
     * @return the look
     */
    Look look();

    /**
     * Says which of some work was to be saved by a cache that was not asked.
     *
     * @param frames the frames of the application that led to the work past all caches, nearest first
     * @return the finding; null where none of them was
     */
    default @Nullable Finding passedBy(List<StackTraceElement> frames) {
        return null;
    }

    /**
     * A look at one run. Used by the thread that runs the block.
     *
     * @since 0.1
     */
    interface Look extends AutoCloseable {

        /**
         * Says what has answered in the place of a cache, though it was there before the run.
         *
         * @return the finding; null where nothing has
         */
        @Nullable
        Finding answered();

        /**
         * Says what has been put off, so that a cache was not told of it yet.
         *
         * @return the finding; null where nothing has
         */
        @Nullable
        Finding putOff();

        /** Ends the look. */
        @Override
        void close();
    }

    /**
     * What was found.
     *
     * @param what a noun, such as {@code persistence context}
     * @param detail what it did, such as the keys that it answered
     * @param advice what to do about it
     * @since 0.1
     */
    record Finding(String what, String detail, String advice) {}
}
