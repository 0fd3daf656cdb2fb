package dev.cacheproof.samples.outlines;

import java.util.List;
import javax.sql.DataSource;

/** The announcements of courses; most courses have none. */
public final class Announcements {

    private final Database database;

    /**
     * Creates the service.
     *
     * @param dataSource the database of the courses
     */
    public Announcements(DataSource dataSource) {
        this.database = new Database(dataSource);
    }

    /**
     * Fetches the announcements of a course. An empty list is an answer, and is cached like any other.
     *
     * @param course the course's key
     * @return the texts, oldest first
     */
    public List<String> fetch(String course) {
        return OutlineCaches.ANNOUNCEMENTS.computeIfAbsent(
                course,
                absent -> database.list(
                        "select text from announcement where course = ? order by id", row -> row.getString(1), course));
    }
}
