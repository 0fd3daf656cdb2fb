package dev.cacheproof.cache;

import dev.cacheproof.CacheAdapter;
import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map that is used as a memo. */
final class MapAdapter implements CacheAdapter {

    @Override
    public @Nullable CacheHandle adapt(String id, Object cache) {
        if (cache instanceof WatchedMap<?, ?> watched) {
            return watched.handle();
        }
        return cache instanceof Map<?, ?> map ? new Handle(map) : null;
    }

    @Override
    public @Nullable Object watch(String id, Object cache) {
        if (cache instanceof WatchedMap) {
            return cache;
        }
        return cache instanceof Map<?, ?> map ? WatchedMap.of(id, map) : null;
    }

    @Override
    public String supported() {
        return "java.util.Map";
    }

    private record Handle(Map<?, ?> map) implements CacheHandle {
        @Override
        public String kind() {
            return "map";
        }

        @Override
        public String strategy() {
            return "clear";
        }

        @Override
        public void reset() {
            map.clear();
        }

        @Override
        public CacheView view() {
            return CacheView.of(map.size(), map.keySet(), -1);
        }
    }
}
