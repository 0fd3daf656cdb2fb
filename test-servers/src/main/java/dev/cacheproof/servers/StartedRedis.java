package dev.cacheproof.servers;

/** A Redis that this JVM has started. */
interface StartedRedis extends AutoCloseable {

    String host();

    int port();

    /** Ends it. A second call has no effect. */
    @Override
    void close();
}
