package dev.cacheproof;

import org.apiguardian.api.API;

/**
 * One cache, as the isolation engine handles it. An application's own kind of cache may implement it, and is then
 * registered like any other. Must be thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface CacheHandle {

    /**
     * Returns what sort of cache this is.
     *
     * @return the kind to show, such as {@code Caffeine cache}
     */
    String kind();

    /**
     * Returns how it is made cold.
     *
     * @return the strategy to show, such as {@code clear}
     */
    String strategy();

    /**
     * Makes the cache cold. Called on a thread of the engine, which gives up after its deadline; the cache must not be
     * used by a test meanwhile.
     *
     * @throws Exception if the cache could not be made cold
     */
    void reset() throws Exception;

    /**
     * Says whether each thread has a part of the cache of its own, which only that thread can make cold.
     *
     * @return false unless {@link #resetThread()} does something
     */
    default boolean isPerThread() {
        return false;
    }

    /**
     * Makes the part of the cache cold that belongs to the current thread. Called on the thread that resets, and on each
     * other thread when that next enters a scope: what this throws there, keeps that thread out of the scope.
     */
    default void resetThread() {}

    /**
     * Says whether the cache stores nothing, by design: it stands where tests are to run without one.
     *
     * @return false unless whatever is put into it is lost
     */
    default boolean storesNothing() {
        return false;
    }

    /**
     * Says whether its entries outlive this process, as those of a cache server do.
     *
     * @return false unless a restart of the application leaves the cache warm
     */
    default boolean outlivesProcess() {
        return false;
    }

    /**
     * Looks at the cache without changing it.
     *
     * @return what it holds and counted
     */
    CacheView view();

    /**
     * Says whether a load that began before a reset may write its value after it. The engine then waits, before it resets,
     * until no thread has a frame of such a load on its stack. It does not wait for threads that work for another test,
     * and sees virtual threads only where they work for this one.
     *
     * @return false unless {@link #isLoading} recognizes the library's loads
     */
    default boolean writesAfterReset() {
        return false;
    }

    /**
     * Recognizes a load of this cache's library.
     *
     * @param frame a frame of a thread's stack
     * @return true if a thread with this frame may be loading an entry
     */
    default boolean isLoading(StackTraceElement frame) {
        return false;
    }
}
