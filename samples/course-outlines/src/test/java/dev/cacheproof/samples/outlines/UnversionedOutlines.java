package dev.cacheproof.samples.outlines;

import dev.cacheproof.samples.tiered.RemoteCache;
import dev.cacheproof.samples.tiered.TierPolicy;
import dev.cacheproof.samples.tiered.TieredCache;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;

/** Outlines under keys that name no version, so that whoever publishes one has to change the cache as well. */
class UnversionedOutlines implements Outlines {

    static final Duration TTL = Duration.ofMinutes(10);

    final CourseOutlines courses;
    final TieredCache<CourseOutline> cache;

    UnversionedOutlines(DataSource dataSource, RemoteCache remote, TierPolicy policy) {
        this.courses = new CourseOutlines(dataSource, remote);
        this.cache = new TieredCache<>("unversioned", remote, JsonSerializer.of(CourseOutline.class), policy);
    }

    @Override
    public CourseOutline fetch(String course) {
        int version = courses.fetchVersion(course);
        return Objects.requireNonNull(cache.getOrLoad(course, TTL, () -> courses.load(course, version)));
    }

    /** Publishes, and deletes what is cached. */
    @Override
    public void publishRenamedSection(String course, String section, String title) {
        courses.publishRenamedSection(course, section, title);
        cache.deleteAllTiers(course);
    }
}
