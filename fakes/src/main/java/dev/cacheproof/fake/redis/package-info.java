/**
 * A Redis that tests start in no time, look into, and let fail on demand; real clients connect to it.
 */
@NullMarked
package dev.cacheproof.fake.redis;

import org.jspecify.annotations.NullMarked;
