package dev.cacheproof.samples.tiered;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * One named cache on a Redis server, through Jedis. Every key begins with the application's and the cache's name, so that
 * several caches of several applications share a server, and a client. Thread-safe if the client is.
 */
public final class JedisRemoteCache implements RemoteCache {

    private static final int KEYS_PER_SCAN = 1_000;

    private final UnifiedJedis client;
    private final String prefix;

    /**
     * Creates the cache; the client stays the caller's to close.
     *
     * @param client a pooled client of one server
     * @param application the application's name: letters, digits, {@code -} and {@code _}
     * @param name the cache's name: the same characters
     */
    public JedisRemoteCache(UnifiedJedis client, String application, String name) {
        this(client, Require.name("application", application) + ":" + Require.name("name", name) + ":");
    }

    private JedisRemoteCache(UnifiedJedis client, String prefix) {
        this.client = Objects.requireNonNull(client, "client");
        this.prefix = prefix;
    }

    /**
     * Returns this cache with longer keys, for whoever may touch a part of the server alone: a deployment among several, or a
     * test. It shares no entry with this one.
     *
     * @param outer what all keys begin with: letters, digits, {@code -}, {@code _} and {@code :}
     * @return the cache
     */
    public JedisRemoteCache under(String outer) {
        return new JedisRemoteCache(client, Require.prefix("outer", outer) + prefix);
    }

    @Override
    public byte @Nullable [] get(String key) {
        return asking("GET", () -> client.get(raw(key)));
    }

    @Override
    public Map<String, byte[]> getAll(Collection<String> keys) {
        List<String> ordered = List.copyOf(keys);
        if (ordered.isEmpty()) {
            return Map.of();
        }
        List<byte[]> values = asking("MGET", () -> client.mget(raw(ordered)));
        Map<String, byte[]> found = new LinkedHashMap<>();
        for (int i = 0; i < ordered.size(); i++) {
            byte[] value = values.get(i); // null for a miss
            if (value != null) {
                found.put(ordered.get(i), value);
            }
        }
        return found;
    }

    @Override
    public void set(String key, byte[] value, Duration ttl) {
        SetParams expiry = expiry(ttl);
        asking("SET", () -> client.set(raw(key), value, expiry));
    }

    @Override
    public void setAll(Map<String, byte[]> values, Supplier<Duration> ttl) {
        if (values.isEmpty()) {
            return;
        }
        asking("SET", () -> {
            List<Response<String>> replies = new ArrayList<>();
            try (AbstractPipeline pipeline = client.pipelined()) {
                values.forEach((key, value) -> replies.add(pipeline.set(raw(key), value, expiry(ttl.get()))));
                pipeline.sync();
            }
            // An error is in the reply, and shows only to those who look at it.
            return replies.stream().map(Response::get).toList();
        });
    }

    @Override
    public void delete(String key) {
        asking("UNLINK", () -> client.unlink(raw(key)));
    }

    @Override
    public void deleteAll(Collection<String> keys) {
        if (!keys.isEmpty()) {
            asking("UNLINK", () -> client.unlink(raw(keys)));
        }
    }

    /** Removes what has our prefix, a scan's page at a time. Never FLUSHDB: it would take what others keep there. */
    @Override
    public void clear() {
        ScanParams ours = new ScanParams().match(prefix + "*").count(KEYS_PER_SCAN);
        asking("SCAN", () -> {
            String cursor = ScanParams.SCAN_POINTER_START;
            do {
                ScanResult<String> page = client.scan(cursor, ours);
                if (!page.getResult().isEmpty()) {
                    client.unlink(page.getResult().toArray(String[]::new));
                }
                cursor = page.getCursor();
            } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
            return cursor;
        });
    }

    /** Redis counts in milliseconds, and refuses a time of zero. */
    private static SetParams expiry(Duration ttl) {
        return SetParams.setParams().px(Math.max(1, Require.positive("ttl", ttl).toMillis()));
    }

    private byte[] raw(String key) {
        Require.key(key);
        return (prefix + key).getBytes(UTF_8);
    }

    private byte[][] raw(Collection<String> keys) {
        return keys.stream().map(this::raw).toArray(byte[][]::new);
    }

    private <T extends @Nullable Object> T asking(String command, Supplier<T> question) {
        try {
            return question.get();
        } catch (JedisException failed) {
            throw new RemoteCacheException(command + " failed in " + prefix + "*: " + failed.getMessage(), failed);
        }
    }
}
