package dev.cacheproof.samples.tiered;

import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.fake.redis.InProcessJedis;
import dev.cacheproof.servers.RedisServer;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.providers.PooledConnectionProvider;

/** The servers that shared tests run on; all are started once, and stopped at the end of the run. */
final class RemoteServers implements AutoCloseable {

    /** The application under whose name all that tests write is kept apart from what else is on a server. */
    static final String APPLICATION = "tiered-test-" + UUID.randomUUID();

    private static final Namespace NAMESPACE = Namespace.create(RemoteServers.class);

    private final FakeRedis fake = FakeRedis.start();
    private final RedisServer server = RedisServer.resolve();
    private final RemoteServer.Redis fakeRedis =
            new RemoteServer.Redis("FakeRedis", RedisClient.create(fake.uri()), APPLICATION);
    private final RemoteServer.Redis inProcess =
            new RemoteServer.Redis("FakeRedis in process", clientInProcess(fake), APPLICATION);
    private final RemoteServer.Redis realRedis =
            new RemoteServer.Redis("redis-server", RedisClient.create(server.uri()), APPLICATION);

    private RemoteServers() {}

    /** Connects to a fake without a socket. */
    static UnifiedJedis clientInProcess(FakeRedis fake) {
        ConnectionFactory connections = new ConnectionFactory(
                InProcessJedis.of(fake), DefaultJedisClientConfig.builder().build());
        return RedisClient.builder()
                .connectionProvider(new PooledConnectionProvider(connections))
                .build();
    }

    /** Stops them in the reverse order. */
    @Override
    public void close() {
        try (fake;
                server;
                fakeRedis;
                inProcess;
                realRedis) {
            // nothing else
        }
    }

    private static List<RemoteServer> redis(ExtensionContext context) {
        RemoteServers servers = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(RemoteServers.class, key -> new RemoteServers(), RemoteServers.class);
        return List.of(servers.fakeRedis, servers.inProcess, servers.realRedis);
    }

    /** Gives each server. */
    static final class All implements ArgumentsProvider {
        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            return Stream.concat(Stream.of(new RemoteServer.Local()), redis(context).stream())
                    .map(Arguments::of);
        }
    }

    /** Gives each server that speaks the protocol of Redis. */
    static final class Redis implements ArgumentsProvider {
        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            return redis(context).stream().map(Arguments::of);
        }
    }
}
