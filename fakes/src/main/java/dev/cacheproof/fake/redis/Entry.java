package dev.cacheproof.fake.redis;

/** A key with its value. Guarded by the engine's lock. */
final class Entry {

    static final long NEVER = -1;

    final Bytes key;
    Text value;

    /** When it is gone, in milliseconds since 1970; {@link #NEVER} where it stays. Written by the database only. */
    long expiresAt = NEVER;

    /** Where it stands in the database's list. Written by the database only. */
    int index;

    /** Tells entries that expire at the same time apart. */
    final long number;

    long usedAt;

    Entry(Bytes key, Text value, long number) {
        this.key = key;
        this.value = value;
        this.number = number;
    }

    boolean expires() {
        return expiresAt != NEVER;
    }
}
