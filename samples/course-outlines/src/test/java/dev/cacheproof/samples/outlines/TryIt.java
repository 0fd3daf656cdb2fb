package dev.cacheproof.samples.outlines;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.samples.tiered.JedisRemoteCache;
import dev.cacheproof.samples.tiered.RequestScope;
import dev.cacheproof.samples.tiered.Serializer;
import dev.cacheproof.samples.tiered.TierPolicy;
import dev.cacheproof.samples.tiered.TieredCache;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/**
 * Runs the tests of this sample, and then its broken twins, and prints what was counted and what was caught. Exits with 1 if
 * a test failed or a twin got away.
 */
final class TryIt {

    private static final List<Class<?>> TESTS = List.of(
            CourseOutlineTests.class,
            RequestTests.class,
            ThemeTests.class,
            AnnouncementTests.class,
            EnrollmentTests.class);

    private static final List<Class<?>> BROKEN_TWINS = List.of(
            EmptyResultTestCase.class,
            NullMemoTestCase.class,
            UnversionedKeyTestCase.class,
            AmbiguousNullTestCase.class,
            HiddenQueryTestCase.class,
            NoOpCacheTestCase.class,
            SwallowedDeleteTestCase.class,
            WarmedByAnotherTestCase.Isolated.class);

    private final PrintStream out;
    private final Tally passed = new Tally();
    private final Tally survived = new Tally();
    private final Tally caught = new Tally();

    TryIt(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (!new TryIt(out).run()) {
            System.exit(1);
        }
    }

    /** Prints everything, and says whether the tests passed and each twin was caught. */
    boolean run() throws IOException {
        out.println("cacheproof: the caching of an application over PostgreSQL and Redis, put to the proof");
        List<Class<?>> all = new ArrayList<>(TESTS);
        all.add(RedisConditionTests.class);
        all.addAll(BROKEN_TWINS);
        Results results = execute(all);
        out.println("\nThe tests of samples/course-outlines\n");
        results.of(TESTS).forEach(this::printTest);
        out.println("\nIn each condition of its Redis, for a minute: the answers are right, and caching resumes\n");
        for (Condition condition : Condition.values()) {
            printCondition(condition, results);
        }
        out.println("\nIts broken twins: the same tests, on code with one mistake\n");
        BROKEN_TWINS.forEach(twin -> printTwin(twin, results));
        printThemes();
        printTiers();
        out.printf(
                "%n%s tests passed; the outline survived %s conditions; %s broken twins were caught%n",
                passed, survived, caught);
        return passed.isComplete() && survived.isComplete() && caught.isComplete();
    }

    /** How many of how many ended as they should. */
    private static final class Tally {
        private int good;
        private int all;

        boolean count(boolean isGood) {
            all++;
            good += isGood ? 1 : 0;
            return isGood;
        }

        boolean isComplete() {
            return good == all && all > 0;
        }

        @Override
        public String toString() {
            return good + " of " + all;
        }
    }

