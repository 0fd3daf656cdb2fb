package dev.cacheproof.samples.tiered;

import java.util.UUID;
import org.junit.jupiter.params.Parameter;

/** The contract, on every server. */
@OnEveryServer
class TieredCacheTests extends TieredCacheContract {

    @Parameter
    @SuppressWarnings("NullAway.Init") // assigned by JUnit
    RemoteServer server;

    @Override
    RemoteCache backend() {
        return server.cache(RemoteServers.APPLICATION, "outlines-" + UUID.randomUUID());
    }
}
