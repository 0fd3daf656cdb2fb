package dev.cacheproof.fake.redis;

import org.jspecify.annotations.Nullable;

/** A reply that has not come yet. */
interface Pending {

    /** Returns the answer; null as long as it is waited for. Any thread may ask. */
    @Nullable
    Reply outcome();

    /** Says whether it comes as soon as somebody has done his work, and nothing else is waited for. */
    boolean comesSoon();

    /** Says whether it ends in the clock's time, with nothing come. */
    boolean isLimited();

    /** Notes that the client has asked for no answer to this. */
    void silence();
}
