package dev.cacheproof.samples.outlines;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The caches that the application keeps in this process: what most applications have, and what most tests forget. */
public final class OutlineCaches {

    /** Themes by site; most sites have none, and that is cached too. */
    static final Cache<String, Optional<Theme>> THEMES =
            Caffeine.newBuilder().maximumSize(128).build();

    /** Announcements by course. */
    static final Map<String, List<String>> ANNOUNCEMENTS = new ConcurrentHashMap<>();

    private OutlineCaches() {}
}
