package dev.cacheproof.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.CacheView;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.SetParams;

/**
 * What a namespace does to a server, whichever that is. Everything stands under a prefix for each of these tests, full of what
 * has a meaning in a pattern; so they may run at the same time, on a server of somebody else.
 */
abstract class RedisNamespaceContract {

    private String outer = "";
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Map<String, String> foreign = Map.of();

    abstract UnifiedJedis jedis();

    /** Called after each test. */
    abstract void end();

    @BeforeEach
    void plantKeysOfOthers(TestInfo test) {
        String mine = getClass().getSimpleName() + "-"
                + test.getTestMethod().orElseThrow().getName();
        // As a pattern, it would match what stands below with the value 5, and has the same length.
        outer = mine + "[a-z]\\?*:";
        foreign = Map.of(
                outer + "price", "1",
                outer + "cacheproof:feature:x", "on",
                outer + "cacheproof:0123456789ab:latest:x", "2",
                outer + "cacheproof:0123456789AB:1:x", "3",
                outer + "cacheproof:0123456789abc:1:x", "4",
                mine + "q?other:cacheproof:0123456789ab:1:x", "5",
                mine + "[a-z]\\zz:cacheproof:0123456789ab:1:x", "6");
        foreign.forEach((key, value) -> jedis().set(
                        key, value, SetParams.setParams().ex(Duration.ofDays(1).toSeconds())));
        jedis().persist(outer + "price");
    }

    @AfterEach
    void theKeysOfOthersAreAsTheyWere() {
        foreign.forEach((key, value) -> {
            assertThat(jedis().get(key)).as(key).isEqualTo(value);
            if (key.equals(outer + "price")) {
                assertThat(jedis().ttl(key)).as("time to live of " + key).isEqualTo(-1);
            } else {
                assertThat(jedis().ttl(key)).as("time to live of " + key).isBetween(80_000L, 86_400L);
            }
        });
        foreign.keySet().forEach(jedis()::del);
        end();
    }

    /** A run of tests. The clock stands where the test puts it. */
    private RedisNamespace namespace() {
        return new RedisNamespace(jedis(), outer, () -> now);
    }

    private static Scope test(String id) {
        return Scope.named(id)
                .root()
                .test(RunningTest.claiming(id, id, "run", Set.of(), Settings.current()))
                .open();
    }

    private static void reset(RedisNamespace redis) {
        CacheIsolationEngine.of(CacheRegistry.create().addPerTest("redis", () -> redis))
                .reset();
    }

    private static String prefix(RedisNamespace redis, String test) {
        try (Scope scope = test(test)) {
            return redis.prefix();
        }
    }

    private static void reset(RedisNamespace redis, String test) {
        try (Scope scope = test(test)) {
            reset(redis);
        }
    }

    /** The keys that begin with the prefix of a namespace, as somebody sees them who looks at the server. */
    private Set<String> keys() {
        TreeMap<String, String> keys = new TreeMap<>();
        JedisKeys server = new JedisKeys(jedis());
        var page = server.scan(JedisKeys.START, outer + "cacheproof:");
        while (true) {
            page.getResult().forEach(key -> keys.put(JedisKeys.text(key), ""));
            if (page.isCompleteIteration()) {
                keys.keySet().removeAll(foreign.keySet());
                return keys.keySet();
            }
            page = server.scan(page.getCursor(), outer + "cacheproof:");
        }
    }

    private static String marker(String prefix) {
        return prefix.replaceFirst(":[0-9]+:$", "");
    }

    @Test
    void eachTestHasAPrefixOfItsOwn() {
        RedisNamespace redis = namespace();
        String first = prefix(redis, "first");
        String second = prefix(redis, "second");

        assertThat(first).startsWith(outer + "cacheproof:").isNotEqualTo(second);
        assertThat(first.substring(outer.length())).matches("cacheproof:[0-9a-f]{12}:[0-9]+:");
        assertThat(prefix(redis, "first")).isEqualTo(first);
        assertThat(prefix(namespace(), "first")).as("of another run").isNotEqualTo(first);
        jedis().del(marker(first));
    }

