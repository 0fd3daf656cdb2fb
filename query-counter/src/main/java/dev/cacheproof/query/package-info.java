/**
 * Counts what a block of code asks of its databases, and proves that caching saves it: {@link
 * dev.cacheproof.query.QueryCounter} watches a data source, {@link dev.cacheproof.query.QueryAssertions} asserts.
 */
@NullMarked
package dev.cacheproof.query;

import org.jspecify.annotations.NullMarked;
