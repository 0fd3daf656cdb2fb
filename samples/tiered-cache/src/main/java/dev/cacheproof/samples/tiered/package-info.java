/**
 * A request cache over a remote cache. To read in this order:
 *
 * <ol>
 *   <li>{@link dev.cacheproof.samples.tiered.TieredCache}, which an application uses, with keys made by {@link
 *       dev.cacheproof.samples.tiered.VersionedKey};
 *   <li>{@link dev.cacheproof.samples.tiered.RequestScope}, which {@link
 *       dev.cacheproof.samples.tiered.RequestScopeFilter} opens around each request, and {@link
 *       dev.cacheproof.samples.tiered.ForcedMissFilter}, which goes to work once the user is known;
 *   <li>{@link dev.cacheproof.samples.tiered.RemoteCache}, which a client library is adapted to, as {@link
 *       dev.cacheproof.samples.tiered.JedisRemoteCache} does with Jedis.
 * </ol>
 *
 * <p>Knows nothing of the toolkit that tests it. What it promises is in the names of its tests: {@code TieredCacheContract}
 * while all is well, {@code ConditionTests} while the server is not.
 */
@NullMarked
package dev.cacheproof.samples.tiered;

import org.jspecify.annotations.NullMarked;
