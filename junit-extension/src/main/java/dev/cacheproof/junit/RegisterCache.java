package dev.cacheproof.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apiguardian.api.API;

/**
 * Registers the cache that a field of a test class holds, so that {@link CacheIsolation} makes it cold.
 *
 * <p>A static field holds a cache of the whole process: tests that register it under one id wait for each other. An
 * instance field holds a cache of the test's own.
 *
 * <p>A field that is not final, and whose type is an interface, is given a {@linkplain
 * dev.cacheproof.cache.WatchedCaches watched} cache with the same entries.
 *
 * <p>Has no effect in a class without {@link CacheIsolation}. A field that holds null, or no cache that is known, fails the
 * test.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface RegisterCache {

    /**
     * Sets the id: what tests lock, and what failures show.
     *
     * @return the id; {@code ClassName.fieldName} where it is empty
     */
    String value() default "";
}
