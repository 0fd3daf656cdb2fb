package dev.cacheproof.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cacheproof.Scope;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * The few commands that a namespace needs; never one that reaches beyond the keys that it names. Keys are bytes: an
 * application may serialize them in a way that no text survives.
 *
 * <p>What is asked here belongs to no test, and is not counted as its work, by a fake either. Links to nothing that one of Jedis 6, 7 and 8
 * lacks.
 */
final class JedisKeys {

    static final String START = ScanParams.SCAN_POINTER_START;

    /** The server is blocked for one page at a time: for less than a millisecond. */
    private static final int PAGE = 1_000;

    private final UnifiedJedis jedis;

    JedisKeys(UnifiedJedis jedis) {
        this.jedis = jedis;
    }

    static String text(byte[] key) {
        return new String(key, UTF_8);
    }

    /** Returns the next page of the keys that begin with the prefix; it may be empty before the last. */
    ScanResult<byte[]> scan(String cursor, String prefix) {
        String pattern = literal(prefix) + "*";
        ScanParams params = new ScanParams().match(pattern).count(PAGE);
        return ask("SCAN", pattern, () -> jedis.scan(cursor.getBytes(UTF_8), params));
    }

    /** Takes the special meaning from what has one in a pattern. */
    private static String literal(String prefix) {
        return prefix.replaceAll("[\\\\*?\\[\\]]", "\\\\$0");
    }

    /**
     * Deletes keys.
     *
     * @throws InterruptedException if the thread was interrupted: nobody waits any more for what it does
     */
    void unlink(List<byte[]> keys) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!keys.isEmpty()) {
            ask("UNLINK", text(keys.get(0)), () -> jedis.unlink(keys.toArray(byte[][]::new)));
        }
    }

    boolean exists(String key) {
        return ask("EXISTS", key, () -> jedis.exists(key));
    }

    @SuppressWarnings("deprecation") // What comes after it, SetParams.ex, is another method in Jedis 6.
    void set(String key, String value, Duration ttl) {
        ask("SETEX", key, () -> jedis.setex(key, ttl.toSeconds(), value));
    }

    private static <T extends @Nullable Object> T ask(String command, String argument, Supplier<T> question) {
        try (Scope nobodys =
                Scope.named("redis namespace").root().sending(command, argument).open()) {
            return question.get();
        } catch (RuntimeException failed) {
            throw new IllegalStateException(failure(command, failed), failed);
        }
    }

    private static String failure(String command, RuntimeException failed) {
        String what = "Redis was asked for " + command + " by RedisNamespace, and failed: " + shown(failed);
        if (failed instanceof JedisAccessControlException) {
            return what + ". If the keys of this user must begin with some prefix, say so:"
                    + " RedisNamespace.of(jedis, \"shop:\").";
        }
        Throwable reason = reason(failed);
        return what + (reason.equals(failed) ? "" : ", caused by " + shown(reason))
                + ". The client that was given to RedisNamespace.of must be open, and its server up, until the last test"
                + " has ended.";
    }

    /** What is wrong stands in the last cause, or in what was suppressed on the way. */
    private static Throwable reason(Throwable failed) {
        Throwable last = failed;
        // Bounded, because causes may go round in a circle.
        for (int depth = 0; depth < 10; depth++) {
            Throwable next = last.getCause();
            if (next == null && last.getSuppressed().length > 0) {
                next = last.getSuppressed()[0];
            }
            if (next == null) {
                return last;
            }
            last = next;
        }
        return last;
    }

    private static String shown(Throwable thrown) {
        return thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
    }
}
