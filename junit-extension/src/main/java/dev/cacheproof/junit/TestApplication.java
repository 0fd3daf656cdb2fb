package dev.cacheproof.junit;

import dev.cacheproof.CacheRegistry;
import java.util.Set;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * An application that several tests run in, one after another or side by side. It owns its caches and its fakes: tests make
 * them like new, and do not end them. Thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public interface TestApplication {

    /**
     * Returns what tests lock that reset the application's caches.
     *
     * @return what {@link ApplicationSource#lockId(Class)} says of each test class that shares it
     */
    String lockId();

    /**
     * Returns the caches of the application.
     *
     * @return the caches; those that appear later are in it, too
     */
    CacheRegistry caches();

    /**
     * Says whether it has not ended. Its framework may end it, and start another, between any two callbacks of a test.
     *
     * @return false once it has ended, with its caches and its fakes
     */
    default boolean isRunning() {
        return true;
    }

    /**
     * Lets caches appear that the application makes when they are first used.
     *
     * @param ids the ids that a test names; those that are no such caches are ignored
     * @return the ids that the application is known to use, whether they have appeared or not
     */
    default Set<String> open(Set<String> ids) {
        return Set.of();
    }

    /**
     * Returns the fake of a field.
     *
     * @param type the type of the field
     * @param name the name of the fake
     * @return the fake that the application is connected to; null if it has none, so that the test gets one of its own
     */
    @Nullable
    Object fake(Class<?> type, String name);
}
