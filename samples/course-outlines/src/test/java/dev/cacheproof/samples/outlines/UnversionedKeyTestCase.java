package dev.cacheproof.samples.outlines;

import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static dev.cacheproof.query.QueryAssertions.cold;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.RegisterCache;
import dev.cacheproof.samples.tiered.NoRemoteCache;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("the key lacks the version, so what was published is not seen")
@CacheIsolation(only = "outlines by course")
@ExtendWith(CourseDatabase.class)
class UnversionedKeyTestCase {

    @RegisterCache("outlines by course")
    static final Cache<String, CourseOutline> CACHE =
            Caffeine.newBuilder().maximumSize(1_000).build();

    // tag::broken[]
    CourseOutline fetch(CourseOutlines outlines, String course) {
        int version = outlines.fetchVersion(course);
        return CACHE.get(course, key -> outlines.load(course, version)); // of which version?
    }
    // end::broken[]

    @Test
    void afterAPublishTheOutlineIsFresh(DataSource dataSource) {
        CourseOutlines outlines = new CourseOutlines(dataSource, new NoRemoteCache());
        String course = CourseDatabase.addCourse(dataSource, "caching-102");
        assertCaching(cold(5).warm(1), () -> fetch(outlines, course));

        outlines.publishRenamedSection(course, "Why", "Why at all");

        CourseOutline fresh = assertNumQueries(5, () -> fetch(outlines, course));
        assertThat(fresh.sections().get(0).title()).isEqualTo("Why at all");
    }
}
