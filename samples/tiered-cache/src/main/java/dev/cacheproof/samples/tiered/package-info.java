/**
 * A request cache over a remote cache. {@link dev.cacheproof.samples.tiered.TieredCache} is what an application uses, {@link
 * dev.cacheproof.samples.tiered.RequestScope} is what its filter opens, and {@link
 * dev.cacheproof.samples.tiered.RemoteCache} is what a client library is adapted to. Knows nothing of the toolkit that tests
 * it.
 */
@NullMarked
package dev.cacheproof.samples.tiered;

import org.jspecify.annotations.NullMarked;
