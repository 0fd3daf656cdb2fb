package dev.cacheproof;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Knows the caches of one or more libraries. Found by {@link java.util.ServiceLoader}; must be thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface CacheAdapter {

    /**
     * Makes a cache resettable.
     *
     * @param id the id to show
     * @param cache what was registered
     * @return a handle; null if this adapter does not know such caches
     */
    @Nullable
    CacheHandle adapt(String id, Object cache);

    /**
     * Makes a cache that may be put in the place of the given one: it has the same entries, shows what is asked of it in
     * the {@linkplain Journal journal}, and lets no load that began before a reset write after it.
     *
     * @param id the id to show
     * @param cache what was registered
     * @return the cache to use instead; null if this adapter has none to offer
     */
    @Nullable
    Object watch(String id, Object cache);

    /**
     * Returns what this adapter can adapt, for the error that somebody reads who registered something else.
     *
     * @return the names of the types, such as {@code java.util.Map}
     */
    String supported();
}
