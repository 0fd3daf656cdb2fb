package dev.cacheproof.query;

import dev.cacheproof.Recorder;
import dev.cacheproof.Settings;
import dev.cacheproof.query.WatchedDataSource.Seam;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.proxy.ProxyConfig;
import net.ttddyy.dsproxy.proxy.ProxyJdbcObject;
import net.ttddyy.dsproxy.proxy.jdk.JdkJdbcProxyFactory;
import net.ttddyy.dsproxy.support.ProxyDataSource;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Watches data sources where they are, for the integration of a framework that makes them and ends them: it declares them as
 * watched itself, {@linkplain Recorder#watch() for as long as they live}. Thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Watching {

    private Watching() {}

    /**
     * Watches a data source, as {@link QueryCounter#watch(String, DataSource)} does, without declaring it.
     *
     * @param name the name to show
     * @param application whose data source it is, as {@link Recorder#within} takes it; null where any test may meet it
     * @param dataSource any data source
     * @return what to use in its place: the same one if it is watched already, or if {@code cacheproof.mode = off}
     */
    public static DataSource watch(String name, @Nullable String application, DataSource dataSource) {
        Objects.requireNonNull(name, "name must not be null");
        if (name.isBlank()) {
            throw new IllegalArgumentException("name must not be blank");
        }
        Objects.requireNonNull(dataSource, "dataSource must not be null");
        if (QueryCounter.isWatchedOrOff(dataSource)) {
            share(application, dataSource);
            return dataSource;
        }
        return new WatchedDataSource(dataSource, name, application);
    }

    /**
     * Watches what goes through a datasource-proxy that the application has already, from inside: the data source stays the
     * object that it is, and gets no proxy around it.
     *
     * <p>A {@link ProxyDataSource} is watched as one of ours is. Other proxies of datasource-proxy, and one with a factory of
     * proxies of its own, get a listener, which sees less: it cannot stop a query, so it passes no
     * {@linkplain dev.cacheproof.Gate gates}; and it sees neither transaction control nor what is done with objects of the
     * driver that the code under test takes.
     *
     * @param name the name to show
     * @param application whose data source it is, as {@link Recorder#within} takes it; null where any test may meet it
     * @param dataSource any data source; in use by no thread yet
     * @return the name under which it is watched now, or was already; null if it is no datasource-proxy, or if
     *     {@code cacheproof.mode = off}
     */
    public static @Nullable String join(String name, @Nullable String application, DataSource dataSource) {
        Objects.requireNonNull(name, "name must not be null");
        Objects.requireNonNull(dataSource, "dataSource must not be null");
        ProxyConfig config = configOf(dataSource);
        if (config == null || Settings.current().mode() == Settings.Mode.OFF) {
            return null;
        }
        Seam known = seamOf(config);
        if (known != null) {
            known.sharedWith(application);
            return known.queries().source();
        }
        Seam seam = new Seam(name, application);
        if (dataSource instanceof ProxyDataSource proxy
                && config.getJdbcProxyFactory().getClass() == JdkJdbcProxyFactory.class) {
            proxy.setProxyConfig(ProxyConfig.Builder.from(config)
                    .jdbcProxyFactory(SeamProxyFactory.joining(seam))
                    .build());
        } else {
            SeamListener.join(config.getQueryListener(), seam);
        }
        return name;
    }

    private static @Nullable ProxyConfig configOf(DataSource dataSource) {
        if (dataSource instanceof ProxyDataSource proxy) {
            return proxy.getProxyConfig();
        }
        return dataSource instanceof ProxyJdbcObject proxy ? proxy.getProxyConfig() : null;
    }

    private static @Nullable Seam seamOf(ProxyConfig config) {
        return config.getJdbcProxyFactory() instanceof SeamProxyFactory factory
                ? factory.seam()
                : SeamListener.seamOf(config.getQueryListener());
    }

    /**
     * Says that another application has a data source that may be watched already.
     *
     * @param application as {@link Recorder#within} takes it; null where any test may meet the source
     * @param dataSource any data source
     */
    public static void share(@Nullable String application, DataSource dataSource) {
        Seam seam = seamOf(dataSource);
        if (seam != null) {
            seam.sharedWith(application);
        }
    }

    /** Returns the name under which a data source, or what it delegates to, is watched; null if it is not. */
    static @Nullable String nameOf(DataSource dataSource) {
        Seam seam = seamOf(dataSource);
        return seam == null ? null : seam.queries().source();
    }

    private static @Nullable Seam seamOf(DataSource dataSource) {
        try {
            ProxyConfig config = configOf(dataSource);
            if (config == null && dataSource.isWrapperFor(ProxyDataSource.class)) {
                config = configOf(dataSource.unwrap(ProxyDataSource.class));
            }
            return config == null ? null : seamOf(config);
        } catch (SQLException | RuntimeException unknown) {
            return null;
        }
    }
}
