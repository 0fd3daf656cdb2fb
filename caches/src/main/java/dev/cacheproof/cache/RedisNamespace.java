package dev.cacheproof.cache;

import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import dev.cacheproof.FailureText;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.resps.ScanResult;

/**
 * The part of a Redis that the current test may touch, on a server that others use too: the keys under a prefix of its own.
 * The application under test puts the prefix before each of its keys, with whatever client it has.
 *
 * <pre>{@code
 * static final RedisNamespace REDIS = RedisNamespace.of(jedis);
 *
 * caches.addPerTest("outlines", () -> REDIS);             // once, in the CacheRegistrar
 * outlines = new CourseOutlines(jedis, REDIS::prefix);    // asks each time, and may be wired once
 * outlines = new CourseOutlines(jedis, REDIS.prefix());   // is wired in each test
 * }</pre>
 *
 * <p>A reset deletes what is under the prefix of the test, by SCAN and UNLINK, which takes about a millisecond for each
 * thousand keys in the database, whosever they are. A test that never asked for its prefix costs nothing. No other key is read, written or expired, but
 * for one that says for an hour that this run is alive. What a run left behind that was killed, or that resets nothing
 * because {@code cacheproof.mode = report}, is deleted by a later run once that hour has passed; so a test that stands for
 * longer than that may lose its entries.
 *
 * <p>Works with every client of Jedis 6, 7 and 8 but those for a cluster, which does not let anybody scan all its nodes.
 * Thread-safe. Make one for each server, and do not close its client before the last test.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RedisNamespace implements CacheHandle {

    private static final String OURS = "cacheproof:";

    private final JedisKeys keys;
    private final RedisRuns runs;
    private final String runPrefix;

    /** The prefixes that were asked for, by the ids of the tests. */
    private final Map<String, String> prefixes = new ConcurrentHashMap<>();

    private final AtomicInteger tests = new AtomicInteger();

    RedisNamespace(UnifiedJedis jedis, String outerPrefix, InstantSource clock) {
        String root = outerPrefix + OURS;
        String run = UUID.randomUUID().toString().substring(24);
        this.keys = new JedisKeys(Objects.requireNonNull(jedis, "jedis"));
        this.runs = new RedisRuns(keys, root, run, clock);
        this.runPrefix = root + run + ":";
    }

    /**
     * Creates a namespace whose keys begin with {@code cacheproof:}. Asks the server for nothing yet.
     *
     * @param jedis the client to reset with; stays the caller's to close
     * @return the namespace
     */
    public static RedisNamespace of(UnifiedJedis jedis) {
        return new RedisNamespace(jedis, "", InstantSource.system());
    }

    /**
     * Creates a namespace whose keys begin with another prefix, for a server that lets its users touch no other keys.
     *
     * @param jedis the client to reset with; stays the caller's to close
     * @param outerPrefix what all keys begin with, such as {@code shop:}; not empty
     * @return the namespace
     */
    public static RedisNamespace of(UnifiedJedis jedis, String outerPrefix) {
        if (Objects.requireNonNull(outerPrefix, "outerPrefix").isEmpty()) {
            throw new IllegalArgumentException("outerPrefix must not be empty; leave it out if any key will do");
        }
        return new RedisNamespace(jedis, outerPrefix, InstantSource.system());
    }

    /**
     * Returns the prefix of the test that the current thread works for. A dynamic test has that of its factory, if that
     * has asked for one. Writes to the server at the first call of the run, and every few minutes.
     *
     * @return such as {@code cacheproof:3f9a01bc77de:17:}
     * @throws IllegalStateException if the thread works for no test, or the server cannot be reached
     */
    public String prefix() {
        RunningTest test = test().orElseThrow(RedisNamespace::noTest);
        // Before anybody can write under the prefix: another run takes what has no marker for left behind.
        runs.keepAlive();
        String known = known(test);
        return known != null
                ? known
                : prefixes.computeIfAbsent(test.id(), id -> runPrefix + tests.incrementAndGet() + ":");
    }

    private static Optional<RunningTest> test() {
        return Scope.current().flatMap(Scope::test);
    }

    /** Returns the prefix of the test, or of the nearest around it; null if neither has asked for one. */
    private @Nullable String known(RunningTest test) {
        String id = test.id();
        String prefix = prefixes.get(id);
        for (int end = id.lastIndexOf('/'); prefix == null && end > 0; end = id.lastIndexOf('/', end - 1)) {
            prefix = prefixes.get(id.substring(0, end));
        }
        return prefix;
    }

    private static IllegalStateException noTest() {
        return new IllegalStateException(
                FailureText.of("Thread \"" + Thread.currentThread().getName()
                                + "\" works for no test, so no key in Redis is its own to touch")
                        .hint("on a thread of the application, say whose work it is: wrap the pool once with"
                                + " Scope.propagating(pool),\nor the task with Scope.current().orElseThrow().wrap(task).\n"
                                + "In a static initializer, a constructor or @BeforeAll no test runs yet: ask in @BeforeEach,"
                                + " or let the application ask,\nby giving it the method, RedisNamespace::prefix.")
                        .toString());
    }

    @Override
    public String kind() {
        return "part of a Redis";
    }

    @Override
    public String strategy() {
        return "SCAN and UNLINK, under the prefix of the test";
    }

    /**
     * Deletes the keys of the test that the current thread works for, and at first what crashed runs have left.
     *
     * @throws IllegalStateException if the thread works for no test, or the server cannot be reached
     * @throws InterruptedException if the thread is interrupted; some keys may be left
     */
    @Override
    public void reset() throws InterruptedException {
        String prefix = known(test().orElseThrow(RedisNamespace::noTest));
        if (prefix == null) {
            return;
        }
        runs.keepAlive();
        ScanResult<byte[]> page;
        String cursor = JedisKeys.START;
        do {
            page = keys.scan(cursor, prefix);
            keys.unlink(page.getResult());
            cursor = page.getCursor();
        } while (!page.isCompleteIteration());
        runs.sweep();
    }

    @Override
    public boolean outlivesProcess() {
        return true;
    }

    /**
     * Looks at the keys of the test that the current thread works for, without the prefix.
     *
     * @return what is there; nothing on a thread that works for no test
     */
    @Override
    public CacheView view() {
        String prefix = test().map(this::known).orElse(null);
        // Sorted, and each once: a scan has no order, and may come by a key twice.
        TreeSet<String> names = new TreeSet<>();
        if (prefix != null) {
            ScanResult<byte[]> page;
            String cursor = JedisKeys.START;
            do {
                page = keys.scan(cursor, prefix);
                page.getResult().forEach(key -> names.add(JedisKeys.text(key).substring(prefix.length())));
                cursor = page.getCursor();
            } while (!page.isCompleteIteration());
        }
        return CacheView.of(names.size(), names, -1);
    }
}
