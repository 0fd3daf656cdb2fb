package dev.cacheproof;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * The switches that a run is started with. Each is looked up as a parameter of the test platform, then as a system
 * property, then as an environment variable (in capitals, with underscores: {@code CACHEPROOF_MODE}).
 *
 * @param mode what failures do: {@code cacheproof.mode = enforce | report | off}
 * @param isolation which tests are isolated: {@code cacheproof.isolation = annotated | all}
 * @param deadlines whether waits end: {@code cacheproof.deadlines = on | off}, for debugging
 * @param values whether SQL parameters are shown in failure text: {@code cacheproof.values = shown | masked}
 * @param undeclared what becomes of a reset while a test runs that has not said which caches it uses:
 *     {@code cacheproof.undeclared = refused | trusted}
 * @param reports whether passing assertions tell what they counted: {@code cacheproof.reports = off | on}
 * @param snapshots what becomes of a snapshot that does not match: {@code cacheproof.snapshots = compare | update}
 * @param snapshotsRoot the folder below which snapshots lie, each in that of its test's package: {@code
 *     cacheproof.snapshots.root}; empty for {@code src/test/java} of the working directory
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Settings(
        Mode mode,
        Isolation isolation,
        Deadlines deadlines,
        Values values,
        Undeclared undeclared,
        Reports reports,
        Snapshots snapshots,
        Optional<Path> snapshotsRoot) {

    /**
     * What the environment sets, by the names of the settings. It does not change, and to ask for it anew at each operation
     * would cost more than to record the operation.
     */
    private static final Map<String, String> ENVIRONMENT = System.getenv().entrySet().stream()
            .filter(variable -> variable.getKey().matches("CACHEPROOF_[A-Z_]+"))
            .collect(Collectors.toUnmodifiableMap(
                    variable -> variable.getKey().toLowerCase(Locale.ROOT).replace('_', '.'), Map.Entry::getValue));

    /** What the toolkit does about what it finds. */
    public enum Mode {
        /** Resets caches, and fails tests. The default. */
        ENFORCE,
        /** Counts and observes; resets nothing, fails nothing, and reports what would have failed. */
        REPORT,
        /** Does nothing: blocks run as if they were not wrapped. */
        OFF;

        /**
         * Does with a failure what the mode says: throws it, {@linkplain #tell tells} it, or does nothing.
         *
         * @param failure the failure
         */
        @API(status = API.Status.INTERNAL, since = "0.1")
        public void enforce(AssertionError failure) {
            switch (this) {
                case ENFORCE -> throw failure;
                case REPORT -> tell(String.valueOf(failure.getMessage()));
                case OFF -> {}
            }
        }

        /**
         * Leaves with the test that the current thread works for what would fail if failures were enforced, as {@code
         * cacheproof.wouldFail}, and logs it.
         *
         * @param text what would fail
         */
        @API(status = API.Status.INTERNAL, since = "0.1")
        public static void tell(String text) {
            Optional<Scope> scope = Scope.current().map(Scope::root);
            scope.ifPresent(root -> root.report("cacheproof.wouldFail", text));
            String test = scope.flatMap(Scope::test)
                    .map(running -> running.name() + " ")
                    .orElse("");
            System.getLogger("dev.cacheproof")
                    .log(System.Logger.Level.WARNING, test + "would fail if enforced: " + text);
        }
    }

    /** Which tests start with cold caches. */
    public enum Isolation {
        /** Those that are annotated. The default. */
        ANNOTATED,
        /** All, where JUnit's extension auto-detection is switched on. */
        ALL
    }

    /** Whether waits end by themselves. */
    public enum Deadlines {
        /** They end, and explain what they waited for. The default. */
        ON,
        /** They go on, for a person with a debugger. */
        OFF
    }

    /** Whether the values of SQL parameters are shown. */
    public enum Values {
        /** Shown, as they are test data. The default. */
        SHOWN,
        /** Replaced by question marks. */
        MASKED
    }

    /** Whether a test that has not said which caches it uses may be running while a cache is reset. */
    public enum Undeclared {
        /** The reset is refused, and both tests are named: the other may lose what it counts on. The default. */
        REFUSED,
        /** It uses none, unless it was seen to: reads and writes of a watched cache are. */
        TRUSTED
    }

    /** Whether an isolated test publishes what its assertions counted, as report entries. */
    public enum Reports {
        /** Nothing is published. The default. */
        OFF,
        /** The keys {@code cacheproof.caching}, {@code .queries}, {@code .roundTrips}, {@code .loads} and {@code .snapshots} are published after each test. */
        ON
    }

    /** What becomes of a snapshot that is not what a test has recorded. */
    public enum Snapshots {
        /** The test fails. The default. */
        COMPARE,
        /** The snapshot is written anew. */
        UPDATE
    }

    /**
     * Returns the settings of the test that the current thread works for; outside of tests, of this JVM. A scope that was
     * opened outside of tests keeps those that there were then.
     *
     * @return the settings
     * @throws IllegalArgumentException if a setting has a value that is not allowed
     */
    public static Settings current() {
        Scope scope = ProcessState.thread().scope();
        return scope == null ? ofProcess() : scope.settings();
    }

    static Settings ofProcess() {
        return resolve(none -> Optional.empty());
    }

    /**
     * Looks the settings up.
     *
     * @param parameters the parameters of the test platform, asked first
     * @return the settings
     * @throws IllegalArgumentException if a setting has a value that is not allowed
     */
    public static Settings resolve(Function<String, Optional<String>> parameters) {
        Objects.requireNonNull(parameters, "parameters");
        return from(name -> parameters
                .apply(name)
                .or(() -> Optional.ofNullable(System.getProperty(name)))
                .or(() -> Optional.ofNullable(ENVIRONMENT.get(name))));
    }

    private static Settings from(Function<String, Optional<String>> texts) {
        return new Settings(
                value("cacheproof.mode", Mode.class, Mode.ENFORCE, texts),
                value("cacheproof.isolation", Isolation.class, Isolation.ANNOTATED, texts),
                value("cacheproof.deadlines", Deadlines.class, Deadlines.ON, texts),
                value("cacheproof.values", Values.class, Values.SHOWN, texts),
                value("cacheproof.undeclared", Undeclared.class, Undeclared.REFUSED, texts),
                value("cacheproof.reports", Reports.class, Reports.OFF, texts),
                value("cacheproof.snapshots", Snapshots.class, Snapshots.COMPARE, texts),
                texts.apply("cacheproof.snapshots.root").map(text -> folder("cacheproof.snapshots.root", text)));
    }

    private static Path folder(String name, String text) {
        try {
            if (!text.isBlank()) {
                return Path.of(text.strip());
            }
        } catch (InvalidPathException none) {
            // Told below.
        }
        throw new IllegalArgumentException(name + " is \"" + text + "\", but must be the path of a folder");
    }

    private static <E extends Enum<E>> E value(
            String name, Class<E> type, E absent, Function<String, Optional<String>> texts) {
        return texts.apply(name).map(text -> parse(name, type, text)).orElse(absent);
    }

    private static <E extends Enum<E>> E parse(String name, Class<E> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equalsIgnoreCase(text.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " is \"" + text + "\", but must be one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }
}
