package dev.cacheproof.spring;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import java.util.ArrayList;
import java.util.List;
import javax.cache.Cache;

/** A cache of JSR 107, which tells neither its size nor, to everybody, its statistics. */
record JCacheHandle(Cache<?, ?> cache) implements CacheHandle {

    @Override
    public String kind() {
        return "JCache";
    }

    @Override
    public String strategy() {
        return "clear";
    }

    /**
     * Never {@code removeAll}, which Spring's own cache calls for all that clears it: that deletes what is behind the cache,
     * too, where a cache writer stands.
     */
    @Override
    public void reset() {
        cache.clear();
    }

    @Override
    public CacheView view() {
        List<Object> keys = new ArrayList<>();
        cache.forEach(entry -> keys.add(entry.getKey()));
        return CacheView.of(keys.size(), keys, -1);
    }
}
