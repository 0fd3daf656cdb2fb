package dev.cacheproof.fake.redis;

/** A key with its value. Guarded by the engine's lock. */
final class Entry {

    static final long NEVER = -1;

    final Bytes key;
    Value value;

    /** When it is gone, in milliseconds since 1970; {@link #NEVER} where it stays. Written by the database only. */
    long expiresAt = NEVER;

    /** Where it stands in the database's list. Written by the database only. */
    int index;

    /** Tells entries that expire at the same time apart. */
    final long number;

    long usedAt;

    Entry(Bytes key, Value value, long number) {
        this.key = key;
        this.value = value;
        this.number = number;
    }

    /**
     * Returns the value of a key that must hold such a one.
     *
     * @throws Refusal if it holds another
     */
    <T extends Value> T as(Class<T> type) {
        if (!type.isInstance(value)) {
            throw new Refusal(Refusal.WRONG_TYPE);
        }
        return type.cast(value);
    }

    Bytes text() {
        return as(Text.class).bytes();
    }

    boolean expires() {
        return expiresAt != NEVER;
    }
}
