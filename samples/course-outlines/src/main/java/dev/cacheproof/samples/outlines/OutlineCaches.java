package dev.cacheproof.samples.outlines;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The caches of the application, all of this process: what most applications have, and what most tests forget. */
public final class OutlineCaches {

    /**
     * Outlines by course and version. An outline of a version never changes, so nothing has to be invalidated: a new version
     * is a new key, and the old one is evicted in time.
     */
    static final Cache<OutlineKey, CourseOutline> OUTLINES =
            Caffeine.newBuilder().maximumSize(1_000).build();

    /** Themes by site; most sites have none, and that is cached too. */
    static final Cache<String, Optional<Theme>> THEMES =
            Caffeine.newBuilder().maximumSize(128).build();

    /** Announcements by course. */
    static final Map<String, List<String>> ANNOUNCEMENTS = new ConcurrentHashMap<>();

    private OutlineCaches() {}

    /** A course at one version. */
    record OutlineKey(String course, int version) {}
}
