/**
 * Adapters for the caches of well-known libraries. Each loads only where its library is present.
 */
@NullMarked
package dev.cacheproof.cache;

import org.jspecify.annotations.NullMarked;
