package dev.cacheproof.samples.outlines;

import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.assertNoNPlusOne;
import static dev.cacheproof.query.QueryAssertions.assertQueries;
import static dev.cacheproof.query.QueryAssertions.assertQuerySnapshot;
import static dev.cacheproof.query.QueryAssertions.cold;
import static dev.cacheproof.query.QueryAssertions.scale;
import static dev.cacheproof.query.QueryExpectation.exactly;
import static dev.cacheproof.query.QueryExpectation.none;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.Fake;
import dev.cacheproof.query.Block;
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
    void nothingStaleIsServedAfterAPublish() {
        Block publish = () -> outlines.publishRenamedSection(course, "Why", "Why at all");

        assertCaching(cold(5).warm(1).after(publish, 5), () -> outlines.fetch(course));
        assertThat(outlines.fetch(course).sections().get(0).title()).isEqualTo("Why at all");
    }
    // end::publish[]

    // tag::sorts[]
    @Test
    void aPublishUpdatesEachTableOnce() {
        assertQueries(
                exactly(3)
                        .updates()
                        .and(exactly(1).updates().onTable("course").because("the version is what readers look at"))
                        .and(none())
                        .deletes(),
                () -> outlines.publishRenamedSection(course, "Why", "Why at all"));
    }
    // end::sorts[]

    // tag::snapshot[]
    @Test
    void aPublishAsksForWhatItDid() {
        assertQuerySnapshot("publish", () -> outlines.publishRenamedSection(course, "Why", "Why at all"));
    }
    // end::snapshot[]

    // tag::scale[]
    @Test
    void anOutlineOfMoreSectionsAsksNoMore(DataSource dataSource) {
        assertNoNPlusOne(
                scale(1, 4).preparing(n -> CourseDatabase.addSections(dataSource, course, n)),
                n -> outlines.fetch(course));
    }
    // end::scale[]
}
