package dev.cacheproof.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apiguardian.api.API;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Makes every registered cache cold before and after each test, also when the test fails.
 *
 * <p>Passes in any order, on any number of threads:
 *
 * <pre>{@code
 * @CacheIsolation
 * class PriceTests {
 *     @RegisterCache static final Cache<String, Price> PRICES = Prices.CACHE;
 *
 *     @Test void theSecondReadCostsNoQuery() { ... }
 * }
 * }</pre>
 *
 * <p>Fails where no cache is registered: neither by {@link RegisterCache} or {@link Fake} on a field, nor by a {@link
 * dev.cacheproof.CacheRegistrar}.
 *
 * <p>Tests that run in parallel wait for each other where they share a cache: each test locks the caches of the whole
 * process that it resets, by their ids. {@link #only()} narrows that. The caches are cold when {@code @BeforeEach} runs, so
 * what a fixture loads stays; those of a field that is assigned in {@code @BeforeEach} are made cold after it. A dynamic
 * test starts with cold caches as well.
 *
 * <p>A {@code @BeforeAll} method holds no lock: what it puts into a shared cache may be reset by another class's test.
 *
 * <p>Resets nothing with {@code cacheproof.mode = off} or {@code report}; its tests still wait for each other. Of a cache that
 * other processes share, give each test a part: {@link dev.cacheproof.CacheRegistry#addPerTest}.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(CacheIsolationExtension.class)
@ResourceLock(providers = CacheLocks.class)
public @interface CacheIsolation {

    /**
     * Stands in {@link #only()} for no cache at all: the tests use none that is registered, so that others may be reset while
     * they run.
     */
    String NONE = "(none)";

    /**
     * Narrows the isolation to some caches. Other tests that use other caches may then run at the same time. On a method,
     * replaces what the class says.
     *
     * @return the ids; empty for all registered caches, {@link #NONE} for none
     */
    String[] only() default {};
}
