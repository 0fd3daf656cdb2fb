package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fake answers as redis-server does: the same random commands to both, compared byte by byte. */
@Tag("real-server")
class DifferentialTests {

    private static final int SEQUENCES = 125;
    private static final int STEPS = 44;

    private static RealRedis real;

    @BeforeAll
    static void startServer() {
        real = RealRedis.start();
    }

    @AfterAll
    static void stopServer() {
        real.close();
    }

    @ParameterizedTest(name = "RESP{0}, pipelined: {1}")
    @CsvSource({"2, false", "2, true", "3, false", "3, true"})
    void answersAsRedisDoes(int protocol, boolean pipelined) {
        int firstSeed = Integer.getInteger("cacheproof.seed", 1);
        try (Comparison comparison = new Comparison(real, protocol, pipelined)) {
            for (int seed = firstSeed; seed < firstSeed + SEQUENCES; seed++) {
                List<Step> steps = new RandomCommands(seed * 4L + protocol + (pipelined ? 1 : 0)).steps(STEPS);
                if (comparison.difference(steps) != null) {
                    List<Step> fewest = shrink(steps, some -> comparison.difference(some) != null);
                    throw new AssertionError(
                            "The fake differs from redis-server, RESP" + protocol + ", seed " + seed + "\n"
                                    + fewest.stream().map(Step::toString).collect(Collectors.joining("\n")) + "\n"
                                    + comparison.difference(fewest));
                }
            }
            assertThat(comparison.replies).as("replies compared").isGreaterThan(5_000);
        }
    }

    @ParameterizedTest(name = "RESP{0}")
    @ValueSource(ints = {2, 3})
    void readsAndPrintsNumbersAsRedisDoes(int protocol) {
        Random random = new Random(Integer.getInteger("cacheproof.seed", 1));
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            String number = switch (i % 4) {
                case 0 -> String.valueOf(Double.longBitsToDouble(random.nextLong()));
                case 1 -> Double.toHexString(random.nextGaussian());
                case 2 -> random.nextInt(10_000) + "." + random.nextInt(10_000);
                default -> (random.nextLong() >> random.nextInt(64)) + "e" + (random.nextInt(40) - 20);
            };
            steps.add(Step.command(0, List.of("ZADD", "a", number, "a")));
            steps.add(Step.command(0, List.of("ZINCRBY", "a", "0.1", "a")));
            steps.add(Step.command(0, List.of("ZCOUNT", "a", number, number)));
        }
        try (Comparison comparison = new Comparison(real, protocol, true)) {
            assertThat(comparison.difference(steps)).isNull();
        }
    }

    /** Leaves out ever smaller parts, as long as the rest still differs. */
    static List<Step> shrink(List<Step> steps, Predicate<List<Step>> differs) {
        List<Step> fewest = steps;
        for (int part = steps.size() / 2; part >= 1; part = part == 1 ? 0 : part / 2) {
            for (int at = 0; at + part <= fewest.size(); ) {
                List<Step> rest = new ArrayList<>(fewest.subList(0, at));
                rest.addAll(fewest.subList(at + part, fewest.size()));
                if (!rest.isEmpty() && differs.test(rest)) {
                    fewest = rest;
                } else {
                    at += part;
                }
            }
        }
        return fewest;
    }

    @Test
    void shrinksToTheStepsThatMatter() {
        List<Step> steps = new RandomCommands(1).steps(40);
        Step one = Step.command(0, List.of("ECHO", "one"));
        Step other = Step.command(1, List.of("ECHO", "other"));
        steps.add(7, one);
        steps.add(31, other);

        assertThat(shrink(steps, some -> some.contains(one) && some.contains(other)))
                .containsExactly(one, other);
    }
}
