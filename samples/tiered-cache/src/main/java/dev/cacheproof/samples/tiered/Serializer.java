package dev.cacheproof.samples.tiered;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Writes values as bytes, and reads them back. Never sees null. Implementations are thread-safe.
 *
 * @param <V> the type of the values
 */
public interface Serializer<V> {

    /**
     * Writes a value.
     *
     * @param value the value
     * @return its bytes; may be none
     */
    byte[] write(V value);

    /**
     * Reads a value.
     *
     * @param bytes what {@link #write} returned, perhaps in another release of the application
     * @return a value equal to the one that was written
     * @throws RuntimeException if the bytes are none of its own
     */
    V read(byte[] bytes);

    /**
     * Returns a serializer of text.
     *
     * @return the serializer, in UTF-8
     */
    static Serializer<String> ofText() {
        return new Serializer<>() {
            @Override
            public byte[] write(String value) {
                return value.getBytes(UTF_8);
            }

            @Override
            public String read(byte[] bytes) {
                return new String(bytes, UTF_8);
            }
        };
    }
}
