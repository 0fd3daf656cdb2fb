package dev.cacheproof.samples.outlines;

import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;

import dev.cacheproof.fake.Condition;
import dev.cacheproof.samples.tiered.RemoteCache;
import dev.cacheproof.samples.tiered.TierPolicy;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The conditions that an application survives without versions in its keys, if it deletes what it has changed, and if a TTL
 * bounds how long a delete that was lost does harm.
 */
class DeleteOnWriteTests extends RedisConditionTests {

    @Override
    Outlines outlines(DataSource dataSource, RemoteCache remote) {
        return new UnversionedOutlines(
                dataSource, remote, TierPolicy.usual().boundingLostDeletes(Duration.ofMinutes(1)));
    }

    @Override
    // tag::exclude[]
    @ParameterizedTest(name = "{0}")
    @EnumSource(
            mode = EXCLUDE,
            names = {"SILENT_FAILURE", "LOST_DELETES", "STALE"}) // they need versioned keys
    // end::exclude[]
    void survivesAMinuteOf(Condition condition) {
        super.survivesAMinuteOf(condition);
    }
}
