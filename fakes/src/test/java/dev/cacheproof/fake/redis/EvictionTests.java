package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys go where there is no room, and who is told. A key of one letter with such a value takes 66 bytes. */
class EvictionTests {

    private final FakeRedis redis = FakeRedis.start();
    private final Wire client = new Wire(redis.port());

    @AfterEach
    void stop() {
        client.close();
        redis.close();
    }

    private void limit(String policy, int keys) {
        client.ask("CONFIG", "SET", "maxmemory-policy", policy, "maxmemory", String.valueOf(66 * keys));
    }

    private void write(String... keys) {
        for (String each : keys) {
            client.ask("SET", each, "x");
        }
    }

    @Test
    void evictsWhatWasUsedLongestAgo() {
        limit("allkeys-lru", 3);
        write("a", "b", "c");
        client.ask("GET", "a");
        client.ask("APPEND", "b", "");
        client.ask("EXISTS", "c");
        client.ask("TTL", "c");
        client.ask("TYPE", "c");
        client.ask("OBJECT", "ENCODING", "c");
        client.ask("MEMORY", "USAGE", "c");
        write("d");
        assertThat(redis.keys()).as("evicts before a command, not after it").containsExactly("a", "b", "c", "d");

        client.ask("PING");

        assertThat(redis.keys()).containsExactly("a", "b", "d");
        assertThat(client.ask("INFO", "stats")).contains("evicted_keys:1\r\n");
    }

    @Test
    void evictsWhatWasUsedLeastOften() {
        write("a", "b", "c");
        client.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu");
        client.ask("MGET", "a", "a", "b", "c", "c", "c");
        client.ask("GET", "b");
        client.ask("GET", "a");
        assertThat(client.ask("OBJECT", "FREQ", "a")).isEqualTo(":8\r\n");
        limit("allkeys-lfu", 2);
        client.ask("PING");
        assertThat(redis.keys()).containsExactly("a", "c");

        limit("allkeys-lfu", 1);
        client.ask("PING");
        assertThat(redis.keys())
                .as("of those used alike, the one that was used last")
                .containsExactly("a");
    }

    @Test
    void evictsWhatExpiresFirst() {
        client.ask("SET", "later", "x", "EX", "20");
        client.ask("SET", "sooner", "x", "EX", "10");
        client.ask("SET", "never", "x");
        client.ask("CONFIG", "SET", "maxmemory-policy", "volatile-ttl", "maxmemory", "150");
        client.ask("PING");

        assertThat(redis.keys()).containsExactly("later", "never");
    }

    @ParameterizedTest
    @CsvSource({"volatile-lru, b c", "volatile-lfu, a b", "volatile-random, a b"})
    void evictsOnlyWhatExpires(String policy, String left) {
        client.ask("SET", "a", "x", "EX", "10");
        client.ask("SET", "b", "x");
        client.ask("SET", "c", "x", "EX", "10");
        client.ask("MGET", "a", "a", "c");
        limit(policy, 2);
        client.ask("PING");

        assertThat(redis.keys()).containsExactly(left.split(" ", -1));
    }

