/**
 * Reads SQL, as H2, PostgreSQL and MySQL do: what a text has in common with others, and what kinds of statements it has, of
 * what tables.
 */
@NullMarked
package dev.cacheproof.query.sql;

import org.jspecify.annotations.NullMarked;
