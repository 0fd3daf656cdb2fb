/** What the toolkit costs where it stands in the way of the code under test. */
@NullMarked
package dev.cacheproof.benchmarks;

import org.jspecify.annotations.NullMarked;
