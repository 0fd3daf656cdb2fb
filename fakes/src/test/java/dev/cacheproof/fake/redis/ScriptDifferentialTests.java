package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts answer as they do on redis-server: written by hand and made up, compared byte by byte. */
@Tag("real-server")
class ScriptDifferentialTests {

    private static final int SEQUENCES = 150;
    private static final int STEPS = 10;

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
    void answerAsOnRedis(int protocol, boolean pipelined) {
        try (Comparison comparison = new Comparison(real, protocol, pipelined)) {
            SoftAssertions all = new SoftAssertions();
            for (String script : scripts()) {
                all.assertThat(comparison.difference(List.of(ScriptCorpus.eval(script))))
                        .isNull();
            }
            all.assertAll();
            assertThat(comparison.replies).isGreaterThan(600);
        }
    }

    private static List<String> scripts() {
        return Stream.concat(ScriptCorpus.lines().stream(), ScriptCorpus.ofClients().stream())
                .toList();
    }

    /** What one leaves behind, the next one finds: locks are taken, and counters run out. */
    @ParameterizedTest(name = "RESP{0}, pipelined: {1}")
    @CsvSource({"2, false", "3, true"})
    void answerAsOnRedisOneAfterTheOther(int protocol, boolean pipelined) {
        List<Step> steps = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            for (String script : ScriptCorpus.ofClients()) {
                steps.add(ScriptCorpus.eval(script));
            }
        }
        try (Comparison comparison = new Comparison(real, protocol, pipelined)) {
            assertThat(comparison.difference(steps)).isNull();
        }
    }

    @ParameterizedTest(name = "RESP{0}, in {1}")
    @CsvSource({"2, MULTI", "3, MULTI", "2, EVAL_RO", "3, EVAL_RO"})
    void answerAsOnRedisWhereLessIsAllowed(int protocol, String where) {
        try (Comparison comparison = new Comparison(real, protocol, true)) {
            for (String script : ScriptCorpus.ofClients()) {
                List<Step> steps = where.equals("MULTI")
                        ? List.of(
                                Step.command(0, List.of("MULTI")),
                                ScriptCorpus.eval(script),
                                ScriptCorpus.eval(script),
                                Step.command(0, List.of("EXEC")))
                        : List.of(ScriptCorpus.eval(where, script));
                assertThat(comparison.difference(steps)).isNull();
            }
        }
    }

    @ParameterizedTest(name = "RESP{0}, pipelined: {1}")
    @CsvSource({"2, false", "2, true", "3, false", "3, true"})
    void madeUpAnswerAsOnRedis(int protocol, boolean pipelined) {
        int firstSeed = Integer.getInteger("cacheproof.seed", 1);
        int sequences = Integer.getInteger("cacheproof.scripts", SEQUENCES);
        try (Comparison comparison = new Comparison(real, protocol, pipelined)) {
            for (int seed = firstSeed; seed < firstSeed + sequences; seed++) {
                List<Step> steps = new RandomScripts(seed * 4L + protocol + (pipelined ? 1 : 0)).steps(STEPS);
                if (comparison.difference(steps) != null) {
                    List<Step> fewest = DifferentialTests.shrink(steps, some -> comparison.difference(some) != null);
                    throw new AssertionError(
                            "The fake differs from redis-server, RESP" + protocol + ", seed " + seed + "\n"
                                    + fewest.stream().map(Step::toString).collect(Collectors.joining("\n")) + "\n"
                                    + comparison.difference(fewest));
                }
            }
            assertThat(comparison.replies).as("replies compared").isGreaterThan(1_000);
        }
    }

    @ParameterizedTest(name = "RESP{0}")
    @ValueSource(ints = {2, 3})
    void commandsOnScriptsAnswerAsOnRedis(int protocol) {
        String sha = "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"; // of return 1
        String other = "0".repeat(40);
        List<List<String>> commands = List.of(
                List.of("SCRIPT", "FLUSH"),
                List.of("EVALSHA", sha, "0"),
                List.of("SCRIPT", "EXISTS", sha),
                List.of("SCRIPT", "LOAD", "return 1"),
                List.of("SCRIPT", "EXISTS", sha, other, "x", sha.toUpperCase(Locale.ROOT)),
                List.of("EVALSHA", sha, "0"),
                List.of("EVALSHA", sha.toUpperCase(Locale.ROOT), "0"),
                List.of("EVALSHA_RO", sha, "0"),
                List.of("EVALSHA", "x", "0"),
                List.of("EVALSHA", other, "x"),
                List.of("EVALSHA", "x", "x"),
                List.of("EVALSHA", other, "1"),
                List.of("EVAL", "return 1", "x"),
                List.of("EVAL", "return 1", "-1"),
                List.of("EVAL", "return 1", "1"),
                List.of("EVAL", "return )", "1"),
                List.of("EVAL", "return KEYS[1]", "1", "key"),
                List.of("EVAL_RO", "return redis.call('set',KEYS[1],1)", "1", "key"),
                List.of("EVAL_RO", "#!lua\nreturn 1", "0"),
                List.of("EVAL_RO", "#!lua flags=no-writes\nreturn 1", "0"),
                List.of("EVAL"),
                List.of("EVAL", "return 1"),
                List.of("SCRIPT"),
                List.of("SCRIPT", "NOPE"),
                List.of("SCRIPT", "LOAD"),
                List.of("SCRIPT", "LOAD", "return )"),
                List.of("SCRIPT", "LOAD", "#!lua flags=x\nreturn 1"),
                List.of("SCRIPT", "EXISTS"),
                List.of("SCRIPT", "FLUSH", "ASYNC"),
                List.of("SCRIPT", "FLUSH", "SYNC"),
                List.of("SCRIPT", "FLUSH", "NOW"),
                List.of("SCRIPT", "FLUSH", "SYNC", "x"),
                List.of("SCRIPT", "KILL"),
                List.of("SCRIPT", "DEBUG", "NO"),
                List.of("SCRIPT", "DEBUG", "MAYBE"),
                List.of("SCRIPT", "HELP"),
                List.of("EVALSHA", sha, "0"));
        List<Step> steps = commands.stream().map(each -> Step.command(0, each)).toList();
        try (Comparison comparison = new Comparison(real, protocol, false)) {
            assertThat(comparison.difference(steps)).isNull();
        }
    }
}
