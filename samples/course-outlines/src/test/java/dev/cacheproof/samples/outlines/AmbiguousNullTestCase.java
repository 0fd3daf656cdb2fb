package dev.cacheproof.samples.outlines;

import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.cold;

import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.Fake;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.UnifiedJedis;

@DisplayName("null is cached as nothing, which some clients take for a miss")
@CacheIsolation(only = CacheIsolation.NONE)
@ExtendWith(CourseDatabase.class)
class AmbiguousNullTestCase {

    @Fake
    FakeRedis redis;

    @AutoClose
    UnifiedJedis client;

    @BeforeEach
    void connect() {
        client = InProcessJedis.client(redis);
    }

    // tag::broken[]
    @Nullable
    String fetchMode(DataSource dataSource, String learner, String course) {
        String key = "mode:" + learner + ":" + course;
        String cached = client.get(key);
        if (cached == null) {
            cached = String.join("", new Enrollment(dataSource, learner, course).fetchModes());
            client.set(key, cached); // "" stands for null: and for a miss as well
        }
        return cached.isEmpty() ? null : cached;
    }
    // end::broken[]

    @Test
    void aNullModeIsCachedWhateverTheClientMakesOfIt(DataSource dataSource) {
        String course = CourseDatabase.addCourse(dataSource, "open-103");
        redis.faults().begin(Condition.NULL_IS_MISS);
        assertCaching(cold(1).warm(0), () -> fetchMode(dataSource, "ada", course));
    }
}
