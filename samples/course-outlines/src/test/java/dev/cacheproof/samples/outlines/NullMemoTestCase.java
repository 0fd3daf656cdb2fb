package dev.cacheproof.samples.outlines;

import static dev.cacheproof.query.QueryAssertions.assertNumQueries;

import dev.cacheproof.junit.CacheIsolation;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("a remembered null is taken for \"not fetched yet\"")
@CacheIsolation(only = CacheIsolation.NONE)
@ExtendWith(CourseDatabase.class)
class NullMemoTestCase {

    record Verification(String learner, String course) {}

    @Nullable
    String mode;

    // tag::broken[]
    @Nullable
    String fetchMode(DataSource dataSource, Verification of) {
        if (mode == null) { // null is an answer too
            List<String> modes = new Database(dataSource)
                    .list(
                            "select mode from verification where learner = ? and course = ?",
                            row -> row.getString(1),
                            of.learner(),
                            of.course());
            mode = modes.isEmpty() ? null : modes.get(0);
        }
        return mode;
    }
    // end::broken[]

    @Test
    void aNullModeIsFetchedOnce(DataSource dataSource) {
        Verification ada = new Verification("ada", CourseDatabase.addCourse(dataSource, "open-102"));
        assertNumQueries(1, () -> fetchMode(dataSource, ada));
        assertNumQueries(0, () -> fetchMode(dataSource, ada));
    }
}
