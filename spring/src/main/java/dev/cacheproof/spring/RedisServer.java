package dev.cacheproof.spring;

import dev.cacheproof.CacheView;
import dev.cacheproof.Scope;
import dev.cacheproof.fake.redis.FakeRedis;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.cache.RedisCache;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.Cursor;
import org.springframework.data.redis.core.ScanOptions;
import org.springframework.util.ReflectionUtils;

/**
 * What a connection factory connects to.
 *
 * @param description what to show
 * @param fake the fake of the context that it is; null for a server that the tests did not start
 * @param connections what connects to it; null where that is not known, or is a cluster, which has no scan over its nodes
 */
record RedisServer(
        String description,
        @Nullable FakeRedis fake,
        @Nullable RedisConnectionFactory connections) {

    private static final int PAGE = 1_000;

    /** Finds the server of a cache. */
    static RedisServer of(RedisCache cache, RedisContext context) {
        RedisConnectionFactory factory = factoryOf(cache.getNativeCache());
        if (factory == null) {
            Collection<RedisConnectionFactory> all = ExistingBeans.of(context.beans())
                    .ofType(RedisConnectionFactory.class)
                    .values();
            factory = all.size() == 1 ? all.iterator().next() : null;
        }
        return factory == null
                ? new RedisServer("a Redis that is not known", null, null)
                : of(factory, context.fakes());
    }

    /** Spring Data tells nobody what its cache writes to. */
    private static @Nullable RedisConnectionFactory factoryOf(RedisCacheWriter writer) {
        for (Class<?> type = writer.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (RedisConnectionFactory.class.isAssignableFrom(field.getType()) && field.trySetAccessible()) {
                    return (RedisConnectionFactory) ReflectionUtils.getField(field, writer);
                }
            }
        }
        return null;
    }

    /** Says whether a factory tells what it connects to. */
    static boolean isKnown(RedisConnectionFactory factory) {
        return (Libraries.LETTUCE && factory instanceof LettuceConnectionFactory)
                || (Libraries.JEDIS && factory instanceof JedisConnectionFactory);
    }

    static RedisServer of(RedisConnectionFactory factory, Iterable<FakeRedis> fakes) {
        if (Libraries.LETTUCE && factory instanceof LettuceConnectionFactory lettuce) {
            return lettuce.isClusterAware()
                            || lettuce.isRedisSentinelAware()
                            || lettuce.getSocketConfiguration() != null
                    ? new RedisServer(
                            several(lettuce.isClusterAware(), lettuce.isRedisSentinelAware()),
                            null,
                            lettuce.isClusterAware() ? null : factory)
                    : at(lettuce.getHostName(), lettuce.getPort(), factory, fakes);
        }
        if (Libraries.JEDIS && factory instanceof JedisConnectionFactory jedis) {
            return jedis.isRedisClusterAware() || jedis.isRedisSentinelAware()
                    ? new RedisServer(
                            several(jedis.isRedisClusterAware(), jedis.isRedisSentinelAware()),
                            null,
                            jedis.isRedisClusterAware() ? null : factory)
                    : at(jedis.getHostName(), jedis.getPort(), factory, fakes);
        }
        return new RedisServer("the Redis of a " + factory.getClass().getSimpleName(), null, factory);
    }

    private static String several(boolean isCluster, boolean isSentinel) {
        return isCluster ? "a Redis cluster" : isSentinel ? "a Redis behind sentinels" : "a Redis at a socket";
    }

    private static RedisServer at(String host, int port, RedisConnectionFactory factory, Iterable<FakeRedis> fakes) {
        for (FakeRedis fake : fakes) {
            if (fake.port() == port && (host.equals(fake.host()) || host.equals("localhost"))) {
                return new RedisServer("FakeRedis at " + host + ":" + port, fake, factory);
            }
        }
        return new RedisServer("Redis at " + host + ":" + port, null, factory);
    }

    /** Looks at the keys under a prefix. What is asked here belongs to no test. */
    CacheView view(String prefix) {
        TreeSet<String> keys = new TreeSet<>();
        ScanOptions options = ScanOptions.scanOptions()
                .match(prefix.replaceAll("[\\\\*?\\[\\]]", "\\\\$0") + "*")
                .count(PAGE)
                .build();
        if (connections != null) {
            try (Scope nobodys = Scope.named("look at a cache").root().open();
                    RedisConnection connection = connections.getConnection();
                    Cursor<byte[]> found = connection.keyCommands().scan(options)) {
                found.forEachRemaining(
                        key -> keys.add(new String(key, StandardCharsets.UTF_8).substring(prefix.length())));
            }
        }
        return CacheView.of(keys.size(), keys, -1);
    }
}
