package dev.cacheproof.samples.outlines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.cache.RedisNamespace;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.RegisterCache;
import dev.cacheproof.samples.tiered.JedisRemoteCache;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;

// tag::redis[]
@CacheIsolation(only = "shared redis") // its keys are its own, so it waits for no other test
class SharedRedisOutlineTests extends CourseOutlineTests { // the same tests

    @RegisterCache("shared redis")
    final RedisNamespace ours = SharedRedis.OURS; // RedisNamespace.of(client), a Jedis client of 6, 7 or 8

    @Override
    @BeforeEach
    void wire(DataSource dataSource) {
        client = SharedRedis.connect();
        outlines = new CourseOutlines(
                dataSource, new JedisRemoteCache(client, "courses", "outlines").under(ours.prefix()));
        course = CourseDatabase.addCourse(dataSource, ours.prefix() + "caching-101"); // in the database, too
    }
    // end::redis[]

    @RepeatedTest(4)
    void noTestFindsWhatAnotherHasWritten() {
        assertThat(client.incr(ours.prefix() + "visits")).isEqualTo(1);
    }
}