    @Test
    void letsChanceDecideInTheSameWayInEachRun() {
        List<List<String>> runs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (FakeRedis fake = FakeRedis.start();
                    Wire wire = new Wire(fake.port())) {
                for (int key = 0; key < 50; key++) {
                    wire.ask("SET", "key " + key, "x");
                }
                wire.ask("CONFIG", "SET", "maxmemory", "1000", "maxmemory-policy", "allkeys-random");
                wire.ask("PING");
                runs.add(List.copyOf(fake.keys()));
            }
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1)).hasSize(14);
    }

    @Test
    void tellsWhoKeepsOrListens() {
        client.ask("CONFIG", "SET", "notify-keyspace-events", "Ee");
        client.ask("HELLO", "3");
        client.ask("CLIENT", "TRACKING", "ON");
        write("a", "b");
        client.ask("GET", "a");
        client.ask("SUBSCRIBE", "__keyevent@0__:evicted");
        limit("allkeys-lru", 1);

        assertThat(client.ask("PING")).isEqualTo(">3\r\n$7\r\nmessage\r\n$22\r\n__keyevent@0__:evicted\r\n$1\r\nb\r\n");
        assertThat(client.reply()).isEqualTo("+PONG\r\n");
        limit("allkeys-lru", 0);
        client.ask("CONFIG", "SET", "maxmemory", "1");
        assertThat(client.ask("PING")).isEqualTo(">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\na\r\n");
    }

    @Test
    void measuresByTheModelThatIsDocumented() {
        client.ask("SET", "key", "12345");
        client.ask("RPUSH", "list", "1", "22");
        client.ask("SADD", "set", "1", "22");
        client.ask("HSET", "hash", "field", "value");
        client.ask("ZADD", "ranks", "1", "ada");

        assertThat(List.of("key", "list", "set", "hash", "ranks", "none").stream()
                        .map(key -> client.ask("MEMORY", "USAGE", key)))
                .containsExactly(":72\r\n", ":103\r\n", ":102\r\n", ":94\r\n", ":96\r\n", "$-1\r\n");
        assertThat(client.ask("INFO", "memory")).contains("used_memory:467\r\n");
        client.ask("CONFIG", "SET", "maxmemory", "467");
        client.ask("LPOP", "list");
        client.ask("DEL", "set");
        assertThat(client.ask("SET", "other", "x")).isEqualTo("+OK\r\n");
        client.ask("HSET", "hash", "field", "a longer value, and it counts as such");
        client.ask("RPUSH", "list", "and so does one element more, if it is long enough");
        assertThat(client.ask("SET", "other", "x")).startsWith("-OOM");
        client.ask("FLUSHALL");
        assertThat(client.ask("SET", "other", "x")).isEqualTo("+OK\r\n");
    }

    @Test
    void forgetsTheLimitBetweenTests() {
        limit("noeviction", 0);
        client.ask("CONFIG", "SET", "maxmemory", "1");
        write("a");
        assertThat(client.ask("SET", "b", "x")).startsWith("-OOM");

        redis.renew();

        write("a");
        assertThat(client.ask("SET", "b", "x")).isEqualTo("+OK\r\n");
    }

    @Test
    void tellsHowLongAKeyWasNotUsed() {
        redis.clock().freeze();
        write("a");
        redis.clock().advance(Duration.ofSeconds(30));
        client.ask("EXISTS", "a");
        assertThat(client.ask("OBJECT", "IDLETIME", "a")).isEqualTo(":30\r\n");
        for (String use : List.of("GET", "APPEND", "PERSIST", "INCR", "SETNX", "LLEN")) {
            client.ask(
                    use.equals("APPEND") || use.equals("SETNX")
                            ? new String[] {use, "a", ""}
                            : new String[] {use, "a"});
            assertThat(client.ask("OBJECT", "IDLETIME", "a")).as(use).isEqualTo(":0\r\n");
            redis.clock().advance(Duration.ofSeconds(2));
        }
    }

    /** One command after another, on both servers; by another client where it says {@code @}. */
    @ParameterizedTest
    @Tag("real-server")
    @ValueSource(
            strings = {
                "SET a xyz, RPUSH l 1 2 3, CONFIG SET maxmemory 1, SET b 1, GET a, DEL nope, SET a 1, MULTI, SET a 1, GET a,"
                        + " EXEC, MULTI, PING, DISCARD, RPUSH l 1, LPOP l, EXPIRE l 100, PUBLISH a b, LMOVE l m LEFT LEFT,"
                        + " BLMOVE x y LEFT LEFT 0.1, SMOVE a b c, RENAME l l2, MULTI, SET a, SET a 1, EXEC, WATCH q, UNWATCH,"
                        + " GETDEL nope, GETEX a EX 5, COPY a b, MULTI, EXEC, EXEC, SUBSCRIBE c, SET a 1, UNSUBSCRIBE c, SET a,"
                        + " MULTI, RESET, EXISTS a, CONFIG SET maxmemory 0, MULTI, SET a 1, @ CONFIG SET maxmemory 1, EXEC, GET a,"
                        + " @ CONFIG SET maxmemory 0, MULTI, GET a, @ CONFIG SET maxmemory 1, EXEC",
                "SET a 1, SET b 1 EX 100, SET c 1 EX 10, CONFIG SET maxmemory-policy volatile-ttl maxmemory 1, PING, EXISTS a,"
                        + " EXISTS b c, SET q 1, CONFIG SET maxmemory-policy volatile-lru, SET q 1, CONFIG SET maxmemory 0,"
                        + " SET q 1 EX 9, CONFIG SET maxmemory 1, EXISTS q, SET q 1, EXISTS a",
                "SET a xyz, OBJECT FREQ a, GET a, OBJECT IDLETIME a, CONFIG SET maxmemory-policy ALLKEYS-LFU, SET b xyz,"
                        + " OBJECT FREQ b, GET b, OBJECT FREQ b, OBJECT IDLETIME b, OBJECT FREQ nope, OBJECT IDLETIME nope,"
                        + " CONFIG GET maxmemory-policy, CONFIG SET maxmemory-policy noeviction, MEMORY USAGE nope,"
                        + " MEMORY USAGE b SAMPLES x, MEMORY USAGE b SAMPLES -1, MEMORY USAGE b SAMPLES, MEMORY USAGE b FOO 1,"
                        + " MEMORY USAGE, MEMORY FOO",
                "CONFIG SET maxmemory 1k, CONFIG GET maxmemory, CONFIG SET maxmemory 2GB, CONFIG GET maxmemory,"
                        + " CONFIG SET maxmemory -1, CONFIG SET maxmemory x, CONFIG SET maxmemory 1.5mb, CONFIG SET maxmemory 5b,"
                        + " CONFIG GET maxmemory, CONFIG SET maxmemory 99999999999999999999999, CONFIG GET maxmemory,"
                        + " CONFIG SET maxmemory 3 maxmemory-policy foo, CONFIG GET maxmemory, CONFIG SET maxmemory 3 foo 1,"
                        + " CONFIG SET maxmemory kb, CONFIG GET maxmemory, CONFIG SET maxmemory 9999999999999999999g,"
                        + " CONFIG GET maxmemory, CONFIG SET maxmemory 10m, CONFIG GET maxmemory",
            })
    void refusesAndAnswersAsRedisDoes(String script) {
        TestClock clock = TestClock.create();
        clock.freeze();
        try (RealRedis real = RealRedis.start();
                FakeRedis fake = FakeRedis.builder().clock(clock).start();
                Wire ofFake = new Wire(fake.port());
                Wire ofReal = new Wire(real.port());
                Wire otherOfFake = new Wire(fake.port());
                Wire otherOfReal = new Wire(real.port())) {
            real.setTime(ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
            for (String step : script.split(", *", -1)) {
                boolean byOther = step.startsWith("@ ");
                String[] words = step.substring(byOther ? 2 : 0).split(" ", -1);
                assertThat((byOther ? otherOfFake : ofFake).ask(words))
                        .as(step)
                        .isEqualTo((byOther ? otherOfReal : ofReal).ask(words));
            }
        }
    }
}
