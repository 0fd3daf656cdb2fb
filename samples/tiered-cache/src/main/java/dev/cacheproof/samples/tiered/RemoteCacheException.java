package dev.cacheproof.samples.tiered;

import org.jspecify.annotations.Nullable;

/** A remote cache did not do what it was asked for. */
public final class RemoteCacheException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was asked for
     * @param cause what the client library threw; null if nothing
     */
    public RemoteCacheException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
