package dev.cacheproof.fake.redis;

import java.util.List;
import java.util.function.BiConsumer;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;

/** A fake for tests of faults, and the ways to connect Jedis to it. */
final class FaultyRedis implements AutoCloseable {

    static final JedisClientConfig PATIENT =
            DefaultJedisClientConfig.builder().socketTimeoutMillis(20_000).build();
    static final JedisClientConfig IMPATIENT =
            DefaultJedisClientConfig.builder().socketTimeoutMillis(200).build();

    final FakeRedis redis = FakeRedis.start();

    Jedis connect(boolean inProcess) {
        return connect(inProcess, PATIENT);
    }

    Jedis connect(boolean inProcess, JedisClientConfig config) {
        return inProcess
                ? new Jedis(InProcessJedis.of(redis, config), config)
                : new Jedis(redis.host(), redis.port(), config);
    }

    /** Runs a test over TCP and in process, each on a client of a fake without entries and faults. */
    void onBoth(BiConsumer<Jedis, Boolean> test) {
        for (boolean inProcess : List.of(false, true)) {
            redis.faults().clear();
            redis.clear();
            try (Jedis jedis = connect(inProcess)) {
                jedis.ping();
                test.accept(jedis, inProcess);
            }
        }
    }

    /** Closes the fake, whatever has to fire and never did. */
    @Override
    public void close() {
        redis.faults().clear();
        redis.close();
    }
}
