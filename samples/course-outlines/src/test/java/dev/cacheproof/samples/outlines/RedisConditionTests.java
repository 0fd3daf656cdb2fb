package dev.cacheproof.samples.outlines;

import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.cold;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.Fake;
import dev.cacheproof.samples.tiered.JedisRemoteCache;
import dev.cacheproof.samples.tiered.RemoteCache;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.UnifiedJedis;

/** Whatever its Redis does, the application answers as it should, and caches again when that is over. */
@CacheIsolation
@ExtendWith(CourseDatabase.class)
class RedisConditionTests {

    @Fake
    FakeRedis redis;

    @AutoClose
    UnifiedJedis client;

    Outlines outlines;
    String course;

    @BeforeEach
    void wire(DataSource dataSource) {
        client = InProcessJedis.client(redis); // without a socket, so that no time-out has to be waited for
        outlines = outlines(dataSource, new JedisRemoteCache(client, "courses", "outlines"));
        course = CourseDatabase.addCourse(dataSource, "caching-104");
    }

    /** Returns the application under test. */
    Outlines outlines(DataSource dataSource, RemoteCache remote) {
        return Outlines.of(new CourseOutlines(dataSource, remote));
    }

    // tag::conditions[]
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void survivesAMinuteOf(Condition condition) {
        CourseOutline outline = outlines.fetch(course);

        redis.faults().begin(condition, Duration.ofMinutes(1));
        assertThat(outlines.fetch(course)).isEqualTo(outline);
        outlines.publishRenamedSection(course, "Why", "Why at all");
        assertThat(outlines.fetch(course).sections().get(0).title()).isEqualTo("Why at all");

        redis.clock().advance(Duration.ofMinutes(1)); // of the clock of the test, at once
        assertThat(outlines.fetch(course).sections().get(0).title()).isEqualTo("Why at all"); // the old one is not back
        assertCaching(cold(5).warm(1), () -> outlines.fetch(course));
    }
    // end::conditions[]
}
