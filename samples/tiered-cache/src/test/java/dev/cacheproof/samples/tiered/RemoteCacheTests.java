package dev.cacheproof.samples.tiered;

import java.util.UUID;
import org.junit.jupiter.params.Parameter;

/** The contract, on every server. */
@OnEveryServer
class RemoteCacheTests extends RemoteCacheContract {

    private final String test = UUID.randomUUID().toString();

    @Parameter
    @SuppressWarnings("NullAway.Init") // assigned by JUnit
    RemoteServer server;

    @Override
    RemoteCache open(String name) {
        return server.cache(RemoteServers.APPLICATION, name + "-" + test);
    }
}
