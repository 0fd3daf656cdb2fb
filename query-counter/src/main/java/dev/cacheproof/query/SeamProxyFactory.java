package dev.cacheproof.query;

import dev.cacheproof.query.WatchedDataSource.Seam;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import net.ttddyy.dsproxy.ConnectionInfo;
import net.ttddyy.dsproxy.StatementType;
import net.ttddyy.dsproxy.proxy.ConnectionProxyLogic;
import net.ttddyy.dsproxy.proxy.ProxyConfig;
import net.ttddyy.dsproxy.proxy.ProxyJdbcObject;
import net.ttddyy.dsproxy.proxy.StatementProxyLogic;
import net.ttddyy.dsproxy.proxy.jdk.JdkJdbcProxyFactory;

/**
 * Makes datasource-proxy's proxies with a handler of ours before its logic. Only there can an operation be stopped with an
 * SQLException, can a commit be seen, and can a connection be kept from handing out the driver's own.
 */
final class SeamProxyFactory extends JdkJdbcProxyFactory {

    private final Seam seam;

    /** Whether somebody else may be listening to datasource-proxy, who must be told of every call. */
    private final boolean joined;

    private SeamProxyFactory(Seam seam, boolean joined) {
        this.seam = seam;
        this.joined = joined;
    }

    /** Makes proxies of a data source that nobody but us watches. */
    static SeamProxyFactory alone(Seam seam) {
        return new SeamProxyFactory(seam, false);
    }

    /** Makes proxies of an application's own datasource-proxy. */
    static SeamProxyFactory joining(Seam seam) {
        return new SeamProxyFactory(seam, true);
    }

    Seam seam() {
        return seam;
    }

    @Override
    public Connection createConnection(Connection connection, ConnectionInfo info, ProxyConfig config) {
        var logic = new ConnectionProxyLogic(connection, info, config);
        return proxy(Connection.class, new ConnectionHandler(logic, seam));
    }

    @Override
    public Statement createStatement(
            Statement statement, ConnectionInfo info, Connection proxyConnection, ProxyConfig config) {
        var logic = logic(info, proxyConnection, config).statement(statement, StatementType.STATEMENT);
        return proxy(Statement.class, new StatementHandler(logic.build(), seam, null, joined ? null : statement));
    }

    @Override
    public PreparedStatement createPreparedStatement(
            PreparedStatement statement,
            String query,
            ConnectionInfo info,
            Connection proxyConnection,
            ProxyConfig config,
            boolean generateKey) {
        var logic = logic(info, proxyConnection, config)
                .statement(statement, StatementType.PREPARED)
                .query(query)
                .generateKey(generateKey);
        return proxy(
                PreparedStatement.class, new StatementHandler(logic.build(), seam, query, joined ? null : statement));
    }

    @Override
    public CallableStatement createCallableStatement(
            CallableStatement statement,
            String query,
            ConnectionInfo info,
            Connection proxyConnection,
            ProxyConfig config) {
        var logic = logic(info, proxyConnection, config)
                .statement(statement, StatementType.CALLABLE)
                .query(query);
        return proxy(
                CallableStatement.class, new StatementHandler(logic.build(), seam, query, joined ? null : statement));
    }

    private static StatementProxyLogic.Builder logic(
            ConnectionInfo info, Connection proxyConnection, ProxyConfig config) {
        return StatementProxyLogic.Builder.create()
                .connectionInfo(info)
                .proxyConnection(proxyConnection)
                .proxyConfig(config);
    }

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        Class<?>[] types = {ProxyJdbcObject.class, type};
        return type.cast(Proxy.newProxyInstance(ProxyJdbcObject.class.getClassLoader(), types, handler));
    }
}
