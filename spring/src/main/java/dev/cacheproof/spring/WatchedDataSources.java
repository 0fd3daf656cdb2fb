package dev.cacheproof.spring;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;

/** The data sources of one context. Thread-safe. */
final class WatchedDataSources {

    private final Set<String> watched = new ConcurrentSkipListSet<>();
    private final Map<String, String> left = new ConcurrentSkipListMap<>();

    void watched(String name) {
        watched.add(name);
    }

    void left(String name, Class<?> type) {
        left.put(name, type.getSimpleName());
    }

    /** Returns the names of those that are watched, sorted. */
    List<String> names() {
        return List.copyOf(watched);
    }

    /** Says of each that is not watched, why, and what to do. */
    List<String> left() {
        return left.entrySet().stream()
                .map(each -> "DataSource bean \"" + each.getKey() + "\" is made as a " + each.getValue()
                        + ", which is final or has final methods: let the method that makes it return DataSource")
                .toList();
    }
}
