/**
 * What all fakes share: faults, and the conditions under which a cache is to be seen.
 */
@NullMarked
package dev.cacheproof.fake;

import org.jspecify.annotations.NullMarked;
