package dev.cacheproof.samples.outlines;

import static dev.cacheproof.query.CacheWriteExpectation.expiringWithin;
import static dev.cacheproof.query.CacheWriteExpectation.noLargerThan;
import static dev.cacheproof.query.CacheWriteExpectation.readBack;
import static dev.cacheproof.query.QueryAssertions.assertCacheRoundTrips;
import static dev.cacheproof.query.QueryAssertions.assertCacheWrites;

import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.Fake;
import dev.cacheproof.samples.tiered.JedisRemoteCache;
import dev.cacheproof.samples.tiered.RequestScope;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.UnifiedJedis;

@CacheIsolation(only = CacheIsolation.NONE) // its fake is its own
@ExtendWith(CourseDatabase.class)
class RequestTests {

    @Fake
    FakeRedis redis;

    @AutoClose
    UnifiedJedis client;

    CourseOutlines outlines;
    String course;

    @BeforeEach
    void wire(DataSource dataSource, TestInfo test) {
        client = InProcessJedis.client(redis);
        outlines = new CourseOutlines(dataSource, new JedisRemoteCache(client, "courses", "outlines"));
        course = CourseDatabase.addCourse(dataSource, "caching-107 " + test.getDisplayName());
    }

    // tag::roundtrips[]
    @Test
    void aRequestAsksRedisOnce() {
        outlines.fetch(course);
        try (RequestScope request = RequestScope.open()) {
            assertCacheRoundTrips(1, () -> outlines.fetch(course));
            assertCacheRoundTrips(0, () -> outlines.fetch(course));
        }
    }
    // end::roundtrips[]

    // tag::writes[]
    @Test
    void whatIsCachedExpiresIsSmallAndIsRead() {
        assertCacheWrites(
                expiringWithin(Duration.ofDays(7)).and(noLargerThan(10_000)).and(readBack()), () -> {
                    outlines.fetch(course);
                    outlines.fetch(course);
                });
    }
    // end::writes[]
}
