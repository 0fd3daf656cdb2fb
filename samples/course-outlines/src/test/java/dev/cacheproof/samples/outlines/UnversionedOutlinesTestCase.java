package dev.cacheproof.samples.outlines;

import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.samples.tiered.RemoteCache;
import dev.cacheproof.samples.tiered.RemoteCacheException;
import dev.cacheproof.samples.tiered.TierPolicy;
import java.time.Duration;
import javax.sql.DataSource;

/** Without versions in the keys, in every condition: each fails some. {@link UnversionedOutlinesTests} says which. */
@CacheIsolation(only = CacheIsolation.NONE)
abstract class UnversionedOutlinesTestCase extends RedisConditionTests {

    private static final TierPolicy BOUNDED = TierPolicy.usual().boundingLostDeletes(Duration.ofMinutes(1));

    static class DeletesOnWrite extends UnversionedOutlinesTestCase {
        @Override
        Outlines outlines(DataSource dataSource, RemoteCache remote) {
            return new UnversionedOutlines(dataSource, remote, BOUNDED);
        }
    }

    static class WritesThrough extends UnversionedOutlinesTestCase {
        @Override
        Outlines outlines(DataSource dataSource, RemoteCache remote) {
            return new UnversionedOutlines(dataSource, remote, BOUNDED) {
                @Override
                public void publishRenamedSection(String course, String section, String title) {
                    courses.publishRenamedSection(course, section, title);
                    CourseOutline outline = courses.load(course, courses.fetchVersion(course));
                    cache.writeThrough(course, outline, TTL, () -> {});
                }
            };
        }
    }

    static class SwallowsALostDelete extends UnversionedOutlinesTestCase {
        @Override
        Outlines outlines(DataSource dataSource, RemoteCache remote) {
            return new UnversionedOutlines(dataSource, remote, TierPolicy.usual()) {
                @Override
                public void publishRenamedSection(String course, String section, String title) {
                    try {
                        super.publishRenamedSection(course, section, title);
                    } catch (RemoteCacheException ignored) {
                        // "the cache is only a cache"
                    }
                }
            };
        }
    }
}
