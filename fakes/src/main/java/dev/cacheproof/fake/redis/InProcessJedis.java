package dev.cacheproof.fake.redis;

import java.net.Socket;
import java.util.Objects;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.providers.PooledConnectionProvider;

/**
 * Connects Jedis to a fake without a socket: commands run on the caller's thread, and the reply is there when they return.
 * Works with Jedis 6, 7 and 8.
 *
 * <pre>{@code
 * try (FakeRedis redis = FakeRedis.start();
 *         UnifiedJedis jedis = InProcessJedis.client(redis)) {
 *     jedis.set("user:1", "Ada");
 * }
 * }</pre>
 *
 * <p>A read that would wait for ever, because nothing was asked, fails at once as if it had timed out. Thread-safe; the
 * connections that it makes are not, as those of Jedis never are.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class InProcessJedis implements JedisSocketFactory {

    private final FakeRedis redis;
    private final int timeoutMillis;

    private InProcessJedis(FakeRedis redis, int timeoutMillis) {
        this.redis = Objects.requireNonNull(redis, "redis");
        this.timeoutMillis = timeoutMillis;
    }

    /**
     * Makes connections to a fake, on which an answer may take two seconds, as Jedis has it by default.
     *
     * @param redis the fake
     * @return the factory, to be given to {@code Jedis}, {@code JedisPooled} or a {@code ConnectionFactory}
     */
    public static InProcessJedis of(FakeRedis redis) {
        return new InProcessJedis(redis, Protocol.DEFAULT_TIMEOUT);
    }

    /**
     * Makes connections to a fake, on which an answer may take as long as a client's settings say.
     *
     * @param redis the fake
     * @param config the settings, of which {@link JedisClientConfig#getSocketTimeoutMillis()} matters here; give them to the
     *     client, too
     * @return the factory, to be given to {@code Jedis}, {@code JedisPooled} or a {@code ConnectionFactory}
     */
    public static InProcessJedis of(FakeRedis redis, JedisClientConfig config) {
        return new InProcessJedis(
                redis, Objects.requireNonNull(config, "config").getSocketTimeoutMillis());
    }

    /**
     * Makes a client of a fake, with a pool of connections.
     *
     * @param redis the fake
     * @return the client, which gives the fake's password; close it after use
     */
    public static UnifiedJedis client(FakeRedis redis) {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder();
        Objects.requireNonNull(redis, "redis").password().ifPresent(config::password);
        return client(redis, config.build());
    }

    /**
     * Makes a client of a fake, with a pool of connections and settings of its own.
     *
     * @param redis the fake
     * @param config the settings; with the password, where the fake has one
     * @return the client; close it after use
     */
    public static UnifiedJedis client(FakeRedis redis, JedisClientConfig config) {
        return new Client(
                new PooledConnectionProvider(new ConnectionFactory(of(redis, config), config)),
                config.getRedisProtocol());
    }

    /** The constructor below is the only one without retries that Jedis 6, 7 and 8 have alike, and it is for subclasses. */
    private static final class Client extends UnifiedJedis {
        Client(ConnectionProvider connections, @Nullable RedisProtocol protocol) {
            super(connections, protocol);
        }
    }

    /**
     * Connects.
     *
     * @return a socket that has no port
     * @throws IllegalStateException if the fake is closed
     */
    @Override
    public Socket createSocket() {
        return new InProcessSocket(redis, timeoutMillis);
    }
}
