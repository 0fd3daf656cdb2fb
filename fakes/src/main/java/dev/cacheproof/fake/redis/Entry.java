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

    /** When it was used last, in milliseconds since 1970. */
    long usedAt;

    /** Tells entries apart that were used at the same time: the later, the larger. */
    long lastUse;

    /** How often it was used; begins where redis-server begins. */
    long uses = 5;

    /** How much room it takes; kept where that is limited. */
    long size;

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
