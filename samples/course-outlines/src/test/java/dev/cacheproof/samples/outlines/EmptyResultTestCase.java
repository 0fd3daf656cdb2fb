package dev.cacheproof.samples.outlines;

import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.cold;

import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.RegisterCache;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("an empty result is taken for a miss, and computed for ever")
@CacheIsolation(only = "forgetful announcements")
@ExtendWith(CourseDatabase.class)
class EmptyResultTestCase {

    @RegisterCache("forgetful announcements")
    static final Map<String, List<String>> CACHE = new ConcurrentHashMap<>();

    // tag::broken[]
    List<String> fetch(DataSource dataSource, String course) {
        List<String> cached = CACHE.getOrDefault(course, List.of());
        if (cached.isEmpty()) { // an empty list is an answer too
            cached = new Database(dataSource)
                    .list("select text from announcement where course = ?", row -> row.getString(1), course);
            CACHE.put(course, cached);
        }
        return cached;
    }
    // end::broken[]

    @Test
    void anEmptyAnswerIsCachedToo(DataSource dataSource) {
        String course = CourseDatabase.addCourse(dataSource, "quiet-102");
        assertCaching(cold(1).warm(0), () -> fetch(dataSource, course));
    }
}
