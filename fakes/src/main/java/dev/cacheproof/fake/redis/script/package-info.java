/**
 * Lua as scripts in redis-server 7.0 know it, on luaj, which nothing but this package touches. Not for use outside of this
 * module.
 */
@NullMarked
package dev.cacheproof.fake.redis.script;

import org.jspecify.annotations.NullMarked;
