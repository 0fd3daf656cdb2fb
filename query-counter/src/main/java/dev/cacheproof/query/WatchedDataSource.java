package dev.cacheproof.query;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.proxy.ProxyConfig;
import net.ttddyy.dsproxy.support.ProxyDataSource;

/**
 * A data source behind datasource-proxy, with our factory of proxies as the seam and one listener that only observes. Both
 * are set once: datasource-proxy's list of listeners may not change while queries run.
 */
final class WatchedDataSource extends ProxyDataSource {

    private final String name;

    WatchedDataSource(DataSource delegate, String name) {
        super(delegate);
        this.name = name;
        Seam seam = new Seam(name);
        setProxyConfig(ProxyConfig.Builder.create()
                .dataSourceName(name)
                .jdbcProxyFactory(new SeamProxyFactory(seam))
                .queryListener(new ParameterListener(seam))
                .build());
    }

    String name() {
        return name;
    }

    @Override
    public String toString() {
        return "watched data source \"" + name + "\"";
    }

    /** The recorders of one data source, and the shapes of what it was asked. */
    record Seam(Recorder queries, Recorder transactions, Recorder escapes, SqlShape.Memo shapes) {
        Seam(String name) {
            this(
                    Recorder.of(Operation.Kind.QUERY, name),
                    Recorder.of(Operation.Kind.TRANSACTION, name),
                    Recorder.of(Operation.Kind.ESCAPE, name),
                    new SqlShape.Memo());
        }
    }
}
