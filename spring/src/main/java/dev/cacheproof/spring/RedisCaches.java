package dev.cacheproof.spring;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import dev.cacheproof.FailureText;
import dev.cacheproof.fake.redis.FakeRedis;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.data.redis.cache.RedisCache;

/** Caches of Spring in a Redis. */
final class RedisCaches {

    private RedisCaches() {}

    static boolean isOne(Cache cache) {
        return cache instanceof RedisCache;
    }

    static CacheHandle handle(Cache cache, RedisContext context) {
        RedisCache redis = (RedisCache) cache;
        RedisServer server = RedisServer.of(redis, context);
        FakeRedis fake = server.fake();
        return fake == null ? new Foreign(redis, server, context) : new InFake(redis, fake, context);
    }

    /** Says whether a handle is of a cache in a Redis: what it touches is of its context, or it refuses. */
    static boolean isOwn(CacheHandle handle) {
        return handle instanceof InFake || handle instanceof Foreign;
    }

    /** What was just put may be on its way: Spring Data 4 does not wait for it. */
    private static void settleForALook(RedisContext context) {
        try {
            context.settle();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static String prefix(RedisCache cache) {
        return cache.getCacheConfiguration().usePrefix()
                ? cache.getCacheConfiguration().getKeyPrefixFor(cache.getName())
                : "";
    }

    /** A part of a fake, which is made cold as a whole. */
    private record InFake(RedisCache cache, FakeRedis fake, RedisContext context) implements CacheHandle {

        @Override
        public String kind() {
            return "RedisCache in " + fake;
        }

        @Override
        public String strategy() {
            return "wait for writes; its fake drops all keys";
        }

        @Override
        public void reset() throws InterruptedException {
            context.settle();
        }

        @Override
        public boolean outlivesProcess() {
            return true;
        }

        @Override
        public CacheView view() {
            settleForALook(context);
            String prefix = prefix(cache);
            List<String> keys = fake.keys().stream()
                    .filter(key -> key.startsWith(prefix))
                    .map(key -> key.substring(prefix.length()))
                    .toList();
            return CacheView.of(keys.size(), keys, -1);
        }
    }

    /** A cache on a server that the tests did not start. Only what is under the context's prefix may be touched there. */
    private record Foreign(RedisCache cache, RedisServer server, RedisContext context) implements CacheHandle {

        @Override
        public String kind() {
            return "RedisCache in " + server.description();
        }

        @Override
        public String strategy() {
            return "invalidate, under the prefix of this run";
        }

        @Override
        public void reset() throws InterruptedException {
            if (!context.isOurs(prefix(cache))) {
                throw new IllegalStateException(refusal(context.prefix()));
            }
            context.settle();
            // Where Spring Data has no invalidate, Spring's own calls clear, which is immediate there.
            cache.invalidate();
        }

        private String refusal(@Nullable String prefix) {
            return FailureText.of("its keys are in " + server.description()
                            + ", which the tests did not start, and begin with \"" + prefix(cache)
                            + "\". To make it cold, keys of others would be deleted, too")
                    .hint("one of these:\n"
                            + "- connect the application to a fake: @Fake FakeRedis redis; in the test class\n"
                            + "- let cacheproof put a prefix of this run before the keys: give the cache manager a\n"
                            + "  RedisCacheConfiguration that is a bean, or leave it to Spring Boot (spring.cache.redis.key-prefix"
                            + (prefix == null ? ")\n" : ", which is \"" + prefix + "\" here)\n")
                            + "- leave the cache out: @CacheIsolation(only = ...)")
                    .toString();
        }

        @Override
        public boolean outlivesProcess() {
            return true;
        }

        /** To list its keys would take a scan of a server that others use. */
        @Override
        public CacheView view() {
            if (!context.isOurs(prefix(cache))) {
                return CacheView.of(0, List.of(), -1);
            }
            settleForALook(context);
            return server.view(prefix(cache));
        }
    }
}