    @Test
    void aResetDeletesTheKeysOfItsTestAlone() {
        RedisNamespace redis = namespace();
        List<String> prefixes = new ArrayList<>();
        for (int i = 1; i <= 11; i++) {
            String prefix = prefix(redis, "test " + i);
            prefixes.add(prefix);
            jedis().set(prefix + "outline:1", "cold");
        }
        assertThat(prefixes.get(10))
                .as("a prefix of which another is nearly a prefix")
                .contains(":11:");

        reset(redis, "test 1");

        assertThat(jedis().get(prefixes.get(0) + "outline:1")).isNull();
        assertThat(prefixes.subList(1, 11))
                .allSatisfy(
                        prefix -> assertThat(jedis().get(prefix + "outline:1")).isEqualTo("cold"));
        for (int i = 2; i <= 11; i++) {
            reset(redis, "test " + i);
        }
        assertThat(keys()).as("what is left after the last test").containsExactly(marker(prefixes.get(0)));
        assertThat(jedis().ttl(marker(prefixes.get(0)))).isBetween(3_500L, 3_600L);
        jedis().del(marker(prefixes.get(0)));
    }

    /** Also for an application that took the prefix for good. */
    @Test
    void theSecondRunInATestIsColdAsWell() {
        RedisNamespace redis = namespace();
        try (Scope scope = test("test")) {
            String prefix = redis.prefix();
            for (int run = 1; run <= 2; run++) {
                assertThat(jedis().get(prefix + "outline")).as("run " + run).isNull();
                jedis().set(prefix + "outline", "warm");
                reset(redis);
                assertThat(redis.prefix()).isEqualTo(prefix);
            }
            jedis().del(marker(prefix));
        }
    }

    /** The other says that it uses the cache: if the two shared that, it could not be reset now. */
    @Test
    void aResetDoesNotDisturbATestThatRunsAtTheSameTime() {
        RedisNamespace redis = namespace();
        try (Scope other = Scope.named("other")
                .root()
                .test(RunningTest.claiming("other", "other", getClass(), Set.of("redis"), Settings.current()))
                .open()) {
            String theirs = redis.prefix();
            jedis().set(theirs + "outline", "warm");
            try (Scope mine = Scope.named("mine")
                    .root()
                    .test(RunningTest.claiming("mine", "mine", getClass(), Set.of(), Settings.current()))
                    .open()) {
                jedis().set(redis.prefix() + "outline", "warm");
                reset(redis);
                assertThat(redis.view().entries()).isZero();
            }
            assertThat(redis.view().keys()).containsExactly("outline");
            reset(redis);
            jedis().del(marker(theirs));
        }
    }

    @Test
    void deletesMoreKeysThanOnePageHolds() {
        RedisNamespace redis = namespace();
        String prefix = prefix(redis, "test");
        for (int i = 0; i < 2_500; i++) {
            jedis().set(prefix + i, "value");
        }

        reset(redis, "test");

        assertThat(keys()).containsExactly(marker(prefix));
        jedis().del(marker(prefix));
    }

    @Test
    void deletesKeysThatAreNoText() {
        RedisNamespace redis = namespace();
        byte[] prefix = prefix(redis, "test").getBytes(UTF_8);
        byte[] key = new byte[prefix.length + 3];
        System.arraycopy(prefix, 0, key, 0, prefix.length);
        key[prefix.length] = (byte) 0xAC;
        key[prefix.length + 1] = (byte) 0xED;
        jedis().set(key, new byte[] {1});

        reset(redis, "test");

        assertThat(jedis().exists(key)).isFalse();
        jedis().del(marker(new String(prefix, UTF_8)));
    }

    @Test
    void showsWhatTheTestHasWritten() {
        RedisNamespace redis = namespace();
        jedis().set(prefix(redis, "other") + "theme", "dark");
        try (Scope scope = test("test")) {
            assertThat(redis.view()).isEqualTo(CacheView.of(0, List.of(), -1));
            String prefix = redis.prefix();
            jedis().set(prefix + "outline:2", "b");
            jedis().set(prefix + "outline:1", "a");
            assertThat(redis.view()).isEqualTo(CacheView.of(2, List.of("outline:1", "outline:2"), -1));
            reset(redis);
            assertThat(redis.view()).isEqualTo(CacheView.of(0, List.of(), -1));
        }
        assertThat(redis.view()).as("without a test").isEqualTo(CacheView.of(0, List.of(), -1));
        reset(redis, "other");
        jedis().del(marker(prefix(redis, "other")));
    }

