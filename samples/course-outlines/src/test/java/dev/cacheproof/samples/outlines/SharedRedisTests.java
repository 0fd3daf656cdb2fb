package dev.cacheproof.samples.outlines;

import static dev.cacheproof.query.CachingContract.loads;
import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Loads;
import dev.cacheproof.cache.RedisNamespace;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.RegisterCache;
import java.util.function.Supplier;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

@CacheIsolation(only = "shared redis")
class SharedRedisTests {

    /** What an application does: it looks into the cache, and loads what is not there. */
    private record Titles(UnifiedJedis redis, Supplier<String> prefix) {
        String of(String course) {
            String key = prefix.get() + "title:" + course;
            String cached = redis.get(key);
            if (cached != null) {
                return cached;
            }
            String loaded = Loads.counted("titles", () -> "Title of " + course);
            redis.set(key, loaded);
            return loaded;
        }
    }

    // tag::redis[]
    @RegisterCache("shared redis")
    final RedisNamespace ours = SharedRedis.OURS; // RedisNamespace.of(client), a Jedis client of 6, 7 or 8

    private final Titles titles = new Titles(SharedRedis.CLIENT, ours::prefix);

    @Test
    void aTitleIsLoadedOnce() {
        assertCaching(loads("titles").cold(1).warm(0), () -> titles.of("caching-101"));
    }
    // end::redis[]

    @RepeatedTest(4)
    void noTestFindsWhatAnotherHasWritten() {
        assertThat(SharedRedis.CLIENT.incr(ours.prefix() + "visits")).isEqualTo(1);
    }
}
