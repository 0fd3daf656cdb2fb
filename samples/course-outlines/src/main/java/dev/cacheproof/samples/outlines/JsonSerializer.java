package dev.cacheproof.samples.outlines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cacheproof.samples.tiered.Serializer;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes records as JSON. */
final class JsonSerializer<V> implements Serializer<V> {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Class<V> type;

    private JsonSerializer(Class<V> type) {
        this.type = type;
    }

    static <V> JsonSerializer<V> of(Class<V> type) {
        return new JsonSerializer<>(type);
    }

    @Override
    public byte[] write(V value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    @Override
    public V read(byte[] bytes) {
        try {
            return MAPPER.readValue(bytes, type);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
