/**
 * How fakes decide on faults. Not for use outside of this module.
 */
@NullMarked
package dev.cacheproof.fake.internal;

import org.jspecify.annotations.NullMarked;
