package dev.cacheproof.junit;

import java.util.ServiceLoader;
import java.util.Set;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Finds the applications that tests run in, for the integration of a framework that starts them. Found by
 * {@link ServiceLoader}; thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public interface ApplicationSource {

    /**
     * Names the application that the tests of a class will run in. Called while tests are discovered, so it starts nothing
     * and initializes no class.
     *
     * @param testClass the class
     * @return what tests of one application lock, the same for all classes that share it; null if the class has no
     *     application of this framework
     */
    @Nullable
    String lockId(Class<?> testClass);

    /**
     * Names the applications whose caches tests of a class can reach. Called as {@link #lockId} is.
     *
     * @param testClass the class
     * @return the {@linkplain TestApplication#lockId() lock ids} of the class's application and of those around it; empty where
     *     that is not known
     */
    default Set<String> reach(Class<?> testClass) {
        return Set.of();
    }

    /**
     * Returns the application that the tests of a class run in, and starts it if need be.
     *
     * @param context the context of a test or of a test class
     * @return the application; null if the class has none of this framework
     */
    @Nullable
    TestApplication application(ExtensionContext context);
}
