package dev.cacheproof.samples.outlines;

import dev.cacheproof.cache.RedisNamespace;
import dev.cacheproof.servers.RedisServer;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/** A Redis that others use, too; here it is started, so that this sample runs anywhere. */
final class SharedRedis {

    private static final RedisServer SERVER = RedisServer.resolve();

    static final RedisNamespace OURS = RedisNamespace.of(connect());

    private SharedRedis() {}

    static UnifiedJedis connect() {
        return RedisClient.create(SERVER.uri());
    }
}
