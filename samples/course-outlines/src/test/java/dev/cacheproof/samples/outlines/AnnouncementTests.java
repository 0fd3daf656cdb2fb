package dev.cacheproof.samples.outlines;

import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.cold;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.junit.CacheIsolation;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@CacheIsolation(only = "announcements")
@ExtendWith(CourseDatabase.class)
class AnnouncementTests {

    // tag::empty[]
    @Test
    void anEmptyAnswerIsCachedToo(DataSource dataSource) {
        Announcements announcements = new Announcements(dataSource);
        String course = CourseDatabase.addCourse(dataSource, "quiet-101");

        assertThat(assertCaching(cold(1).warm(0), () -> announcements.fetch(course)))
                .isEmpty();
    }
    // end::empty[]
}
