/**
 * Course outlines, as a learning platform serves them thousands of times a minute: what is expensive is cached, under keys
 * that name a version. Begin with {@link dev.cacheproof.samples.outlines.CourseOutlines}.
 *
 * <p>Names say where work happens: what fetches or loads asks a server, and what finds looks into files. Knows nothing of the
 * toolkit that tests it.
 */
@NullMarked
package dev.cacheproof.samples.outlines;

import org.jspecify.annotations.NullMarked;
