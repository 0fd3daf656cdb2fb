package dev.cacheproof.cache;

import dev.cacheproof.CacheAdapter;
import dev.cacheproof.CacheHandle;
import dev.cacheproof.FailureText;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.util.Pool;

/** Refuses a client of Redis, which is no cache: behind it stands a server, with whatever others keep there. */
final class RedisClientAdapter implements CacheAdapter {

    @Override
    public @Nullable CacheHandle adapt(String id, Object cache) {
        if (cache instanceof UnifiedJedis || cache instanceof Jedis || cache instanceof Pool) {
            throw new IllegalStateException(refusal(id, cache.getClass().getSimpleName()));
        }
        return null;
    }

    private static String refusal(String id, String client) {
        return FailureText.of("a " + client + " is a client of a server that the tests may not have started."
                        + " To make that cold, all its keys would be deleted, also those of others")
                .hint("one of these:\n"
                        + "- where it talks to a @Fake of the test, leave this out: the fake is registered already\n"
                        + "- let the application put a prefix before its keys, another in each test, and register that:\n"
                        + "    static final RedisNamespace REDIS = RedisNamespace.of(jedis); // REDIS::prefix for the"
                        + " application\n"
                        + "    caches.addPerTest(\"" + id + "\", () -> REDIS);\n"
                        + "- connect the application to a server of the test's own: FakeRedis.start(), of"
                        + " cacheproof-fakes\n"
                        + "- implement dev.cacheproof.CacheHandle, which deletes what you know to be yours")
                .toString();
    }

    @Override
    public @Nullable Object watch(String id, Object cache) {
        return null;
    }

    @Override
    public String supported() {
        return "RedisNamespace";
    }
}
