package dev.cacheproof.samples.tiered;

import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** The servers that shared tests run on; each is started once, and stopped at the end of the run. */
final class RemoteServers {

    /** The application under whose name all that tests write is kept apart from what else is on a server. */
    static final String APPLICATION = "tiered-test-" + UUID.randomUUID();

    private static final Namespace NAMESPACE = Namespace.create(RemoteServers.class);

    private RemoteServers() {}

    /** The servers that speak the protocol of Redis. A fake one comes first here, once there is one. */
    private static Stream<RemoteServer> redis(ExtensionContext context) {
        Store store = context.getRoot().getStore(NAMESPACE);
        RedisProcess process = store.computeIfAbsent(
                RedisProcess.class,
                key -> RedisProcess.resolve(System.getProperty("tiered.redis"), System.getenv("PATH")),
                RedisProcess.class);
        return Stream.of(store.computeIfAbsent(
                RemoteServer.Redis.class,
                key -> new RemoteServer.Redis("redis-server", process.address()),
                RemoteServer.Redis.class));
    }

    /** Gives each server. */
    static final class All implements ArgumentsProvider {
        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            return Stream.concat(Stream.of(new RemoteServer.Local()), redis(context))
                    .map(Arguments::of);
        }
    }

    /** Gives each server that speaks the protocol of Redis. */
    static final class Redis implements ArgumentsProvider {
        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, ExtensionContext context) {
            return redis(context).map(Arguments::of);
        }
    }
}
