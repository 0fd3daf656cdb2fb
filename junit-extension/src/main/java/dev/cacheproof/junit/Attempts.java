package dev.cacheproof.junit;

import org.jspecify.annotations.Nullable;

/** Things to do that are all done, whichever of them fails. Used by one thread. */
final class Attempts {

    private @Nullable Throwable failure;

    void make(Runnable attempt) {
        try {
            attempt.run();
        } catch (RuntimeException | Error failed) {
            Throwable first = failure;
            if (first == null) {
                failure = failed;
            } else if (!first.equals(failed)) {
                first.addSuppressed(failed);
            }
        }
    }

    /** Throws the first failure, with the others as suppressed ones. */
    void throwIfAny() {
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }
}
