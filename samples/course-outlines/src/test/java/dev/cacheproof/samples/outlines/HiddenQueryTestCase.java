package dev.cacheproof.samples.outlines;

import static dev.cacheproof.query.QueryAssertions.assertNoRemoteAccess;

import dev.cacheproof.junit.CacheIsolation;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("what looks like an attribute asks the database, each time")
@CacheIsolation(only = CacheIsolation.NONE)
@ExtendWith(CourseDatabase.class)
class HiddenQueryTestCase {

    // tag::broken[]
    record Learner(DataSource courses, String name, String course) {
        boolean isVerified() { // nobody who calls it in a loop expects a query
            List<String> modes = new Enrollment(courses, name, course).fetchModes();
            return !modes.isEmpty();
        }
    }
    // end::broken[]

    @Test
    void beingVerifiedIsAnAttribute(DataSource dataSource) {
        Learner ada = new Learner(dataSource, "ada", CourseDatabase.addCourse(dataSource, "open-105"));
        assertNoRemoteAccess(ada::isVerified);
    }
}