    /** What a factory's {@code @BeforeEach} has wired serves all its dynamic tests. */
    @Test
    void aTestInsideAnotherSharesThePartOfThatOne() {
        RedisNamespace redis = namespace();
        String factory = prefix(redis, "[engine:e]/[test-factory:f()]");
        jedis().set(factory + "outline", "warm");
        jedis().set(prefix(redis, "[engine:e]/[test-factory:f()2]") + "outline", "warm");

        assertThat(prefix(redis, "[engine:e]/[test-factory:f()]/[dynamic-container:#1]/[dynamic-test:#1]"))
                .isEqualTo(factory);
        reset(redis, "[engine:e]/[test-factory:f()]/[dynamic-test:#2]");

        assertThat(jedis().get(factory + "outline")).isNull();
        assertThat(jedis().get(prefix(redis, "[engine:e]/[test-factory:f()2]") + "outline"))
                .isEqualTo("warm");
        keys().forEach(jedis()::del);
    }

    @Test
    void sweepsWhatARunWithoutAMarkerLeft() {
        RedisNamespace crashed = namespace();
        RedisNamespace alive = namespace();
        String left = prefix(crashed, "test");
        String used = prefix(alive, "test");
        jedis().set(left + "outline", "left");
        jedis().set(used + "outline", "used");
        jedis().del(marker(left));
        RedisNamespace later = namespace();

        String prefix = prefix(later, "test");
        jedis().set(prefix + "outline", "own");
        String neighbour = prefix(later, "neighbour");
        jedis().set(neighbour + "outline", "own, too");
        reset(later, "test");

        assertThat(keys())
                .containsExactlyInAnyOrder(used + "outline", marker(used), neighbour + "outline", marker(prefix));
        keys().forEach(jedis()::del);
    }

    /** Between the two, another run may sweep. */
    @Test
    void marksTheRunBeforeItHandsOutAPrefix() {
        RedisNamespace redis = namespace();
        String prefix = prefix(redis, "test");
        jedis().set(prefix + "outline", "used");
        RedisNamespace other = namespace();
        prefix(other, "test");

        reset(other, "test");

        assertThat(jedis().get(prefix + "outline")).isEqualTo("used");
        keys().forEach(jedis()::del);
    }

    @Test
    void aLongRunStaysMarked() {
        RedisNamespace redis = namespace();
        String marker = marker(prefix(redis, "test"));
        for (Runnable touch : List.<Runnable>of(() -> prefix(redis, "test"), () -> reset(redis, "test"))) {
            jedis().expire(marker, 100);
            touch.run();
            assertThat(jedis().ttl(marker)).as("shortly after").isLessThanOrEqualTo(100);
            now = now.plus(Duration.ofMinutes(5));
            touch.run();
            assertThat(jedis().ttl(marker)).as("five minutes later").isGreaterThan(3_500);
        }
        jedis().del(marker);
    }

    @Test
    void aSweepThatTakesLongGoesOnInTheNextReset() {
        RedisNamespace crashed = namespace();
        String left = prefix(crashed, "test");
        for (int i = 0; i < 3_000; i++) {
            jedis().set(left + i, "left");
        }
        jedis().del(marker(left));
        // Each look at the clock takes half of what one reset may sweep: one page.
        RedisNamespace later = new RedisNamespace(jedis(), outer, () -> now = now.plusMillis(500));
        String prefix = prefix(later, "test");

        reset(later, "test");
        int afterOne = keys().size();
        int resets = 1;
        while (keys().size() > 1 && resets < 100) {
            reset(later, "test");
            resets++;
        }

        assertThat(afterOne).as("keys that one reset has left").isBetween(2, 3_000);
        assertThat(keys()).containsExactly(marker(prefix));
        jedis().del(marker(prefix));
    }

    @Test
    void deletesNothingMoreOnceNobodyWaits() throws Exception {
        RedisNamespace redis = namespace();
        try (Scope scope = test("test")) {
            String prefix = redis.prefix();
            jedis().set(prefix + "outline", "warm");
            Thread.currentThread().interrupt();
            assertThatThrownBy(redis::reset).isInstanceOf(InterruptedException.class);
            assertThat(jedis().get(prefix + "outline")).isEqualTo("warm");
            redis.reset();
            assertThat(jedis().get(prefix + "outline")).isNull();
            jedis().del(marker(prefix));
        }
    }
}
