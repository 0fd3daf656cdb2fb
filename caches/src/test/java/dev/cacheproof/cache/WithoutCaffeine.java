package dev.cacheproof.cache;

import dev.cacheproof.CacheAdapter;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;

/** Run by {@link OptionalLibraryTests} in a class loader of its own. */
public final class WithoutCaffeine implements Callable<String> {

    private final Map<String, String> map;

    /** Creates it for a map, a type that all class loaders share. */
    public WithoutCaffeine(Map<String, String> map) {
        this.map = map;
    }

    @Override
    public String call() {
        CacheAdapter adapter =
                ServiceLoader.load(CacheAdapter.class).findFirst().orElseThrow();
        Reset.of(map);
        Map<String, String> watched = WatchedCaches.of("watched", map);
        watched.put("b", "2");
        int entries = map.size() - 1;
        return adapter.supported() + "; entries: " + entries + "; watched: " + (watched instanceof WatchedMap);
    }
}
