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
 * <p>A static field holds a cache of the whole process: tests that register it under one id wait for each other. So does an
 * instance field under {@code @TestInstance(PER_CLASS)}; any other instance field holds a cache of the test's own.
 *
 * <p>Where the code under test reads the field itself, {@link #watch()} puts a {@linkplain
 * dev.cacheproof.cache.WatchedCaches watched} cache into it.
 *
 * <p>Has no effect on a test that is not isolated. A field that holds null, or no cache that is known, fails the
 * test.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@Target({ElementType.FIELD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface RegisterCache {

    /**
     * Sets the id: what tests lock, and what failures show.
     *
     * @return the id; {@code ClassName.fieldName} where it is empty
     */
    String value() default "";

    /**
     * Puts a watched cache with the same entries into the field, for as long as the field holds it: its reads and writes
     * stand in the journal, and no load that began before a reset writes after it. Only for a field that the code under test
     * reads itself, since a cache that it holds elsewhere stays as it was.
     *
     * @return false unless the field is to be changed; true fails for a field that is final or whose type is a class
     */
    boolean watch() default false;
}
