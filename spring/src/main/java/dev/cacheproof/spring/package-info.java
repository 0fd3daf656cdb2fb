/**
 * Spring tests without configuration. Nothing here is called by a test: Spring finds it by {@code META-INF/spring.factories},
 * and the JUnit extension by {@link java.util.ServiceLoader}. Whatever adapts a library loads only where the library is.
 */
@NullMarked
package dev.cacheproof.spring;

import org.jspecify.annotations.NullMarked;
