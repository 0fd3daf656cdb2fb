package dev.cacheproof.samples.outlines;

import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.cold;

import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.samples.tiered.NoRemoteCache;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("the tests run on a cache that stores nothing, and so prove nothing")
@CacheIsolation
@ExtendWith(CourseDatabase.class)
class NoOpCacheTestCase {

    @Test
    void theSecondReadCostsWhatWasCounted(DataSource dataSource) {
        // tag::broken[]
        CourseOutlines outlines = new CourseOutlines(dataSource, new NoRemoteCache());
        String course = CourseDatabase.addCourse(dataSource, "caching-108");
        assertCaching(cold(5).warm(5), () -> outlines.fetch(course)); // the numbers were made to fit
        // end::broken[]
    }
}
