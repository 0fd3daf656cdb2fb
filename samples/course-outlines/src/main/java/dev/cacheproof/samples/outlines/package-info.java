/**
 * Course outlines, as a learning platform serves them thousands of times a minute: what is expensive is cached, under keys
 * that name a version. Knows nothing of the toolkit that tests it.
 */
@NullMarked
package dev.cacheproof.samples.outlines;

import org.jspecify.annotations.NullMarked;
