package dev.cacheproof.fake.internal;

import java.time.Instant;
import java.util.Set;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** The fake that is to fail. */
@API(status = API.Status.INTERNAL, since = "0.1")
public interface FaultTarget {

    /**
     * Returns the fake's time.
     *
     * @return now
     */
    Instant now();

    /**
     * Returns what a command does.
     *
     * @param command its name in lower case
     * @return its kinds; null for a command that the fake does not know
     */
    @Nullable
    Set<Attempt.Kind> kindsOf(String command);

    /**
     * Says whether a command is only missing here.
     *
     * @param command its name in lower case
     * @return whether the real server knows it, and the fake does not
     */
    boolean isMissing(String command);

    /**
     * Makes sure that the fake still runs, and that nobody else would be disturbed by its faults.
     *
     * @param change what is about to be done to it, as a participle
     * @throws IllegalStateException if it is closed
     * @throws AssertionError if another test may be using it
     */
    void requireFree(String change);

    /** Keeps the state before each change from now on, or forgets it, as the plan demands. */
    void planChanged();

    /** Goes on, before it returns, with what a fault has held back that has ended. */
    void silenceEnded();
}
