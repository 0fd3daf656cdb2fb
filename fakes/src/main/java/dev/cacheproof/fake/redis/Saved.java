package dev.cacheproof.fake.redis;

import org.jspecify.annotations.Nullable;

/** What a key held at some time; no value where it was absent. Immutable. */
record Saved(Bytes key, @Nullable Value value, long expiresAt) {

    static final long NO_TIME = Entry.NEVER;

    static Saved absent(Bytes key) {
        return new Saved(key, null, NO_TIME);
    }

    boolean isGone(long now) {
        return value == null || (expiresAt != NO_TIME && expiresAt < now);
    }
}
