package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.TestClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Listeners to events about keys are told what redis-server tells them: of the same random commands, byte by byte, in order. */
@Tag("real-server")
class KeyspaceEventDifferentialTests {

    private static final int SEQUENCES = 100;
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

    @ParameterizedTest(name = "{0}, pipelined: {1}")
    @CsvSource({"KEAnm, false", "KEAnm, true", "Kg$x, false", "Elzm, true"})
    void tellWhatRedisTells(String events, boolean pipelined) {
        int firstSeed = Integer.getInteger("cacheproof.seed", 1);
        try (Comparison comparison = new Comparison(real, 2, pipelined, events)) {
            for (int seed = firstSeed; seed < firstSeed + SEQUENCES; seed++) {
                List<Step> steps = new RandomCommands(seed * 31L).steps(STEPS);
                if (comparison.difference(steps) != null) {
                    List<Step> fewest = DifferentialTests.shrink(steps, some -> comparison.difference(some) != null);
                    throw new AssertionError("The fake differs from redis-server, " + events + ", seed " + seed + "\n"
                            + fewest.stream().map(Step::toString).collect(Collectors.joining("\n")) + "\n"
                            + comparison.difference(fewest));
                }
            }
            assertThat(comparison.messages()).as("messages compared").isGreaterThan(100);
        }
    }

    @Test
    void readAndTellTheSettingAsRedisDoes() {
        Random random = new Random(1);
        String letters = "Ag$lshzxeKEtmdn";
        try (FakeRedis fake = FakeRedis.builder().clock(TestClock.create()).start();
                Wire ofFake = new Wire(fake.port());
                Wire ofReal = new Wire(real.port())) {
            for (int i = 0; i < 300; i++) {
                StringBuilder setting = new StringBuilder();
                for (int length = random.nextInt(8); length > 0; length--) {
                    setting.append(letters.charAt(random.nextInt(letters.length())));
                }
                if (random.nextInt(20) == 0) {
                    setting.append(random.nextBoolean() ? "q" : "a");
                }
                List<String> expected = new ArrayList<>();
                List<String> actual = new ArrayList<>();
                for (String[] each : new String[][] {
                    {"CONFIG", "SET", KeyspaceEvents.SETTING, setting.toString()},
                    {"CONFIG", "GET", KeyspaceEvents.SETTING}
                }) {
                    expected.add(ofReal.ask(each));
                    actual.add(ofFake.ask(each));
                }
                assertThat(actual).as(setting.toString()).isEqualTo(expected);
            }
            ofReal.ask("CONFIG", "SET", KeyspaceEvents.SETTING, "");
        }
    }
}
