package dev.cacheproof.query;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Settings;
import java.util.Objects;
import javax.sql.DataSource;
import org.apiguardian.api.API;

/**
 * Watches data sources, so that {@link QueryAssertions} can count what goes through them.
 *
 * <pre>{@code
 * DataSource watched = QueryCounter.watch(pool);
 * Orders orders = new Orders(watched);
 * }</pre>
 *
 * <p>Wrap outside the pool, so that the pool's own checks are not counted. A data source that delegates to another that is
 * watched too counts once. Thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class QueryCounter {

    private QueryCounter() {}

    /**
     * Watches a data source under the name {@code dataSource}, with a number where that is taken.
     *
     * @param dataSource what the code under test would use
     * @return the data source to give to the code under test: the same one if it is watched already, or if
     *     {@code cacheproof.mode = off}
     */
    public static DataSource watch(DataSource dataSource) {
        Objects.requireNonNull(dataSource, "dataSource must not be null");
        return isWatchedOrOff(dataSource)
                ? dataSource
                : new WatchedDataSource(
                        dataSource,
                        Recorder.watchingAnother(Operation.Kind.QUERY, "dataSource")
                                .source(),
                        null);
    }

    /**
     * Watches a data source.
     *
     * @param name the name to show; data sources of one name are counted together
     * @param dataSource what the code under test would use
     * @return the data source to give to the code under test: the same one if it is watched already, or if
     *     {@code cacheproof.mode = off}
     */
    @SuppressWarnings("ReferenceEquality") // what was given is returned where there is nothing to declare
    public static DataSource watch(String name, DataSource dataSource) {
        DataSource watched = Watching.watch(name, null, dataSource);
        if (watched != dataSource) {
            Recorder.watching(Operation.Kind.QUERY, name);
        }
        return watched;
    }

    static boolean isWatchedOrOff(DataSource dataSource) {
        return dataSource instanceof WatchedDataSource || Settings.current().mode() == Settings.Mode.OFF;
    }
}
