package dev.cacheproof;

import org.apiguardian.api.API;

/**
 * Names the caches of an application, once per project. Found by {@link java.util.ServiceLoader}: put the class's name
 * into the file {@code META-INF/services/dev.cacheproof.CacheRegistrar} of the tests' resources.
 *
 * <pre>{@code
 * public class ShopCaches implements CacheRegistrar {
 *     public void register(CacheRegistry caches) {
 *         caches.add("prices", () -> Prices.CACHE);
 *     }
 * }
 * }</pre>
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface CacheRegistrar {

    /**
     * Adds the caches. Called while tests are discovered, so it should give suppliers and touch no class of the
     * application itself: a lambda that names a field does not.
     *
     * @param caches where to add them
     */
    void register(CacheRegistry caches);
}
