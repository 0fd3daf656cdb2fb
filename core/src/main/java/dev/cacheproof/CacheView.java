package dev.cacheproof;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * What a cache holds, and counted, at one moment.
 *
 * @param entries how many entries it holds; approximate where the library counts approximately
 * @param keys some of its keys, as text
 * @param reads how many times it was read since it was made; -1 where the cache does not count
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CacheView(long entries, List<String> keys, long reads) {

    private static final int KEYS_SHOWN = 5;
    private static final int LONGEST_KEY = 80;

    /**
     * Creates a view.
     *
     * @param entries how many entries it holds
     * @param keys some of its keys
     * @param reads how many times it was read; -1 where the cache does not count
     */
    public CacheView {
        keys = List.copyOf(keys);
    }

    /**
     * Creates a view with the first few of the given keys.
     *
     * @param entries how many entries it holds
     * @param keys its keys; only a few are taken
     * @param reads how many times it was read; -1 where the cache does not count
     * @return the view
     */
    public static CacheView of(long entries, Iterable<?> keys, long reads) {
        List<String> sample = new ArrayList<>(KEYS_SHOWN);
        for (Object key : keys) {
            if (sample.size() == KEYS_SHOWN) {
                break;
            }
            String text = String.valueOf(key);
            sample.add(text.length() <= LONGEST_KEY ? text : text.substring(0, LONGEST_KEY) + "...");
        }
        return new CacheView(entries, sample, reads);
    }

    /**
     * Says whether the cache was used between two looks at it: it holds more entries, or it was read.
     *
     * @param before the earlier look
     * @return true if it was met
     */
    public boolean metSince(CacheView before) {
        return entries > before.entries || readsSince(before) > 0;
    }

    /**
     * Says how the cache was used between two looks at it.
     *
     * @param before the earlier look
     * @return such as {@code 2 new entries [a, b], 3 reads}
     */
    public String changeSince(CacheView before) {
        long added = entries - before.entries;
        String entriesText = added <= 0
                ? "no new entry"
                : (added == 1 ? "1 new entry" : added + " new entries")
                        + keys.stream()
                                .filter(key -> !before.keys.contains(key))
                                .collect(Collectors.joining(", ", " [", "]"));
        long read = readsSince(before);
        return entriesText + (reads < 0 ? "" : read == 1 ? ", 1 read" : ", " + read + " reads");
    }

    /** A cache that was replaced by a watched one began to count when it was. */
    private long readsSince(CacheView before) {
        return reads - Math.max(0, before.reads);
    }
}
