package dev.cacheproof.fake.redis;

import java.net.Socket;
import java.util.Objects;
import org.apiguardian.api.API;
import redis.clients.jedis.JedisSocketFactory;

/**
 * Connects Jedis to a fake without a socket: commands run on the caller's thread, and the reply is there when they return.
 * Works with Jedis 6, 7 and 8.
 *
 * <pre>{@code
 * try (FakeRedis redis = FakeRedis.start();
 *         Jedis jedis = new Jedis(InProcessJedis.of(redis))) {
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

    private InProcessJedis(FakeRedis redis) {
        this.redis = redis;
    }

    /**
     * Makes connections to a fake.
     *
     * @param redis the fake
     * @return the factory, to be given to {@code Jedis}, {@code JedisPooled} or a {@code ConnectionFactory}
     */
    public static InProcessJedis of(FakeRedis redis) {
        return new InProcessJedis(Objects.requireNonNull(redis, "redis"));
    }

    /**
     * Connects.
     *
     * @return a socket that has no port
     * @throws IllegalStateException if the fake is closed
     */
    @Override
    public Socket createSocket() {
        return new InProcessSocket(redis);
    }
}
