package dev.cacheproof.samples.outlines;

import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A learner's enrollment. Made for one request, and used by one thread. */
public final class Enrollment {

    private final Database database;
    private final String learner;
    private final String course;

    /** Says whether the mode below was fetched: a learner who was not verified has none. */
    private boolean fetched;

    private @Nullable String verifiedMode;

    /**
     * Creates an enrollment.
     *
     * @param dataSource the database of the courses
     * @param learner the learner's name
     * @param course the course's key
     */
    public Enrollment(DataSource dataSource, String learner, String course) {
        this.database = new Database(dataSource);
        this.learner = learner;
        this.course = course;
    }

    /**
     * Fetches the mode in which the learner was verified, once.
     *
     * @return the mode; null for a learner who was not verified
     */
    public @Nullable String fetchVerifiedMode() {
        if (!fetched) {
            verifiedMode = fetchModes().stream().findFirst().orElse(null);
            fetched = true;
        }
        return verifiedMode;
    }

    List<String> fetchModes() {
        return database.list(
                "select mode from verification where learner = ? and course = ?",
                row -> row.getString(1),
                learner,
                course);
    }
}
