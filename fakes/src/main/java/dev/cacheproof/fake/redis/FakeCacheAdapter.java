package dev.cacheproof.fake.redis;

import dev.cacheproof.CacheAdapter;
import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Lets a {@link FakeRedis} be registered as the cache that it is. Stateless and thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FakeCacheAdapter implements CacheAdapter {

    /** Creates it; called by {@link java.util.ServiceLoader}. */
    public FakeCacheAdapter() {}

    @Override
    public @Nullable CacheHandle adapt(String id, Object cache) {
        return cache instanceof FakeRedis redis ? new Handle(redis) : null;
    }

    /** It shows what is asked of it already. */
    @Override
    public @Nullable Object watch(String id, Object cache) {
        return null;
    }

    @Override
    public String supported() {
        return "FakeRedis";
    }

    private record Handle(FakeRedis redis) implements CacheHandle {

        @Override
        public String kind() {
            return "FakeRedis";
        }

        @Override
        public String strategy() {
            return "drop all keys";
        }

        @Override
        public void reset() {
            redis.dropAll();
        }

        @Override
        public boolean outlivesProcess() {
            return true;
        }

        @Override
        public CacheView view() {
            return CacheView.of(redis.size(), redis.keys(), redis.reads());
        }
    }
}
