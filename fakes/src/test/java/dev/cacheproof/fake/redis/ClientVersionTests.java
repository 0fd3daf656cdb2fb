package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.TestClock;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.AssertionFailedError;
import org.slf4j.LoggerFactory;

/**
 * Clients of several versions work with the fake, each with its default settings and in a JVM of its own, since Lettuce 6
 * does not work in a class loader beside another version. The build puts their jars under {@code target/clients}.
 */
class ClientVersionTests {

    private static final Path CLIENTS = Path.of("target", "clients");
    private static final int MOST_SECONDS = 60;

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "jedis-6, JedisScenario JedisPooledScenario",
        "jedis-8, JedisScenario RedisClientScenario JedisCachingScenario",
        "lettuce-6.6, LettuceScenario LettuceCachingScenario",
        "lettuce-6.8, LettuceScenario LettuceCachingScenario",
    })
    void workWithTheFake(String client, String scenarios, @TempDir Path directory) throws Exception {
        List<String> names = List.of(scenarios.split(" "));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classPath(client), ScenarioMain.class.getName()));
        command.addAll(names);
        Path output = directory.resolve("output");

        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
            String text = Files.readString(output);
            assertThat(ended).as("ended within %s s: %s", MOST_SECONDS, text).isTrue();
            assertThat(process.exitValue()).as(text).isZero();
            assertThat(text.lines())
                    .containsAll(names.stream().map(each -> each + " passed").toList());
        } finally {
            process.destroyForcibly();
        }
    }

    /** The client's own jars come first; of what the fake and the scenarios need, nothing else brings a client. */
    private static String classPath(String client) throws IOException {
        try (Stream<Path> jars = Files.list(CLIENTS.resolve(client))) {
            Stream<String> rest = Stream.of(
                            FakeRedis.class,
                            ScenarioMain.class,
                            TestClock.class,
                            Assertions.class,
                            AssertionFailedError.class,
                            LoggerFactory.class)
                    .map(each -> each.getProtectionDomain().getCodeSource().getLocation())
                    .map(each -> Path.of(URI.create(each.toString())).toString());
            return Stream.concat(jars.sorted().map(Path::toString), rest)
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "JedisScenario",
                "JedisPooledScenario",
                "RedisClientScenario",
                "JedisCachingScenario",
                "LettuceScenario",
                "LettuceCachingScenario",
            })
    void workWithTheFakeInTheVersionsThatItIsCompiledOn(String scenario) throws Exception {
        ScenarioMain.scenario(scenario).run();
    }
}
