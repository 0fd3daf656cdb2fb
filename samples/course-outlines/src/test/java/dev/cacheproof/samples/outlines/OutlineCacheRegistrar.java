package dev.cacheproof.samples.outlines;

import dev.cacheproof.CacheRegistrar;
import dev.cacheproof.CacheRegistry;

// tag::registrar[]
public class OutlineCacheRegistrar implements CacheRegistrar {
    @Override
    public void register(CacheRegistry caches) {
        caches.add("themes", () -> OutlineCaches.THEMES);
        caches.add("announcements", () -> OutlineCaches.ANNOUNCEMENTS);
    }
}
// end::registrar[]
