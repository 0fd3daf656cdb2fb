package dev.cacheproof.query;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.query.sql.SqlShape;
import java.sql.SQLException;
import javax.sql.CommonDataSource;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.proxy.ProxyConfig;
import net.ttddyy.dsproxy.support.ProxyDataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source behind datasource-proxy, with our factory of proxies as the seam. There is no listener: what a listener of
 * datasource-proxy throws replaces the outcome of the query.
 */
final class WatchedDataSource extends ProxyDataSource {

    private final String name;
    private final Seam seam;

    WatchedDataSource(DataSource delegate, String name, @Nullable String application) {
        super(delegate);
        this.name = name;
        this.seam = new Seam(name, application);
        setProxyConfig(ProxyConfig.Builder.create()
                .dataSourceName(name)
                .jdbcProxyFactory(SeamProxyFactory.alone(seam))
                .build());
    }

    /** A pool that is unwrapped hands out connections that are not counted. */
    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        T unwrapped = super.unwrap(type);
        if (unwrapped instanceof CommonDataSource) {
            Wrappers.recordEscape(seam, "unwrap(" + type.getName() + ")");
        }
        return unwrapped;
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || super.isWrapperFor(type);
    }

    @Override
    public String toString() {
        return "watched data source \"" + name + "\"";
    }

    Seam seam() {
        return seam;
    }

    /** The recorders of one data source, and the shapes of what it was asked. */
    record Seam(Recorder queries, Recorder transactions, Recorder escapes, SqlShape.Memo shapes) {
        Seam(String name, @Nullable String application) {
            this(
                    Recorder.of(Operation.Kind.QUERY, name).within(application),
                    Recorder.of(Operation.Kind.TRANSACTION, name).within(application),
                    Recorder.of(Operation.Kind.ESCAPE, name).within(application),
                    new SqlShape.Memo());
        }

        /** Another application has the data source, too. */
        void sharedWith(@Nullable String application) {
            queries.sharedWith(application);
            transactions.sharedWith(application);
            escapes.sharedWith(application);
        }
    }
}
