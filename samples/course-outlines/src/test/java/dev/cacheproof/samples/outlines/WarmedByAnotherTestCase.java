package dev.cacheproof.samples.outlines;

import static dev.cacheproof.query.QueryAssertions.assertNumQueries;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.RegisterCache;
import dev.cacheproof.samples.tiered.NoRemoteCache;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two tests of which the second passes only after the first: green for years, until somebody runs it alone. */
@ExtendWith(CourseDatabase.class)
@Execution(ExecutionMode.SAME_THREAD)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class WarmedByAnotherTestCase {

    @RegisterCache("outlines of the order-dependent tests")
    static final Cache<Integer, CourseOutline> CACHE =
            Caffeine.newBuilder().maximumSize(1_000).build();

    static final String COURSE = "caching-103";

    CourseOutline fetch(DataSource dataSource) {
        CourseOutlines outlines = new CourseOutlines(dataSource, new NoRemoteCache());
        return CACHE.get(outlines.fetchVersion(COURSE), version -> outlines.load(COURSE, version));
    }

    @Test
    @Order(1)
    void polluter(DataSource dataSource) {
        CourseDatabase.addCourse(dataSource, COURSE);
        fetch(dataSource);
    }

    @Test
    @Order(2)
    void victim(DataSource dataSource) {
        assertNumQueries(1, () -> fetch(dataSource));
    }

    /** As it was written: both pass. */
    @DisplayName("a test that passes only after another one: without isolation")
    static class Shared extends WarmedByAnotherTestCase {}

    /** As it is caught: the second fails, in any order. */
    @DisplayName("a test that passes only after another one")
    @CacheIsolation(only = "outlines of the order-dependent tests")
    static class Isolated extends WarmedByAnotherTestCase {}
}
