package dev.cacheproof.samples.outlines;

import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static dev.cacheproof.query.QueryAssertions.cold;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.Fake;
import dev.cacheproof.samples.tiered.JedisRemoteCache;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

// tag::outlines[]
@CacheIsolation // every cache is cold before each test
@ExtendWith(CourseDatabase.class)
class CourseOutlineTests {

    @Fake
    FakeRedis redis; // in memory, a new one for each test; a real client connects to it

    @AutoClose
    UnifiedJedis client;

    CourseOutlines outlines;
    String course;

    @BeforeEach
    void wire(DataSource dataSource) { // what QueryCounter.watch(pool) returned
        client = RedisClient.create(redis.uri()); // new JedisPooled(redis.uri()) with Jedis 6
        outlines = new CourseOutlines(dataSource, new JedisRemoteCache(client, "courses", "outlines"));
        course = CourseDatabase.addCourse(dataSource, "caching-101");
    }

    @Test
    void theSecondReadCostsOneQuery() {
        assertCaching(cold(5).warm(1), () -> outlines.fetch(course));
    }
    // end::outlines[]

    @Test
    void theOutlineIsComplete() {
        assertThat(outlines.fetch(course).toString())
                .isEqualTo("CourseOutline[title=Caching, version=1, sections=["
                        + "Section[title=Why, sequences=[Sequence[title=Cost, hidden=false]]], "
                        + "Section[title=How, sequences=[Sequence[title=Keys, hidden=false], "
                        + "Sequence[title=Races, hidden=true]]]]]");
    }

    // tag::publish[]
    @Test
    void afterAPublishTheOutlineIsFresh() {
        assertCaching(cold(5).warm(1), () -> outlines.fetch(course));

        outlines.publishRenamedSection(course, "Why", "Why at all");

        CourseOutline fresh = assertNumQueries(5, () -> outlines.fetch(course));
        assertThat(fresh.sections().get(0).title()).isEqualTo("Why at all");
    }
    // end::publish[]
}
