package dev.cacheproof;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a JVM of its own, for what a JVM is started with. */
record ForkedJvm(List<String> options, Map<String, String> environment) {

    static ForkedJvm with(String... options) {
        return new ForkedJvm(List.of(options), Map.of());
    }

    /** Runs it to its end, and returns its exit code and what it printed. */
    Result run(Class<?> main) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        Path output = Files.createTempFile("cacheproof", ".txt");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(110, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Result(-1, "still running after 110 s: " + read(output));
            }
            return new Result(process.exitValue(), read(output));
        } finally {
            Files.delete(output);
        }
    }

    /** Surefire may put all of the class path into the manifest of one jar; it tells the path in a property. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static String read(Path output) throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8).strip();
    }

    record Result(int exitCode, String output) {}
}
