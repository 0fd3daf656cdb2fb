package dev.cacheproof.spring;

import dev.cacheproof.fake.redis.FakeRedis;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * What one context has to do with Redis. Links to no library.
 *
 * @param fakes the fakes that the context is to be connected to
 * @param prefix what the keys of its caches begin with on any other server; null where nothing puts it there
 * @param writes what of its writes is under way
 */
record RedisContext(
        ConfigurableListableBeanFactory beans,
        List<FakeRedis> fakes,
        @Nullable String prefix,
        AsyncWrites writes) {

    /** Creates it for a context that is watched. A fake is the context's own, so its keys may stay as users know them. */
    static RedisContext of(
            ConfigurableListableBeanFactory beans, Map<FakeDefinition, Object> started, boolean isolates) {
        List<FakeRedis> fakes = started.values().stream()
                .filter(FakeRedis.class::isInstance)
                .map(FakeRedis.class::cast)
                .toList();
        return new RedisContext(
                beans,
                fakes,
                isolates && fakes.isEmpty() && Libraries.REDIS ? newPrefix() : null,
                Libraries.LETTUCE ? new LettuceWrites() : AsyncWrites.NONE);
    }

    /** Random, so that it is another in each context of each run. */
    private static String newPrefix() {
        return "cacheproof:spring-"
                + UUID.randomUUID().toString().replace("-", "").substring(0, 12) + ":";
    }

    /** Says whether keys with this prefix are this context's alone. */
    boolean isOurs(String keyPrefix) {
        return prefix != null && keyPrefix.startsWith(prefix);
    }

    /** Waits for writes that were begun and whose callers did not wait. */
    void settle() throws InterruptedException {
        writes.settle();
    }
}