    private static Results execute(List<Class<?>> classes) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(classes.stream().map(type -> selectClass(type)).toList())
                .configurationParameter("cacheproof.reports", "on")
                .build();
        Results results = new Results();
        LauncherFactory.create().execute(request, results);
        return results;
    }

    private void printTest(Result result) {
        boolean isGood = passed.count(result.failure().isEmpty());
        out.printf("  %s  %s%n", isGood ? "passed" : "FAILED", result.name());
        result.entries().forEach((key, value) -> out.println("          " + line(key, value)));
        result.failure().ifPresent(failure -> out.println(failure.toString().indent(10)));
    }

    private void printCondition(Condition condition, Results results) {
        Optional<Result> run = results.of(List.of(RedisConditionTests.class)).stream()
                .filter(result -> result.name().endsWith("> " + condition))
                .findFirst();
        boolean isGood = survived.count(run.isPresent() && run.get().failure().isEmpty());
        String afterwards =
                run.map(result -> result.entries().get("cacheproof.caching")).orElse("");
        out.printf(
                "  %s  %-14s  afterwards %s%n",
                isGood ? "survived" : "FAILED  ", condition, afterwards.replaceFirst(";.*", ""));
        run.flatMap(Result::failure)
                .ifPresent(failure -> out.println(failure.toString().indent(10)));
    }

    private static String line(String key, String value) {
        String then = value.replace("\n", ", then ");
        return switch (key) {
            case "cacheproof.queries" -> "queries " + then;
            case "cacheproof.roundTrips" -> "cache round trips " + then;
            default -> value;
        };
    }

    private void printTwin(Class<?> twin, Results results) {
        Optional<Throwable> failure = results.of(List.of(twin)).stream()
                .flatMap(result -> result.failure().stream())
                .findFirst();
        boolean onlyIsolated = twin == WarmedByAnotherTestCase.Isolated.class;
        boolean isHidden = !onlyIsolated || isGreen(WarmedByAnotherTestCase.Shared.class);
        boolean isGood = caught.count(failure.isPresent() && isHidden);
        out.printf("  %s  %s%n", isGood ? "caught" : "GOT AWAY", results.displayName(twin));
        if (onlyIsolated) {
            out.println("          (without @CacheIsolation it " + (isHidden ? "passes" : "FAILS") + ")");
        }
        failure.ifPresent(thrown -> out.println("\n"
                + String.valueOf(thrown.getMessage())
                        .indent(2)
                        .replace("\n  ", "\n  | ")
                        .replaceFirst("^  ", "  | ")));
    }

    private static boolean isGreen(Class<?> type) {
        List<Class<?>> alone = List.of(type);
        return execute(alone).of(alone).stream()
                .allMatch(result -> result.failure().isEmpty());
    }

    /** A page asks for its theme again and again; the figures are this machine's, and nothing is asserted about them. */
    private void printThemes() throws IOException {
        Path root = Files.createTempDirectory("themes");
        ThemeFiles files = new ThemeFiles(root);
        Themes themes = new Themes(site -> find(files, site));
        out.println("What the theme cache saves: 300 look-ups in one page, microseconds for each page\n");
        out.println("            median     p95     p99");
        out.println("  files  " + PageTimes.of(() -> find(files, "physics")));
        out.println("  cache  " + PageTimes.of(() -> themes.find("physics")));
        Files.delete(root);
    }

    /** Why a request remembers what it has asked the remote cache: flags are looked up hundreds of times in one. */
    private void printTiers() {
        try (FakeRedis redis = FakeRedis.start();
                UnifiedJedis client = RedisClient.create(redis.uri());
                RequestScope request = RequestScope.open()) {
            JedisRemoteCache remote = new JedisRemoteCache(client, "courses", "flags");
            TieredCache<String> flags = new TieredCache<>("flags", remote, Serializer.ofText(), TierPolicy.usual());
            flags.setAllTiers("dark-mode", "on", Duration.ofMinutes(1));
            out.println(
                    "\nWhat the tiers cost: 300 look-ups of a flag in one request, microseconds for each request\n");
            out.println("              median     p95     p99");
            out.println("  remote   " + PageTimes.of(() -> remote.get("dark-mode")));
            out.println("  request  " + PageTimes.of(() -> flags.get("dark-mode")));
        }
    }

    private static Optional<Theme> find(ThemeFiles files, String site) {
        try {
            return files.find(site);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** How one test ended, and what it reported. */
    private record Result(String name, Optional<Throwable> failure, Map<String, String> entries) {}

    /** Collects what the launcher tells, from whatever thread. */
    private static final class Results implements TestExecutionListener {
        private final Map<String, Map<String, String>> entries = new ConcurrentHashMap<>();
        private final Map<String, Result> results = new ConcurrentHashMap<>();
        private final Map<String, String> classes = new ConcurrentHashMap<>();

        @Override
        public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
            entries.computeIfAbsent(test.getUniqueId(), id -> new ConcurrentHashMap<>())
                    .putAll(entry.getKeyValuePairs());
        }

        @Override
        public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
            String id = identifier.getUniqueId();
            if (identifier.isTest() || result.getThrowable().isPresent()) {
                results.put(
                        id,
                        new Result(
                                className(id) + " > " + identifier.getDisplayName(),
                                result.getThrowable(),
                                new TreeMap<>(entries.getOrDefault(id, Map.of()))));
            } else {
                classes.put(id, identifier.getDisplayName());
            }
        }

        private static String className(String id) {
            String name = id.replaceFirst(".*\\[(?:nested-)?class:([^]]+)].*", "$1");
            return name.substring(name.lastIndexOf('.') + 1).replaceFirst(".*\\$", "");
        }

        List<Result> of(List<Class<?>> types) {
            return types.stream()
                    .flatMap(type -> new TreeMap<>(results)
                            .entrySet().stream()
                                    .filter(entry -> isOf(entry.getKey(), type))
                                    .map(Map.Entry::getValue))
                    .toList();
        }

        String displayName(Class<?> type) {
            return classes.entrySet().stream()
                    .filter(entry -> isOf(entry.getKey(), type))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(type.getSimpleName());
        }

        private static boolean isOf(String id, Class<?> type) {
            return id.contains("[class:" + type.getName() + "]");
        }
    }
}
