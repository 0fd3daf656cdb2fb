package dev.cacheproof.samples.tiered;

import dev.cacheproof.TestClock;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/** Something that keeps remote caches, on which every shared test runs. */
abstract class RemoteServer {

    private final String name;

    private RemoteServer(String name) {
        this.name = name;
    }

    /** Opens a named cache of an application. */
    abstract RemoteCache cache(String application, String cache);

    @Override
    public String toString() {
        return name;
    }

    /** This process: each cache that is opened is one of its own. */
    static final class Local extends RemoteServer {
        Local() {
            super("local");
        }

        @Override
        RemoteCache cache(String application, String cache) {
            return new LocalRemoteCache(TestClock.create());
        }
    }

    /** Whatever speaks the protocol of Redis at an address. */
    static final class Redis extends RemoteServer implements AutoCloseable {
        private final UnifiedJedis client;

        Redis(String name, HostAndPort address) {
            super(name);
            this.client = RedisClient.create(address);
        }

        @Override
        RemoteCache cache(String application, String cache) {
            return new JedisRemoteCache(client, application, cache);
        }

        UnifiedJedis client() {
            return client;
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
