package dev.cacheproof.spring;

import dev.cacheproof.junit.ApplicationSource;
import dev.cacheproof.junit.TestApplication;
import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.springframework.test.context.BootstrapUtils;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestContextBootstrapper;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Finds the context that Spring starts for a test class. Found by {@link java.util.ServiceLoader}; thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class SpringContexts implements ApplicationSource {

    /** Asked for each test method, and it takes Spring a search of the class path to tell. */
    private static final ClassValue<String> LOCKS = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> testClass) {
            try {
                TestContextBootstrapper bootstrapper = BootstrapUtils.resolveTestContextBootstrapper(testClass);
                return lockId(bootstrapper.buildMergedContextConfiguration());
            } catch (RuntimeException | LinkageError broken) {
                // The tests of the class will fail with it. Thrown here it would stop the discovery of all tests.
                return "Spring context of " + testClass.getName();
            }
        }
    };

    /** Creates the source; called by the JUnit extension. */
    public SpringContexts() {}

    /** Contexts are equal where their configurations are. Where two share a hash code, their tests wait needlessly. */
    static String lockId(MergedContextConfiguration configuration) {
        return "Spring context " + Integer.toHexString(configuration.hashCode());
    }

    @Override
    public @Nullable String lockId(Class<?> testClass) {
        return hasContext(testClass) ? LOCKS.get(testClass) : null;
    }

    @Override
    public @Nullable TestApplication application(ExtensionContext context) {
        if (context.getTestClass().filter(SpringContexts::hasContext).isEmpty()) {
            return null;
        }
        return SpringExtension.getApplicationContext(context)
                .getBeanProvider(WatchedContext.class)
                .getIfAvailable();
    }

    private static boolean hasContext(Class<?> testClass) {
        boolean extended = AnnotationSupport.findRepeatableAnnotations(testClass, ExtendWith.class).stream()
                .flatMap(annotation -> List.of(annotation.value()).stream())
                .anyMatch(SpringExtension.class::equals);
        if (extended) {
            return true;
        }
        Class<?> around = testClass.getEnclosingClass();
        return around != null && TestContextAnnotationUtils.searchEnclosingClass(testClass) && hasContext(around);
    }
}
