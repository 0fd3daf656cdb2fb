package dev.cacheproof.fake.redis;

/** What a key holds. Guarded by the engine's lock. */
sealed interface Value permits Text, HashValue, ListValue, SetValue, SortedSetValue {

    /** Returns the name that TYPE tells. */
    String type();

    /** Returns the method of {@link FakeRedis} that shows it. */
    String inspection();

    /** Returns how redis-server would hold it, as OBJECT ENCODING tells. */
    String encodingName();

    /** Returns how long what clients wrote is, fields and members included but no scores, in bytes. */
    long bytesHeld();

    /** Returns the same for another key. */
    Value duplicate();

    /** Returns what this holds now, whatever happens to it. */
    default Value snapshot() {
        return duplicate();
    }

    /** Says whether nothing is left, so that the key goes. */
    boolean isEmpty();
}
