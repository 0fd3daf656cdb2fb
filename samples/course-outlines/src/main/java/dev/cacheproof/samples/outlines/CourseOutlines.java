package dev.cacheproof.samples.outlines;

import dev.cacheproof.samples.outlines.CourseOutline.Section;
import dev.cacheproof.samples.outlines.CourseOutline.Sequence;
import dev.cacheproof.samples.tiered.RemoteCache;
import dev.cacheproof.samples.tiered.TierPolicy;
import dev.cacheproof.samples.tiered.TieredCache;
import dev.cacheproof.samples.tiered.VersionedKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Fetches outlines: one cheap query for the version, and four more where that version is not cached. An outline of a version
 * never changes, so nothing has to be invalidated: a new version is a new key, and the old one expires in time.
 */
public final class CourseOutlines {

    private static final Duration TTL = Duration.ofMinutes(10);

    private final Database database;
    private final TieredCache<CourseOutline> outlines;

    /**
     * Creates the service.
     *
     * @param dataSource the database of the courses
     * @param remote keeps outlines for all servers
     */
    public CourseOutlines(DataSource dataSource, RemoteCache remote) {
        this.database = new Database(dataSource);
        this.outlines =
                new TieredCache<>("outlines", remote, JsonSerializer.of(CourseOutline.class), TierPolicy.usual());
    }

    /**
     * Fetches the outline of the version that is published now.
     *
     * @param course the course's key
     * @return the outline
     */
    public CourseOutline fetch(String course) {
        int version = fetchVersion(course);
        String key = VersionedKey.of("outline", 1)
                .with("course", course)
                .with("version", version)
                .toString();
        return Objects.requireNonNull(outlines.getOrLoad(key, TTL, () -> load(course, version)));
    }

    int fetchVersion(String course) {
        return database.single("select published_version from course where key = ?", row -> row.getInt(1), course);
    }

    CourseOutline load(String course, int version) {
        String title = database.single("select title from course where key = ?", row -> row.getString(1), course);
        List<String> sections = database.list(
                "select title from section where course = ? order by position", row -> row.getString(1), course);
        Map<String, List<String>> sequences = new HashMap<>();
        database.list(
                        "select section, title from sequence where course = ? order by position",
                        row -> List.of(row.getString(1), row.getString(2)),
                        course)
                .forEach(row -> sequences
                        .computeIfAbsent(row.get(0), absent -> new ArrayList<>())
                        .add(row.get(1)));
        Set<String> hidden = Set.copyOf(database.list(
                "select sequence from hidden_sequence where course = ?", row -> row.getString(1), course));
        return new CourseOutline(
                title,
                version,
                sections.stream()
                        .map(section -> section(section, sequences.getOrDefault(section, List.of()), hidden))
                        .toList());
    }

    private static Section section(String title, List<String> sequences, Set<String> hidden) {
        return new Section(
                title,
                sequences.stream()
                        .map(sequence -> new Sequence(sequence, hidden.contains(sequence)))
                        .toList());
    }

    /**
     * Publishes a new version in which a section has another title.
     *
     * @param course the course's key
     * @param section the section's title until now
     * @param title its title from now on
     */
    public void publishRenamedSection(String course, String section, String title) {
        database.inTransaction(connection -> {
            database.update(
                    connection, "update section set title = ? where course = ? and title = ?", title, course, section);
            database.update(
                    connection,
                    "update sequence set section = ? where course = ? and section = ?",
                    title,
                    course,
                    section);
            database.update(
                    connection, "update course set published_version = published_version + 1 where key = ?", course);
        });
    }
}
