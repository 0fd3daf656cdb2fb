package dev.cacheproof.samples.tiered;

import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a look-up found: a value, which may be null, or nothing. There is no way to take one for the other. Immutable.
 *
 * @param <V> the type of the value
 */
public final class CachedResponse<V> {

    private final String key;
    private final boolean found;
    private final @Nullable V value;

    private CachedResponse(String key, boolean found, @Nullable V value) {
        this.key = key;
        this.found = found;
        this.value = value;
    }

    static <V> CachedResponse<V> hit(String key, @Nullable V value) {
        return new CachedResponse<>(key, true, value);
    }

    static <V> CachedResponse<V> miss(String key) {
        return new CachedResponse<>(key, false, null);
    }

    /**
     * Returns the key that was looked up.
     *
     * @return the key
     */
    public String key() {
        return key;
    }

    /**
     * Says whether the key was cached, be it with null.
     *
     * @return true for a hit
     */
    public boolean isFound() {
        return found;
    }

    /**
     * Returns the value that was found.
     *
     * @return the value; null if null was cached
     * @throws NoSuchElementException if this is a miss
     */
    public @Nullable V value() {
        if (!found) {
            throw new NoSuchElementException(
                    "Nothing is cached for \"" + key + "\". Ask isFound() first, or use orElse(...).");
        }
        return value;
    }

    /**
     * Returns the value that was found, or another.
     *
     * @param other what to return for a miss
     * @return the value, also where it is null; {@code other} for a miss
     */
    public @Nullable V orElse(@Nullable V other) {
        return found ? value : other;
    }

    /**
     * Applies a function to the value that was found.
     *
     * @param function the function; not called for a miss, nor for null
     * @param <R> the type of its result
     * @return a miss for a miss, null for null, else the function's result
     */
    public <R> CachedResponse<R> map(Function<? super V, ? extends @Nullable R> function) {
        Objects.requireNonNull(function, "function");
        if (!found) {
            return miss(key);
        }
        return hit(key, value == null ? null : function.apply(value));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CachedResponse<?> that
                && key.equals(that.key)
                && found == that.found
                && Objects.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, found, value);
    }

    /** Never shows the value: what is cached must not end in a log. */
    @Override
    public String toString() {
        return "CachedResponse[" + key + ": " + (found ? "found" : "miss") + "]";
    }
}
