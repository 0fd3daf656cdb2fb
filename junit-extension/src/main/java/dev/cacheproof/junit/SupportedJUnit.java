package dev.cacheproof.junit;

import java.lang.annotation.Annotation;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Which JUnit this works on. An older one fails the whole run when it reads the lock of {@link CacheIsolation}, before any
 * extension is asked, and with a text that names neither.
 */
final class SupportedJUnit {

    private SupportedJUnit() {}

    /** Says what is wrong with the JUnit on the class path, if anything is. */
    static Optional<String> complaint() {
        try {
            return complaint(ResourceLock.class);
        } catch (NoClassDefFoundError noJupiter) {
            // Spock's tests, and those of JUnit 4, run on the platform alone.
            return Optional.empty();
        }
    }

    static Optional<String> complaint(Class<? extends Annotation> resourceLock) {
        if (Arrays.stream(resourceLock.getDeclaredMethods())
                .anyMatch(attribute -> attribute.getName().equals("providers"))) {
            return Optional.empty();
        }
        String version =
                Objects.requireNonNullElse(resourceLock.getPackage().getImplementationVersion(), "an older version");
        return Optional.of(
                "cacheproof needs JUnit 5.12 or newer, but the junit-jupiter-api on the class path is " + version
                        + ": it cannot take the locks of @CacheIsolation. Set the version of junit-bom, or junit-jupiter.version of"
                        + " Spring Boot.");
    }
}
