package dev.cacheproof.samples.outlines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Scope;
import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.Fake;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

@DisplayName("a delete that failed is swallowed, and the old value is served on")
@CacheIsolation(only = CacheIsolation.NONE)
@ExtendWith(CourseDatabase.class)
class SwallowedDeleteTestCase {

    @Fake
    FakeRedis redis;

    @AutoClose
    UnifiedJedis client;

    Database database;

    @BeforeEach
    void connect(DataSource dataSource) {
        client = InProcessJedis.client(redis);
        database = new Database(dataSource);
    }

    String fetchTitle(String course) {
        String cached = client.get("title:" + course);
        if (cached == null) {
            cached = database.single("select title from course where key = ?", row -> row.getString(1), course);
            client.set("title:" + course, cached);
        }
        return cached;
    }

    // tag::broken[]
    void rename(String course, String title) {
        database.inTransaction(
                connection -> database.update(connection, "update course set title = ? where key = ?", title, course));
        try {
            client.del("title:" + course);
        } catch (JedisException ignored) {
            // "the cache is only a cache"
        }
    }
    // end::broken[]

    @Test
    void aNewTitleIsSeenAfterAnOutage(DataSource dataSource) {
        String course = CourseDatabase.addCourse(dataSource, "caching-105");
        fetchTitle(course);

        redis.faults().begin(Condition.DOWN, Duration.ofMinutes(1));
        rename(course, "Caching, revised");
        redis.clock().advance(Duration.ofMinutes(1));

        String seen = fetchTitle(course);
        String asked = Scope.current().orElseThrow().root().journal().cache().print();
        assertThat(seen)
                .as("the title after the outage; Redis was asked for\n%s", asked)
                .isEqualTo("Caching, revised");
    }
}
