package dev.cacheproof.samples.tiered;

import dev.cacheproof.TestClock;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.SetParams;

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

    /** Whatever speaks the protocol of Redis. Somebody else has keys there, and must still have them when the tests end. */
    static final class Redis extends RemoteServer implements AutoCloseable {

        private static final String UNTOUCHED = "untouched";

        /** For what a run that crashed leaves behind. */
        private static final SetParams FOR_A_DAY =
                SetParams.setParams().px(Duration.ofDays(1).toMillis());

        private final UnifiedJedis client;
        private final Set<String> keysOfOthers;

        /**
         * Begins to use a server.
         *
         * @param client a client of the server, which is closed with this
         * @param application the application whose keys the tests may touch
         */
        Redis(String name, UnifiedJedis client, String application) {
            super(name);
            this.client = client;
            this.keysOfOthers =
                    Set.of("of-somebody-else:" + application + ":" + name, application + "-too:outlines:" + name);
            keysOfOthers.forEach(key -> client.set(key, UNTOUCHED, FOR_A_DAY));
        }

        @Override
        RemoteCache cache(String application, String cache) {
            return new JedisRemoteCache(client, application, cache);
        }

        UnifiedJedis client() {
            return client;
        }

        /** Fails if keys of others are gone. */
        @Override
        public void close() {
            try (client) {
                Set<String> gone = new TreeSet<>(keysOfOthers);
                gone.removeIf(key -> UNTOUCHED.equals(client.get(key)));
                keysOfOthers.forEach(client::del);
                if (!gone.isEmpty()) {
                    throw new AssertionError(
                            "Keys of somebody else are gone from " + this + ": " + gone
                                    + ". A test, or the cache, has sent FLUSHALL or FLUSHDB, or cleared more than its own prefix.");
                }
            }
        }
    }
}
