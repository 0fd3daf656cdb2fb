package dev.cacheproof.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.util.ListStatistics;

/** A Spring Boot application's context is started for a test: in new JVMs by turns with and without the toolkit. */
final class SpringStartBenchmark {

    private static final int JVMS = 3;
    private static final int STARTS = 6;

    /** What is on the class path, and which start of a JVM is meant. */
    enum Setting implements Row {
        FIRST_WITHOUT("first in a JVM, without cacheproof"),
        FIRST_WITH("first in a JVM, with cacheproof"),
        FIRST_OFF("first in a JVM, with it, cacheproof.mode = off"),
        LATER_WITHOUT("later, without cacheproof"),
        LATER_WITH("later, with cacheproof"),
        LATER_OFF("later, with it, cacheproof.mode = off");

        private final String label;

        Setting(String label) {
            this.label = label;
        }

        @Override
        public String label() {
            return label;
        }

        @Override
        public boolean isBaseline() {
            return this == FIRST_WITHOUT || this == LATER_WITHOUT;
        }
    }

    private final Map<Setting, ListStatistics> results = new EnumMap<>(Setting.class);

    private SpringStartBenchmark() {
        for (Setting setting : Setting.values()) {
            results.put(setting, new ListStatistics());
        }
    }

    /** Measures, and prints a table. */
    static void run() throws IOException {
        SpringStartBenchmark benchmark = new SpringStartBenchmark();
        String with = System.getProperty("java.class.path");
        String without = Stream.of(with.split(File.pathSeparator))
                .filter(entry -> !isOfTheToolkit(Path.of(entry)))
                .collect(Collectors.joining(File.pathSeparator));
        for (int i = 0; i < JVMS; i++) {
            benchmark.start(Setting.FIRST_WITHOUT, Setting.LATER_WITHOUT, without, "enforce");
            benchmark.start(Setting.FIRST_WITH, Setting.LATER_WITH, with, "enforce");
            benchmark.start(Setting.FIRST_OFF, Setting.LATER_OFF, with, "off");
        }
        Table table = Table.of("A context of Spring Boot with JPA, HikariCP, H2 and 10 Caffeine caches is started,"
                + " in microseconds");
        benchmark.results.forEach(table::print);
    }

    /** The benchmarks themselves stay. */
    private static boolean isOfTheToolkit(Path entry) {
        try {
            if (Files.isDirectory(entry)) {
                return Files.isDirectory(entry.resolve("dev/cacheproof"))
                        && !Files.isDirectory(entry.resolve("dev/cacheproof/benchmarks"));
            }
            try (JarFile jar = new JarFile(entry.toFile())) {
                return jar.stream().anyMatch(file -> file.getName().startsWith("dev/cacheproof/"));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void start(Setting first, Setting later, String classPath, String mode) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dcacheproof.mode=" + mode,
                "-classpath",
                classPath,
                SpringStart.class.getName(),
                Integer.toString(STARTS)));
        Process process =
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        List<String> lines;
        try (var output = process.inputReader()) {
            lines = output.lines().toList();
        }
        String started = lines.stream()
                .filter(line -> line.startsWith("started "))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No context has started: " + lines));
        String[] nanos = started.split(" ", -1);
        add(first, nanos[1]);
        for (int i = 2; i < nanos.length; i++) {
            add(later, nanos[i]);
        }
    }

    private void add(Setting setting, String nanos) {
        Objects.requireNonNull(results.get(setting)).addValue(Long.parseLong(nanos) / 1e3);
    }
}
