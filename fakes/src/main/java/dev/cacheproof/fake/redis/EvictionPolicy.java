package dev.cacheproof.fake.redis;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which keys go first where there is no room. */
enum EvictionPolicy {
    VOLATILE_LRU,
    VOLATILE_LFU,
    VOLATILE_RANDOM,
    VOLATILE_TTL,
    ALLKEYS_LRU,
    ALLKEYS_LFU,
    ALLKEYS_RANDOM,
    NOEVICTION;

    static final String SETTING = "maxmemory-policy";

    private static Comparator<Entry> byUse() {
        return Comparator.comparingLong(each -> each.lastUse);
    }

    private static Comparator<Entry> byFrequency() {
        return Comparator.<Entry>comparingLong(each -> each.uses).thenComparing(byUse());
    }

    /**
     * Finds one by the name that redis-server gives it.
     *
     * @throws Refusal if there is none
     */
    static EvictionPolicy of(String name) {
        for (EvictionPolicy each : values()) {
            if (each.setting().equalsIgnoreCase(name)) {
                return each;
            }
        }
        throw new Refusal("ERR CONFIG SET failed (possibly related to argument '" + SETTING
                + "') - argument(s) must be one of the following: "
                + Arrays.stream(values()).map(EvictionPolicy::setting).collect(Collectors.joining(", ")));
    }

    String setting() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean countsUses() {
        return this == VOLATILE_LFU || this == ALLKEYS_LFU;
    }

    /** Says whether a key may go. */
    boolean allows(Entry entry) {
        return switch (this) {
            case VOLATILE_LRU, VOLATILE_LFU, VOLATILE_RANDOM, VOLATILE_TTL -> entry.expires();
            case ALLKEYS_LRU, ALLKEYS_LFU, ALLKEYS_RANDOM -> true;
            case NOEVICTION -> false;
        };
    }

    /** Returns how to find what goes first; null where chance decides. */
    @Nullable
    Comparator<Entry> order() {
        return switch (this) {
            case VOLATILE_LRU, ALLKEYS_LRU -> byUse();
            case VOLATILE_LFU, ALLKEYS_LFU -> byFrequency();
            case VOLATILE_TTL ->
                Comparator.<Entry>comparingLong(each -> each.expiresAt).thenComparing(byUse());
            case VOLATILE_RANDOM, ALLKEYS_RANDOM, NOEVICTION -> null;
        };
    }
}
