package dev.cacheproof.samples.tiered;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Makes a key that names all that its value depends on, with a version among it: a new version is a new key, and there is
 * nothing to invalidate. The key is short whatever its parts are, and no part can be mistaken for another. Immutable.
 *
 * <pre>{@code
 * String key = VersionedKey.of("outline", 2).with("course", course).with("published", version).toString();
 * }</pre>
 */
public final class VersionedKey {

    private static final int DIGEST_BYTES = 16;

    private final String name;
    private final Map<String, String> parts;

    private VersionedKey(String name, Map<String, String> parts) {
        this.name = name;
        this.parts = parts;
    }

    /**
     * Begins a key.
     *
     * @param name what is cached: letters, digits, {@code -} and {@code _}
     * @param layout the version of the code that writes the value; raised when its layout or its meaning changes
     * @return the key without parts
     */
    public static VersionedKey of(String name, int layout) {
        if (layout < 0) {
            throw new IllegalArgumentException("layout must not be negative, but is " + layout);
        }
        return new VersionedKey(Require.name("name", name) + ".v" + layout, Map.of());
    }

    /**
     * Adds what the value depends on. The order in which parts are added makes no difference.
     *
     * @param part the name of the part
     * @param value its value
     * @return the longer key
     * @throws IllegalArgumentException if the key has such a part
     */
    public VersionedKey with(String part, String value) {
        Map<String, String> longer = new TreeMap<>(parts);
        Objects.requireNonNull(part, "part");
        if (longer.put(part, Objects.requireNonNull(value, "value")) != null) {
            throw new IllegalArgumentException("part \"" + part + "\" is given twice in the key of " + name);
        }
        return new VersionedKey(name, longer);
    }

    /**
     * Adds a number that the value depends on, such as a published version.
     *
     * @param part the name of the part
     * @param value its value
     * @return the longer key
     * @throws IllegalArgumentException if the key has such a part
     */
    public VersionedKey with(String part, long value) {
        return with(part, Long.toString(value));
    }

    /**
     * Returns the key.
     *
     * @return the name in clear, and a digest of the parts
     */
    @Override
    public String toString() {
        MessageDigest digest = sha256();
        parts.forEach((part, value) -> {
            update(digest, part);
            update(digest, value);
        });
        return name + "." + HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), DIGEST_BYTES));
    }

    /** With its length in front, no text can run into the next: "a" and "bc" are not "ab" and "c". */
    private static void update(MessageDigest digest, String text) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + Character.BYTES * text.length());
        bytes.putInt(text.length()).asCharBuffer().put(text);
        digest.update(bytes.array());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible); // every Java platform has it
        }
    }
}
