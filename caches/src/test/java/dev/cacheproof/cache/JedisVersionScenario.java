package dev.cacheproof.cache;

import dev.cacheproof.CacheView;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.util.Set;
import java.util.function.BinaryOperator;
import redis.clients.jedis.UnifiedJedis;

/** What a namespace does with the Jedis that it is loaded with: takes the client's type and the server's address, and tells what happened. */
final class JedisVersionScenario implements BinaryOperator<String> {

    @Override
    public String apply(String type, String uri) {
        RunningTest test = RunningTest.claiming("id", "test", "run", Set.of(), Settings.current());
        try (UnifiedJedis jedis = client(type, uri);
                Scope scope = Scope.named("test").root().test(test).open()) {
            RedisNamespace redis = RedisNamespace.of(jedis);
            jedis.set(redis.prefix() + "outline", "warm");
            CacheView before = redis.view();
            redis.reset();
            return jedis.getClass().getSimpleName() + ": " + before + ", then "
                    + redis.view().entries() + ", and " + refused(jedis);
        } catch (InterruptedException | ReflectiveOperationException failed) {
            throw new AssertionError(failed);
        }
    }

    private static String refused(UnifiedJedis jedis) {
        try {
            new RedisClientAdapter().adapt("redis", jedis);
            return "taken";
        } catch (IllegalStateException refused) {
            return "refused";
        }
    }

    /** Jedis 6 has no RedisClient, and Jedis 8 no JedisPooled, so neither can be linked here. */
    private static UnifiedJedis client(String type, String uri) throws ReflectiveOperationException {
        Class<?> client = Class.forName("redis.clients.jedis." + type);
        return (UnifiedJedis)
                (type.equals("RedisClient")
                        ? client.getMethod("create", String.class).invoke(null, uri)
                        : client.getConstructor(String.class).newInstance(uri));
    }
}
