package dev.cacheproof.query;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What the entries must be like that a block writes to cache servers; several such expectations are checked together, and all
 * that are not met are shown in one failure. Immutable and thread-safe.
 *
 * <pre>{@code
 * assertCacheWrites(expiring().exceptKeys("outline:*:v*").and(noLargerThan(100_000)), () -> outlines.fetch(COURSE));
 * }</pre>
 *
 * <p>Whatever narrows an expectation concerns what was last begun: in {@code expiring().and(noLargerThan(9)).onKeys("flag:*")},
 * the second. An expectation that no written entry is subject to fails, since it shows nothing.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CacheWriteExpectation {

    private static final String EXAMPLE_KEY = "user:*";

    /** One expectation; a list that is empty leaves out nothing. */
    record Part(
            WriteRule rule,
            @Nullable String only,
            List<String> except,
            @Nullable String reason) {

        boolean isAbout(String key) {
            return (only == null || QueryCheck.glob(only, EXAMPLE_KEY).test(key))
                    && except.stream()
                            .noneMatch(pattern ->
                                    QueryCheck.glob(pattern, EXAMPLE_KEY).test(key));
        }

        /** Returns such as {@code , but for user:*}. */
        String narrowing() {
            return (only == null ? "" : ", of keys " + only)
                    + (except.isEmpty() ? "" : ", but for keys " + String.join(", ", except));
        }
    }

    private final List<Part> parts;

    private CacheWriteExpectation(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    private static CacheWriteExpectation of(WriteRule rule) {
        return new CacheWriteExpectation(List.of(new Part(rule, null, List.of(), null)));
    }

    /**
     * Expects that every entry has a time to live when the round trip is over that has written it. One that is given it by a
     * later round trip stays for ever if the client ends in between.
     *
     * <p>Entries under a key that names a version are often meant to stay until they are evicted: leave them out with {@link
     * #exceptKeys}.
     *
     * @return the expectation
     */
    public static CacheWriteExpectation expiring() {
        return of(new WriteRule.Expiring(null));
    }

    /**
     * Expects that every entry has a time to live, and none is longer than this: for so long, what is stale can be served.
     *
     * @param longest the longest time to live; positive
     * @return the expectation
     */
    public static CacheWriteExpectation expiringWithin(Duration longest) {
        return of(new WriteRule.Expiring(positive("longest", longest)));
    }

    /**
     * Expects that entries which are written together do not all expire together, which would send everybody to the database
     * at once: the shortest and the longest time to live are at least so far apart, and no more than half of the entries have
     * the same, to the millisecond. It takes two entries to see it, and many where chance makes the spread.
     *
     * @param atLeast how far apart; positive
     * @return the expectation
     */
    public static CacheWriteExpectation spreadOver(Duration atLeast) {
        return of(new WriteRule.SpreadOver(positive("atLeast", atLeast)));
    }

    /**
     * Expects that no entry is larger than this.
     *
     * @param bytes the size of the largest value, or of the fields and members of one; in bytes, positive
     * @return the expectation
     */
    public static CacheWriteExpectation noLargerThan(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes must be positive, but is " + bytes);
        }
        return of(new WriteRule.NoLargerThan(bytes));
    }

    /**
     * Expects that every entry is of use after it was written, before the block ends: that a command is given its value, or works
     * with it. To ask whether it is there, or how long it lives, is of none, and so is a read that comes too late. Let the block
     * ask twice, or for all that is to use the entry.
     *
     * @return the expectation
     */
    public static CacheWriteExpectation readBack() {
        return of(new WriteRule.Read());
    }

    /**
     * Concerns entries of some keys alone.
     *
     * @param pattern the key, where {@code *} stands for any text, such as {@code user:*}
     * @return the narrower expectation
     * @throws IllegalStateException if it concerns some keys already
     */
    public CacheWriteExpectation onKeys(String pattern) {
        QueryCheck.glob(pattern, EXAMPLE_KEY);
        return last(part -> {
            if (part.only != null) {
                throw new IllegalStateException("onKeys(\"" + part.only
                        + "\") was said of this expectation already: begin another" + " with and(...) for other keys");
            }
            return new Part(part.rule, pattern, part.except, part.reason);
        });
    }

    /**
     * Leaves entries of some keys out.
     *
     * @param pattern the key, where {@code *} stands for any text, such as {@code outline:*:v*}
     * @return the narrower expectation
     */
    public CacheWriteExpectation exceptKeys(String pattern) {
        QueryCheck.glob(pattern, EXAMPLE_KEY);
        return last(part -> {
            List<String> except = new ArrayList<>(part.except);
            except.add(pattern);
            return new Part(part.rule, part.only, List.copyOf(except), part.reason);
        });
    }

    /**
     * Gives the reason, to be shown when the expectation is not met.
     *
     * @param reason the reason
     * @return the expectation
     */
    public CacheWriteExpectation because(String reason) {
        Objects.requireNonNull(reason, "reason must not be null");
        return last(part -> new Part(part.rule, part.only, part.except, reason));
    }

    /**
     * Expects something else as well.
     *
     * @param other what else
     * @return both
     */
    public CacheWriteExpectation and(CacheWriteExpectation other) {
        List<Part> both = new ArrayList<>(parts);
        both.addAll(Objects.requireNonNull(other, "other must not be null").parts);
        return new CacheWriteExpectation(both);
    }

    private CacheWriteExpectation last(UnaryOperator<Part> change) {
        List<Part> changed = new ArrayList<>(parts);
        changed.set(changed.size() - 1, change.apply(changed.get(changed.size() - 1)));
        return new CacheWriteExpectation(changed);
    }

    private static Duration positive(String name, Duration duration) {
        Objects.requireNonNull(duration, name + " must not be null");
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, but is " + duration);
        }
        return duration;
    }

    List<Part> parts() {
        return parts;
    }
}
