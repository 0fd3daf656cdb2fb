package dev.cacheproof.fake.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What answers the clients of a server of ours: the {@link Engine}, or a real server behind it. Thread-safe. */
interface Backend {

    /** Begins a session for a client that has connected. */
    Session open(Session.Link link);

    /**
     * Runs one request; returns null where the client asked for no answer.
     *
     * @param trace is told what the request reads and writes; null where nobody wants to know
     */
    @Nullable
    Reply execute(Session session, List<Bytes> words, Distortion distortion, @Nullable Footprint trace);

    /** Returns what a client is to be told that is no reply, once. */
    List<Reply> takePushes(Session session);

    /** Returns those that are connected. */
    List<Session> connected();

    /** Keeps what keys hold now, or forgets it. */
    void keepHistory(boolean keep);

    /** Ends what is waited for in vain; returns when to look again in real time, where there is need to. */
    Optional<Duration> lookAtWaits();

    /** Tells of changes who has asked for all under a prefix, and says whether there were any. */
    default boolean broadcast() {
        return false;
    }

    /** Says whether somebody wants to know what expires, and when it does. Any thread may ask. */
    default boolean tellsWhatExpires() {
        return false;
    }

    void close(Session session);
}
