/** The real servers that the tests of this build run on. */
@NullMarked
package dev.cacheproof.servers;

import org.jspecify.annotations.NullMarked;
