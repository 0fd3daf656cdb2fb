/**
 * The annotations for JUnit: {@link dev.cacheproof.junit.CacheIsolation} makes every cache cold before each test, {@link
 * dev.cacheproof.junit.RegisterCache} names one.
 */
@NullMarked
package dev.cacheproof.junit;

import org.jspecify.annotations.NullMarked;
