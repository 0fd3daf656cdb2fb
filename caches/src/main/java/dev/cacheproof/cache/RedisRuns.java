package dev.cacheproof.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.resps.ScanResult;

/**
 * The runs that use one server. Each marks itself with a key that expires; what is left of a run without a marker, nobody
 * needs any more.
 */
final class RedisRuns {

    static final Duration MARKED_FOR = Duration.ofHours(1);
    private static final Duration MARKED_ANEW_AFTER = Duration.ofMinutes(5);

    /** How long one reset may be held up by what others have left; the next goes on where it stopped. */
    private static final Duration SWEPT_FOR = Duration.ofSeconds(1);

    /** What stands after the root in the key of a test: its run, its number, and the application's key. */
    private static final Pattern KEY = Pattern.compile("([0-9a-f]{12}):[0-9]+:");

    private final JedisKeys keys;
    private final String root;
    private final String run;
    private final InstantSource clock;

    private volatile @Nullable Instant marked;

    /** Guards the cursor, and lets one thread sweep. */
    private final ReentrantLock sweeping = new ReentrantLock();

    /** Where the sweep is; null once it is through. */
    private @Nullable String cursor = JedisKeys.START;

    RedisRuns(JedisKeys keys, String root, String run, InstantSource clock) {
        this.keys = keys;
        this.root = root;
        this.run = run;
        this.clock = clock;
    }

    /** Makes sure that this run's marker is there, and stays for long enough. */
    void keepAlive() {
        Instant last = marked;
        Instant now = clock.instant();
        if (last == null || !now.isBefore(last.plus(MARKED_ANEW_AFTER))) {
            keys.set(root + run, "a run of tests that use cacheproof is alive", MARKED_FOR);
            marked = now;
        }
    }

    /** Deletes what runs have left whose marker is gone. Goes through all keys once, in one call or in several. */
    void sweep() throws InterruptedException {
        if (!sweeping.tryLock()) {
            return;
        }
        try {
            Instant end = clock.instant().plus(SWEPT_FOR);
            while (cursor != null && clock.instant().isBefore(end)) {
                ScanResult<byte[]> page = keys.scan(cursor, root);
                keys.unlink(leftBehind(page.getResult()));
                cursor = page.isCompleteIteration() ? null : page.getCursor();
            }
        } finally {
            sweeping.unlock();
        }
    }

    private List<byte[]> leftBehind(List<byte[]> page) {
        Map<String, Boolean> alive = new HashMap<>(Map.of(run, true));
        List<byte[]> left = new ArrayList<>();
        for (byte[] key : page) {
            Matcher known = KEY.matcher(JedisKeys.text(key).substring(root.length()));
            if (known.lookingAt() && !alive.computeIfAbsent(known.group(1), other -> keys.exists(root + other))) {
                left.add(key);
            }
        }
        return left;
    }
}
