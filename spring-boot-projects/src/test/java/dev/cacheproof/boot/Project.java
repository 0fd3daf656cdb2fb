package dev.cacheproof.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A project of a user, in a folder of its own, built by the Maven that builds us. */
record Project(Path folder, Path repository) {

    private static final int LINES_SHOWN = 80;

    /** Neither Maven nor the tests run long enough to earn back what their best compiler takes. */
    private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    /** What a build came to. */
    record Build(boolean succeeded, Path output, int tests, int failed, int skipped) {

        Build passes(int expected) throws IOException {
            assertThat(succeeded && tests == expected && failed == 0 && skipped == 0)
                    .as(
                            "%d tests passed; there were %d, %d failed, %d skipped. The end of %s:%n%s",
                            expected, tests, failed, skipped, output, end())
                    .isTrue();
            return this;
        }

        String text() throws IOException {
            return Files.readString(output);
        }

        private String end() throws IOException {
            List<String> lines = Files.readAllLines(output);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
        }
    }

    /**
     * Puts a project together from the folders of the resources that it is made of; and from those of the same names with the
     * number of the Spring Boot, such as {@code shop-4}, where it is told what each has in another place.
     */
    static Project of(Path folder, Path repository, String springBoot, String cacheproof, String... parts)
            throws IOException {
        Path resources = Path.of("src/test/resources");
        String ofBoot = "-" + springBoot.split("\\.", -1)[0];
        for (String part : parts) {
            for (String name : List.of(part, part + ofBoot)) {
                if (Files.isDirectory(resources.resolve(name))) {
                    copy(resources.resolve(name), folder, springBoot, cacheproof);
                }
            }
        }
        return new Project(folder, repository);
    }

    private static void copy(Path from, Path folder, String springBoot, String cacheproof) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                Path to = folder.resolve(from.relativize(each));
                Files.createDirectories(to.getParent());
                Files.writeString(
                        to,
                        Files.readString(each)
                                .replace("@spring-boot.version@", springBoot)
                                .replace("@cacheproof.version@", cacheproof));
            }
        }
    }

    /** Runs the project's tests. */
    Build test(String name, String... properties) throws IOException, InterruptedException {
        Path reports = folder.resolve("target/surefire-reports");
        if (Files.isDirectory(reports)) {
            UsersRepository.delete(reports);
        }
        Path output = folder.resolve(name + ".log");
        List<String> command = new ArrayList<>(
                List.of(maven(), "-B", "-ntp", "-Dmaven.repo.local=" + repository, "-DargLine=" + SHORT_LIVED));
        String settings = System.getProperty("maven.settings", "");
        if (Files.isRegularFile(Path.of(settings))) {
            command.addAll(List.of("-s", settings));
        }
        Arrays.stream(properties).map(property -> "-D" + property).forEach(command::add);
        command.add("test");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().merge("MAVEN_OPTS", SHORT_LIVED, (given, ours) -> given + " " + ours);
        // What the build around this one was given is not meant for this one.
        builder.environment().keySet().removeAll(List.of("MAVEN_ARGS", "CACHEPROOF_MODE", "CACHEPROOF_ISOLATION"));
        Process process = builder.start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(8, TimeUnit.MINUTES);
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        return build(ended && process.exitValue() == 0, output, reports);
    }

    private static String maven() {
        String launcher = System.getProperty("os.name").startsWith("Windows") ? "mvn.cmd" : "mvn";
        String home = System.getProperty("maven.home", "");
        Path ofHome = Path.of(home, "bin", launcher);
        return !home.isEmpty() && Files.isExecutable(ofHome) ? ofHome.toString() : launcher;
    }

    private static Build build(boolean succeeded, Path output, Path reports) throws IOException {
        int[] sums = new int[4];
        if (Files.isDirectory(reports)) {
            try (Stream<Path> files = Files.list(reports)) {
                for (Path report :
                        files.filter(file -> file.toString().endsWith(".xml")).toList()) {
                    String suite = Files.readString(report).lines().collect(Collectors.joining(" "));
                    String[] counts = {"tests", "failures", "errors", "skipped"};
                    for (int i = 0; i < counts.length; i++) {
                        sums[i] += count(counts[i], suite);
                    }
                }
            }
        }
        return new Build(succeeded, output, sums[0], sums[1] + sums[2], sums[3]);
    }

    private static int count(String attribute, String suite) {
        Matcher matcher = Pattern.compile("<testsuite [^>]*?\\b" + attribute + "=\"(\\d+)\"")
                .matcher(suite);
        assertThat(matcher.find()).as("%s in %s", attribute, suite).isTrue();
        return Integer.parseInt(matcher.group(1));
    }
}
