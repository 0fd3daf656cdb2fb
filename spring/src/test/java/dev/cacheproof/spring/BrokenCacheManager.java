package dev.cacheproof.spring;

import java.util.Collection;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;

/** Has the cache "titles", and cannot list it until it is mended. */
final class BrokenCacheManager extends ConcurrentMapCacheManager {

    private boolean mended;

    BrokenCacheManager() {
        super("titles");
    }

    void mend() {
        mended = true;
    }

    @Override
    public Collection<String> getCacheNames() {
        if (mended) {
            return super.getCacheNames();
        }
        throw new UnsupportedOperationException("not here");
    }
}
