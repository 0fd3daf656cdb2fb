package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.entry;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.cacheproof.CacheHandle;
import dev.cacheproof.Deadline;
import dev.cacheproof.TestClock;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.SetParams;

class FakeRedisTests {

    private final FakeRedis redis = FakeRedis.start();

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void showsWhatClientsWrote() {
        try (Wire wire = new Wire(redis.port())) {
            wire.ask("SET", "user:1", "Ada");
            wire.ask("SET", "user:2", "Bob", "PX", "60000");
        }

        redis.clock().freeze();
        assertThat(redis.keys()).containsExactly("user:1", "user:2");
        assertThat(redis.size()).isEqualTo(2);
        assertThat(redis.get("user:1")).contains("Ada");
        assertThat(redis.get("user:3")).isEmpty();
        assertThat(redis.ttl("user:1")).isEmpty();
        assertThat(redis.ttl("user:2"))
                .hasValueSatisfying(ttl -> assertThat(ttl).isPositive().isLessThanOrEqualTo(Duration.ofMinutes(1)));
    }

    @Test
    void showsCollections() {
        try (Wire wire = new Wire(redis.port())) {
            wire.ask("HSET", "user:1", "name", "Ada", "age", "36");
        }
        try (Wire wire = new Wire(redis.port())) {
            wire.ask("SADD", "tags", "red", "green");
        }
        try (Wire wire = new Wire(redis.port())) {
            wire.ask("RPUSH", "queue", "first", "second");
        }
        try (Wire wire = new Wire(redis.port())) {
            wire.ask("ZADD", "ranks", "2", "second", "0.1", "first", "2", "also second");
        }
        redis.put("text", "v");

        assertThat(redis.getSet("tags")).containsExactlyInAnyOrder("red", "green");
        assertThat(redis.getHash("user:1")).containsExactly(entry("name", "Ada"), entry("age", "36"));
        assertThat(redis.getHash("none")).isEmpty();
        assertThat(redis.getList("queue")).containsExactly("first", "second");
        assertThat(redis.getSortedSet("ranks"))
                .containsExactly(entry("first", 0.1), entry("also second", 2.0), entry("second", 2.0));
        assertThat(redis.getSortedSet("none")).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> redis.get("ranks"))
                .withMessage(redis + " holds a zset under ranks: ask for it by getSortedSet(...).");
        assertThatIllegalStateException()
                .isThrownBy(() -> redis.get("user:1"))
                .withMessage(redis + " holds a hash under user:1: ask for it by getHash(...).");
        assertThatIllegalStateException()
                .isThrownBy(() -> redis.getHash("text"))
                .withMessage(redis + " holds a string under text: ask for it by get(...).");
    }

    @Test
    void isACacheThatARestartOfTheApplicationLeavesWarm() {
        CacheHandle handle = new FakeCacheAdapter().adapt("redis", redis);
        assertThat(handle).isNotNull().matches(CacheHandle::outlivesProcess, "outlives the process");
    }

    @Test
    void livesOnAfterWordsThatNoCommandKnows() {
        try (Wire wire = new Wire(redis.port())) {
            assertThat(wire.ask("SET", "key", "value", "SOON")).isEqualTo("-ERR syntax error\r\n");
            assertThat(wire.ask("GETEX", "key", "SOON")).isEqualTo("-ERR syntax error\r\n");
            assertThat(wire.ask("PING")).isEqualTo("+PONG\r\n");
        }
    }

    @Test
    void givesClientsWhatTheTestPutThere() {
        redis.clock().freeze();
        redis.put("user:1", "Ada");
        redis.put("user:2", "Bob", Duration.ofSeconds(60));

        try (Wire wire = new Wire(redis.port())) {
            assertThat(wire.ask("GET", "user:1")).isEqualTo("$3\r\nAda\r\n");
            assertThat(wire.ask("PTTL", "user:2")).isEqualTo(":60000\r\n");
        }
        redis.clear();
        assertThat(redis.keys()).isEmpty();
    }

    @Test
    void dropsWhatExpiresBeforeTheStepOfTheClockReturns() {
        redis.clock().freeze();
        redis.put("short", "1", Duration.ofSeconds(1));
        redis.put("long", "1", Duration.ofSeconds(10));
        redis.clock().advance(Duration.ofSeconds(1));
        assertThat(redis.keys()).as("a key lives through its last millisecond").contains("short");

        redis.clock().advance(Duration.ofMillis(1));
        assertThat(redis.keys()).containsExactly("long");
    }

    @Test
    void dropsWhatHasLivedForAsLongAsItMay() {
        try (UnifiedJedis jedis = InProcessJedis.client(redis)) {
            for (int i = 0; i < 200; i++) {
                jedis.set("k", "v", SetParams.setParams().ex(60));
                redis.clock().advance(Duration.ofSeconds(60));
                assertThat(jedis.get("k")).isNull();
            }
        }
    }

    @Test
    void tellsWhatItHoldsAndWhatItCounted() {
        TestClock clock = TestClock.create();
        clock.freeze(); // uptime is told in whole seconds, and the clock's second may end while the fake starts
        try (FakeRedis frozen = FakeRedis.builder().clock(clock).start();
                Wire wire = new Wire(frozen.port())) {
            frozen.put("short", "1", Duration.ofSeconds(1));
            frozen.put("long", "1", Duration.ofSeconds(10));
            frozen.put("k", "1");
            clock.advance(Duration.ofSeconds(2));

            wire.ask("MGET", "k", "long", "short");
            assertThat(wire.ask("INFO"))
                    .contains("uptime_in_seconds:2\r\n", "connected_clients:1\r\n", "expired_keys:1\r\n")
                    .contains("keyspace_hits:2\r\nkeyspace_misses:1\r\n", "db0:keys=2,expires=1,avg_ttl=0\r\n")
                    .contains("total_connections_received:1\r\ntotal_commands_processed:2\r\n");
        }
    }

    @Test
    void breaksTheTransactionOfAClientThatWatchesAKeyThatExpires() {
        try (Wire wire = new Wire(redis.port())) {
            wire.ask("SET", "k", "v", "EX", "1");
            wire.ask("WATCH", "k");
            redis.clock().advance(Duration.ofSeconds(2));
            wire.ask("MULTI");
            wire.ask("SET", "k", "mine");

            assertThat(wire.ask("EXEC")).isEqualTo("*-1\r\n");
        }
    }

    @Test
    void sharesItsClock() {
        TestClock clock = TestClock.create();
        try (FakeRedis one = FakeRedis.builder().clock(clock).start();
                FakeRedis other = FakeRedis.builder().clock(clock).start()) {
            one.put("k", "v", Duration.ofSeconds(5));
            other.put("k", "v", Duration.ofSeconds(5));
            clock.advance(Duration.ofSeconds(6));

            assertThat(one.size() + other.size()).isZero();
            assertThat(one.clock()).isSameAs(clock);
        }
    }

    @Test
    void asksForThePassword() {
        try (FakeRedis locked = FakeRedis.builder().password("secret").start();
                Wire wire = new Wire(locked.port())) {
            assertThat(wire.ask("GET", "k")).isEqualTo("-NOAUTH Authentication required.\r\n");
            assertThat(wire.ask("AUTH", "wrong")).startsWith("-WRONGPASS ");
            assertThat(wire.ask("AUTH", "secret")).isEqualTo("+OK\r\n");
            assertThat(wire.ask("GET", "k")).isEqualTo("$-1\r\n");
            assertThat(locked.uri()).isEqualTo("redis://:secret@127.0.0.1:" + locked.port());
            assertThat(locked.toString()).doesNotContain("secret");
        }
    }

    @Test
    void endsTheConnectionThatAnotherOneKills() {
        try (Wire victim = new Wire(redis.port());
                Wire killer = new Wire(redis.port())) {
            String id = victim.ask("CLIENT", "ID").substring(1).trim();

            assertThat(killer.ask("CLIENT", "KILL", "ID", id)).isEqualTo(":1\r\n");
            assertThat(victim.reply()).isEqualTo("(closed)");
            assertThat(killer.ask("CLIENT", "LIST")).contains("cmd=client|list").doesNotContain("id=" + id + " ");
        }
    }

    @Test
    void leavesRepliesOutForAClientThatAsksForNone() {
        try (Wire wire = new Wire(redis.port())) {
            wire.send(Wire.encode(List.of("CLIENT", "REPLY", "OFF"))
                    + Wire.encode(List.of("SET", "k", "v"))
                    + Wire.encode(List.of("CLIENT", "REPLY", "ON")));
            assertThat(wire.reply()).isEqualTo("+OK\r\n");
            wire.send(Wire.encode(List.of("CLIENT", "REPLY", "SKIP"))
                    + Wire.encode(List.of("SET", "k", "w"))
                    + Wire.encode(List.of("GET", "k")));
            assertThat(wire.reply()).isEqualTo("$1\r\nw\r\n");
        }
    }

    @Test
    void scansEveryKeyThatStaysWhileOthersGo() {
        for (int i = 0; i < 100; i++) {
            redis.put("stays:" + i, "v");
            redis.put("goes:" + i, "v");
        }
        List<String> seen = new ArrayList<>();
        try (Wire wire = new Wire(redis.port())) {
            String cursor = "0";
            int round = 0;
            do {
                String[] reply = wire.ask("SCAN", cursor, "MATCH", "stays:*", "COUNT", "7")
                        .split("\r\n", -1);
                cursor = reply[2];
                for (int i = 5; i < reply.length - 1; i += 2) {
                    seen.add(reply[i]);
                }
                wire.ask("DEL", "goes:" + round * 3, "goes:" + (round * 3 + 1), "goes:" + (99 - round));
                round++;
            } while (!cursor.equals("0"));
        }
        assertThat(seen.stream().distinct()).hasSize(100);
    }

    @Test
    void servesManyClientsAtOnce() throws Exception {
        int clients = 8;
        int increments = 500;
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                all.add(threads.submit(() -> {
                    try (Wire wire = new Wire(redis.port())) {
                        for (int n = 0; n < increments; n++) {
                            wire.ask("INCR", "n");
                        }
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(redis.get("n")).contains(String.valueOf(clients * increments));
    }

    @Test
    void carriesLargeValuesAndLongPipelines() {
        String large = "x".repeat(3_000_000);
        try (Wire wire = new Wire(redis.port())) {
            wire.ask("SET", "large", large);
            wire.send(Wire.encode(List.of("GET", "large")).repeat(20));
            for (int i = 0; i < 20; i++) {
                assertThat(wire.reply()).hasSize(large.length() + 12);
            }
        }
    }

    @Test
    void saysThatThePortIsTaken() {
        assertThatIllegalStateException()
                .isThrownBy(() -> FakeRedis.builder().port(redis.port()).start())
                .withMessage(
                        "Port " + redis.port() + " on 127.0.0.1 is in use. Stop what listens there, or leave the port"
                                + " out: then any free one is taken.");
    }

    @Test
    void freesItsPortAndEndsItsConnectionsWhenItIsClosed() {
        int port = redis.port();
        try (Wire wire = new Wire(port)) {
            wire.ask("PING");
            redis.close();
            redis.close();

            assertThat(wire.reply()).isEqualTo("(closed)");
        }
        try (FakeRedis next = FakeRedis.builder().port(port).start()) {
            assertThat(next.port()).isEqualTo(port);
        }
    }

    @Test
    void refusesToBeUsedOnceItIsClosed() {
        redis.close();

        assertThatIllegalStateException()
                .isThrownBy(redis::keys)
                .withMessage(
                        "FakeRedis(127.0.0.1:" + redis.port() + ") is closed. Start a new one, or close it later.");
        assertThatIllegalStateException().isThrownBy(() -> redis.put("k", "v"));
        assertThatIllegalStateException().isThrownBy(redis::uri);
        assertThatIllegalStateException().isThrownBy(redis::clock);
        assertThatIllegalStateException()
                .isThrownBy(() -> InProcessJedis.of(redis).createSocket());
    }

    @Test
    void leavesItsEndToWhoStartedIt() {
        RedisLifecycle lifecycle = new RedisLifecycle();
        FakeRedis managed = lifecycle.start("sessions");
        assertThatIllegalStateException()
                .isThrownBy(managed::close)
                .withMessage(managed + " ends with its test: leave close() out. For a server that is gone, call"
                        + " faults().begin(Condition.DOWN).");
        assertThat(managed.keys()).isEmpty();

        lifecycle.stop(managed);
        lifecycle.stop(managed);
        assertThatIllegalStateException()
                .isThrownBy(managed::keys)
                .withMessage(managed + " is closed: it ended with its test. A field that is static keeps it for all"
                        + " tests of the class.");
    }

    @Test
    void namesItsClockAfterItself() {
        try (FakeRedis sessions = FakeRedis.builder().name("sessions").start()) {
            assertThat(sessions.clock()).hasToString("clock of sessions");
        }
        assertThat(redis.clock()).hasToString("clock of redis");
    }

    @Test
    void refusesOptionsThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FakeRedis.builder().port(65_536))
                .withMessage("port must be 0 to 65535, but is 65536");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FakeRedis.builder().password(""))
                .withMessage("password must not be empty; leave it out for a fake that needs none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> redis.put("k", "v", Duration.ZERO))
                .withMessage("ttl must be a millisecond to 290 years, but is PT0S");
        assertThatIllegalArgumentException().isThrownBy(() -> redis.put("k", "v", ChronoUnit.FOREVER.getDuration()));
    }

    @Test
    void leaksNoThreadAndNoSocketOverAThousandStarts() throws Exception {
        startAndUse();
        long files = openFiles();
        for (int i = 0; i < 1_000; i++) {
            startAndUse();
        }
        // Other tests, which run at the same time, hold some of each.
        Deadline.after(Duration.ofSeconds(10))
                .await(() -> openFiles() < files + 300 && fakeThreads() < 100, () -> openFiles() + " open files");
        assertThat(fakeThreads()).isLessThan(100);
    }

    private static void startAndUse() {
        try (FakeRedis fake = FakeRedis.start();
                Wire wire = new Wire(fake.port())) {
            assertThat(wire.ask("PING")).isEqualTo("+PONG\r\n");
        }
    }

    private static long fakeThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("fake-redis-"))
                .count();
    }

    private static long openFiles() {
        // A Windows JVM can not tell; the threads are counted there as well.
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getOpenFileDescriptorCount()
                : 0;
    }

    @Test
    void saysTheVersionThatItIsTold() {
        try (FakeRedis newer = FakeRedis.builder().version("7.4").start();
                Wire client = new Wire(newer.port())) {
            assertThat(client.ask("HELLO")).contains("$3\r\n7.4\r\n");
            assertThat(client.ask("INFO", "server")).contains("redis_version:7.4\r\n");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FakeRedis.builder().version("newest"))
                .withMessage("version must be two or three numbers, such as 7.4 or 7.4.2, but is \"newest\"");
    }
}
