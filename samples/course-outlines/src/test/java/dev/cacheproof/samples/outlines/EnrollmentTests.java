package dev.cacheproof.samples.outlines;

import static dev.cacheproof.query.QueryAssertions.assertNoRemoteAccess;
import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.junit.CacheIsolation;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@CacheIsolation(only = CacheIsolation.NONE) // remembers in an object of its own
@ExtendWith(CourseDatabase.class)
class EnrollmentTests {

    // tag::null[]
    @Test
    void aNullModeIsFetchedOnce(DataSource dataSource) {
        Enrollment enrollment = new Enrollment(dataSource, "ada", CourseDatabase.addCourse(dataSource, "open-101"));

        assertThat(assertNumQueries(1, enrollment::fetchVerifiedMode)).isNull();
        assertThat(assertNumQueries(0, enrollment::fetchVerifiedMode)).isNull();
    }
    // end::null[]

    // tag::remote[]
    @Test
    void aFetchedModeIsAnAttribute(DataSource dataSource) {
        Enrollment enrollment = new Enrollment(dataSource, "ada", CourseDatabase.addCourse(dataSource, "open-104"));
        enrollment.fetchVerifiedMode();

        assertNoRemoteAccess(enrollment::fetchVerifiedMode);
    }
    // end::remote[]
}
