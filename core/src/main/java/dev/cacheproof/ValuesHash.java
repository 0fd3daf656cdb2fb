package dev.cacheproof;

import org.apiguardian.api.API;

/**
 * Tells values apart that are not shown in full, by 64 bits: so many that two of one test are never taken for one by chance,
 * nor by a likeness, as they are by {@link Object#hashCode()}.
 *
 * @since 0.1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ValuesHash {

    /** FNV's, which spreads each step over the upper half. */
    private static final long STEP = 0x0000_0100_0000_01b3L;

    private static final long ODD = 0x9e37_79b9_7f4a_7c15L;

    private ValuesHash() {}

    /**
     * Hashes a text.
     *
     * @param text the text
     * @return its hash
     */
    public static long of(CharSequence text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * STEP;
        }
        return of(hash);
    }

    /**
     * Hashes bytes.
     *
     * @param bytes the bytes
     * @return their hash
     */
    public static long of(byte[] bytes) {
        long hash = bytes.length;
        for (byte each : bytes) {
            hash = (hash ^ (each & 0xff)) * STEP;
        }
        return of(hash);
    }

    /**
     * Hashes a number; two of them never have the same hash.
     *
     * @param number the number
     * @return its hash
     */
    public static long of(long number) {
        long hash = (number ^ (number >>> 32)) * ODD;
        return hash ^ (hash >>> 29);
    }

    /**
     * Hashes two values, in their order.
     *
     * @param first the hash of one
     * @param second the hash of the other
     * @return the hash of both
     */
    public static long of(long first, long second) {
        return of(of(first) * 31 + second);
    }
}
