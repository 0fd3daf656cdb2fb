/**
 * The ideas that every part of cacheproof shares: an {@linkplain dev.cacheproof.Operation operation} of the code under
 * test, the {@linkplain dev.cacheproof.Journal journal} that records it, the {@linkplain dev.cacheproof.Scope scope}
 * that it belongs to, and the {@linkplain dev.cacheproof.CacheIsolationEngine engine} that makes caches cold.
 */
@NullMarked
package dev.cacheproof;

import org.jspecify.annotations.NullMarked;
