package dev.cacheproof.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the environment says, in a JVM of its own. */
class SnapshotEnvironmentTests {

    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource(
            nullValues = "unset",
            value = {"unset, false", "'', false", "' False ', false", "true, true", "1, true"})
    void knowsACiServerByItsVariable(String value, boolean isSet) {
        assertThat(SnapshotCheck.isSet(value)).isEqualTo(isSet);
    }

    @Test
    void makesASnapshotWhereNoCiServerRuns() throws IOException, InterruptedException {
        assertThat(outputOfProbe("CI", "false")).isEqualTo("a");
        assertThat(snapshot()).hasContent("QUERY       db-1: select name from item where id = ?");
    }

    @Test
    void makesNoneOnACiServer() throws IOException, InterruptedException {
        assertThat(outputOfProbe("CI", "true")).startsWith("There is no snapshot \"checkout\" for the block at ");
        assertThat(snapshot()).doesNotExist();
    }

    private Path snapshot() {
        return root.resolve("dev/cacheproof/query/SnapshotProbe.checkout.snapshot");
    }

    private String outputOfProbe(String variable, String value) throws IOException, InterruptedException {
        Files.createDirectories(root.resolve("dev/cacheproof/query"));
        Files.createFile(root.resolve("dev/cacheproof/query/SnapshotProbe.java"));
        Path output = root.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-Dcacheproof.snapshots.root=" + root,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        SnapshotProbe.class.getName())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put(variable, value);
        Process process = builder.start();
        if (!process.waitFor(110, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8).strip();
    }
}
