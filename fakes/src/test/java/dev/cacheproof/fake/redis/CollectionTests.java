package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Collections that outgrow the form that redis-server holds a small one in, and what is chosen from them by chance. */
@Tag("real-server")
class CollectionTests {

    private static final Map<String, String> REMOVERS = Map.of("HSCAN", "HDEL", "SSCAN", "SREM", "ZSCAN", "ZREM");

    private static RealRedis real;
    private static FakeRedis fake;

    @BeforeAll
    static void startServers() {
        real = RealRedis.start();
        fake = FakeRedis.start();
    }

    @AfterAll
    static void stopServers() {
        fake.close();
        real.close();
    }

    /** Runs commands, where {@code {512}} stands for so many words, and {@code {long}} for one of 65 characters. */
    private static List<String> answers(int port, String script) {
        try (Wire wire = new Wire(port)) {
            wire.ask("FLUSHALL");
            List<String> answers = new ArrayList<>();
            for (String command : script.split(", ", -1)) {
                answers.add(wire.ask(words(command).toArray(String[]::new)));
            }
            return answers;
        }
    }

    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        for (String word : command.split(" ", -1)) {
            if (word.matches("\\{\\d+}")) {
                int count = Integer.parseInt(word.substring(1, word.length() - 1));
                IntStream.range(0, count).forEach(i -> words.add("e" + i));
            } else if (word.startsWith("{1..")) {
                int last = Integer.parseInt(word.substring(4, word.length() - 1));
                IntStream.rangeClosed(1, last).forEach(i -> words.add(String.valueOf(i)));
            } else {
                words.add(word.equals("{long}") ? "x".repeat(65) : word.equals("{64}x") ? "x".repeat(64) : word);
            }
        }
        return words;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HSET k {1024}, OBJECT ENCODING k, HLEN k, HGETALL k, HSET k e0 v, HSET k x v, OBJECT ENCODING k, HDEL k {1026}, OBJECT ENCODING k, HLEN k",
                "HSET k f {64}x, OBJECT ENCODING k, HSET k f {long}, OBJECT ENCODING k, HSET k f short, OBJECT ENCODING k",
                "HSETNX k {long} v, OBJECT ENCODING k, COPY k j, OBJECT ENCODING j, RENAME j i, OBJECT ENCODING i",
                "HINCRBYFLOAT k f 1e70, OBJECT ENCODING k, HGET k f",
                "RPUSH k {200}, OBJECT ENCODING k, LLEN k, LRANGE k 190 300, LINDEX k -200, LINDEX k -201, LPOP k 5, RPOP k 300, EXISTS k",
                "RPUSH k a b a c a, LREM k -2 a, LRANGE k 0 -1, LPOS k a RANK -1, LMOVE k j LEFT RIGHT, LMOVE k k LEFT RIGHT, LRANGE k 0 -1, LRANGE j 0 -1",
                "RPUSH k a b c, LTRIM k 5 9, EXISTS k, LPOP k, LPOP k 0, RPUSH k a, LPOP k 0, LMPOP 2 j k LEFT COUNT 7, TYPE k, LMPOP 2 j k LEFT",
                "SADD k 3 1 2, OBJECT ENCODING k, SMEMBERS k, SADD k 01, OBJECT ENCODING k, SREM k 01, OBJECT ENCODING k",
                "SADD k 1 2, SADD j 2 3 x, SINTERSTORE i k j, OBJECT ENCODING i, SUNIONSTORE i k j, OBJECT ENCODING i, SDIFFSTORE i j k, OBJECT ENCODING i, SDIFFSTORE i k j, OBJECT ENCODING i",
                "SADD k {1..512}, OBJECT ENCODING k, SADD k 513, OBJECT ENCODING k, SREM k 513, OBJECT ENCODING k",
                "SADD k 5 -7 100, SSCAN k 0 COUNT 1, SRANDMEMBER k 5, SPOP k 5, EXISTS k",
                "HSET k  v, HSCAN k 0 MATCH *, HSCAN k 0 MATCH **, HSCAN k 0 MATCH , DEL k, SET  v, KEYS *, KEYS **",
                "SADD k 1 x, SMOVE k j 1, OBJECT ENCODING j, SMOVE k j x, OBJECT ENCODING j, EXISTS k",
                "ZADD k 1 a -0 b, OBJECT ENCODING k, ZADD k 1 {long}, OBJECT ENCODING k, ZADD k -0 c, ZRANGE k 0 -1 WITHSCORES, ZREM k {long}, OBJECT ENCODING k, COPY k j, OBJECT ENCODING j",
                "ZADD k 1 {64}x, OBJECT ENCODING k, ZADD k 1 {long}, OBJECT ENCODING k, ZREM k {64}x, ZSCAN k 0, ZADD k 1e17 {long}, ZSCAN k 0",
                "ZADD k {1..256}, OBJECT ENCODING k, ZADD k -0 0, OBJECT ENCODING k, ZCARD k, ZRANGE k 120 200 WITHSCORES, ZRANK k 200, ZREVRANGE k 0 3, ZRANGEBYSCORE k (17 31 LIMIT 2 3, ZSCORE k 0",
                "ZADD k {1..256}, ZADD k -0 0, ZRANGESTORE j k 0 -1, ZSCORE j 0, ZRANGESTORE j k -inf +inf BYSCORE, ZSCORE j 0, OBJECT ENCODING j, ZRANGESTORE j k 0 127, OBJECT ENCODING j, ZSCORE j 0",
                "ZADD k {1..256}, ZADD k -0 0, ZUNIONSTORE j 1 k, OBJECT ENCODING j, ZSCORE j 0, ZADD i 1 0 1 2, ZINTERSTORE j 2 k i, OBJECT ENCODING j, ZSCORE j 0, ZDIFFSTORE j 2 k i, OBJECT ENCODING j, ZDIFFSTORE j 2 i k, EXISTS j",
                "SADD s a b {long}, ZUNIONSTORE j 1 s, OBJECT ENCODING j, ZDIFFSTORE j 1 s, OBJECT ENCODING j, ZUNIONSTORE s 1 s, TYPE s, ZINTERSTORE s 2 s none, EXISTS s",
                "ZADD a inf m, ZADD b -inf m, ZUNION 2 a b WITHSCORES, ZINTER 2 a b WITHSCORES, ZUNION 2 a b WITHSCORES WEIGHTS 0 1 AGGREGATE MAX, ZINTER 2 b a WITHSCORES WEIGHTS 1 0 AGGREGATE MIN",
                "ZADD a 0.3 m 1 x 1 y, ZADD b 0.2 m 1 x, ZADD c 0.1 m, ZUNION 3 a b c WITHSCORES, ZINTER 3 a b c WITHSCORES, ZUNION 3 c b a WITHSCORES",
                "ZADD k 0 a 0 b 0 c, ZRANGEBYLEX k - (c, ZRANGEBYLEX k (a +, ZREVRANGEBYLEX k (c (a, ZLEXCOUNT k (a (c",
                "ZADD k 1 a, EXPIRE k 100, ZADD k 2 b, TTL k, ZUNIONSTORE k 1 k, TTL k, EXPIRE k 100, ZRANGESTORE k k 0 -1, TTL k, ZPOPMIN k 5, EXISTS k",
                "ZADD k 0 a 0 b 0 c 1 bb, ZRANGEBYLEX k [b [c, ZRANGEBYLEX k [bb +, ZREVRANGEBYLEX k [bb -, ZLEXCOUNT k - +, ZRANGE k 0 -1 LIMIT 1 -1, ZREMRANGEBYLEX k (a [c, ZRANGE k 0 -1",
            })
    void areHeldAsRedisHoldsThem(String script) {
        assertThat(answers(fake.port(), script)).isEqualTo(answers(real.port(), script));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HSET k {200}, HRANDFIELD k 3",
                "HSET k {200}, HRANDFIELD k -300",
                "HSET k {200}, HRANDFIELD k 30 WITHVALUES",
                "HSET k {200}, HRANDFIELD k -300 WITHVALUES",
                "HSET k {200}, HRANDFIELD k",
                "HSET k f v, HRANDFIELD k -3",
                "SADD k {100}, SRANDMEMBER k 30",
                "SADD k {100}, SRANDMEMBER k -300",
                "SADD k {100}, SPOP k 30",
                "SADD s {200}, ZUNIONSTORE k 1 s, ZRANDMEMBER k 30",
                "SADD s {200}, ZUNIONSTORE k 1 s, ZRANDMEMBER k -300",
                "SADD s {200}, ZUNIONSTORE k 1 s, ZRANDMEMBER k 30 WITHSCORES",
                "SADD s {200}, ZUNIONSTORE k 1 s, ZRANDMEMBER k -300 WITHSCORES",
                "SADD s {200}, ZUNIONSTORE k 1 s, ZRANDMEMBER k",
                "ZADD k 1 e, ZRANDMEMBER k -3",
            })
    void giveAsManyElementsByChanceAsRedisDoes(String script) {
        List<String> ours = answers(fake.port(), script);
        List<String> theirs = answers(real.port(), script);
        assertThat(shape(ours)).isEqualTo(shape(theirs));
    }

    /** What can be told of elements that chance has chosen: how many, and whether one came twice. */
    private static String shape(List<String> answers) {
        String last = answers.get(answers.size() - 1);
        List<String> words = last.lines().filter(line -> line.startsWith("e")).toList();
        return last.lines().findFirst().orElseThrow().replaceFirst("^\\$.*", "one") + " "
                + (new HashSet<>(words).size() == words.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HSCAN", "SSCAN", "ZSCAN"})
    void showEveryElementThatStaysDuringAScan(String command) {
        for (int port : new int[] {fake.port(), real.port()}) {
            try (Wire wire = new Wire(port)) {
                wire.ask("FLUSHALL");
                add(wire, command, "stays");
                add(wire, command, "goes");
                Set<String> seen = new HashSet<>();
                String cursor = "0";
                int pages = 0;
                do {
                    List<String> lines = wire.ask(command, "k", cursor, "MATCH", "stays*", "COUNT", "20")
                            .lines()
                            .toList();
                    cursor = lines.get(2);
                    lines.stream().filter(line -> line.startsWith("stays")).forEach(seen::add);
                    wire.ask(REMOVERS.getOrDefault(command, ""), "k", "goes" + pages, "goes" + (999 - pages));
                    pages++;
                } while (!cursor.equals("0"));
                assertThat(seen).hasSize(1_000);
                assertThat(pages).isGreaterThan(20);
            }
        }
    }

    private static void add(Wire wire, String scan, String prefix) {
        for (int i = 0; i < 1_000; i++) {
            switch (scan) {
                case "HSCAN" -> wire.ask("HSET", "k", prefix + i, "v");
                case "SSCAN" -> wire.ask("SADD", "k", prefix + i);
                default -> wire.ask("ZADD", "k", "1", prefix + i);
            }
        }
    }
}
