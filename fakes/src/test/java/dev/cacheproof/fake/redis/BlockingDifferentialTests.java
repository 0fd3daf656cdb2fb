package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who waits, who is given what, and when a wait is over: the same on the fake as on redis-server. */
@Tag("real-server")
class BlockingDifferentialTests {

    private static final int SEQUENCES = 60;
    private static final int STEPS = 40;

    private static final List<String> BLOCKING = List.of(
            "BLPOP {key} {timeout}",
            "BLPOP {key} {key} {timeout}",
            "BRPOP {key} {key} {key} {timeout}",
            "BLMOVE {key} {key} LEFT RIGHT {timeout}",
            "BLMOVE {key} {key} RIGHT LEFT {timeout}",
            "BLMOVE {key} {key} UP LEFT {timeout}",
            "BRPOPLPUSH {key} {key} {timeout}",
            "BLMPOP {timeout} 2 {key} {key} LEFT",
            "BLMPOP {timeout} 1 {key} RIGHT COUNT 2",
            "BLMPOP {timeout} 2 {key} LEFT COUNT 0",
            "BZPOPMIN {key} {timeout}",
            "BZPOPMAX {key} {key} {timeout}",
            "BZMPOP {timeout} 2 {key} {key} MAX COUNT 2",
            "BZMPOP {timeout} 1 {key} MIN");

    private static final List<String> OTHERS = List.of(
            "RPUSH {key} {value}",
            "RPUSH {key} {value} {value} {value}",
            "LPUSH {key} {value} {value}",
            "ZADD {key} 1 {value}",
            "ZADD {key} 1 {value} 0.1 {value} 3 {value}",
            "SADD {key} {value}",
            "SET {key} {value}",
            "DEL {key}",
            "DEL {key} {key} {key}",
            "RENAME {key} {key}",
            "COPY {key} {key} REPLACE",
            "LMOVE {key} {key} LEFT LEFT",
            "LPOP {key}",
            "ZPOPMIN {key}",
            "ZUNIONSTORE {key} 1 {key}",
            "ZRANGESTORE {key} {key} 0 -1",
            "LRANGE {key} 0 -1",
            "ZRANGE {key} 0 -1 WITHSCORES",
            "EXISTS a b c",
            "FLUSHDB",
            "MULTI",
            "MULTI",
            "EXEC",
            "EXEC",
            "EXEC",
            "DISCARD",
            "WATCH {key}",
            "PEXPIRE {key} 500",
            "SELECT {database}",
            "CLIENT UNBLOCK @id1",
            "CLIENT UNBLOCK @id2 ERROR",
            "CLIENT UNBLOCK @id3 TIMEOUT",
            "CLIENT UNBLOCK @id1 {value}",
            "CLIENT UNBLOCK {value} ERROR");

    private static RealRedis real;

    @BeforeAll
    static void startServer() {
        real = RealRedis.start();
    }

    @AfterAll
    static void stopServer() {
        real.close();
    }

    @ParameterizedTest(name = "RESP{0}")
    @ValueSource(ints = {2, 3})
    void waitsAsRedisDoes(int protocol) throws InterruptedException {
        int firstSeed = Integer.getInteger("cacheproof.seed", 1);
        try (BlockingComparison comparison = new BlockingComparison(real, protocol)) {
            for (int seed = firstSeed; seed < firstSeed + SEQUENCES; seed++) {
                List<Step> steps = steps(new Random(seed));
                if (comparison.difference(steps) != null) {
                    List<Step> fewest = DifferentialTests.shrink(steps, some -> difference(comparison, some) != null);
                    throw new AssertionError(
                            "The fake differs from redis-server, RESP" + protocol + ", seed " + seed + "\n"
                                    + fewest.stream().map(Step::toString).collect(Collectors.joining("\n")) + "\n"
                                    + comparison.difference(fewest));
                }
            }
            assertThat(comparison.ends).as("waits that ended").isGreaterThan(100);
        }
    }

    private static @Nullable String difference(BlockingComparison comparison, List<Step> steps) {
        try {
            return comparison.difference(steps);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first connection never waits, so that there is always somebody who brings something. */
    private static List<Step> steps(Random random) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            if (random.nextInt(10) == 0) {
                steps.add(Step.pass(pick(random, List.of(1L, 499L, 500L, 501L, 1_000L, 1_001L))));
                continue;
            }
            int connection = random.nextInt(4);
            boolean blocks = connection > 0 && random.nextInt(3) > 0;
            List<String> words = new ArrayList<>();
            for (String part : pick(random, blocks ? BLOCKING : OTHERS).split(" ", -1)) {
                words.add(fill(random, part));
            }
            steps.add(Step.command(connection, words));
        }
        return steps;
    }

    private static String fill(Random random, String part) {
        return switch (part) {
            case "{key}" -> pick(random, List.of("a", "b", "c"));
            case "{value}" -> pick(random, List.of("x", "y", "z"));
            case "{database}" -> pick(random, List.of("0", "0", "0", "1"));
            case "{timeout}" ->
                random.nextInt(8) == 0
                        ? pick(
                                random,
                                List.of("-1", "", "x", "-0", "-0.0001", "1e400", "inf", "nan", "9223372036854775"))
                        : pick(random, List.of("0", "0", "1", "0.5", "0.001", "0.0001", "1.5"));
            default -> part;
        };
    }

    private static <T> T pick(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
