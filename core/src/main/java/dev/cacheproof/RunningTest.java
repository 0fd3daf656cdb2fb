package dev.cacheproof;

import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A test while it runs, as the isolation engine sees it: which caches it may use without another test resetting them
 * under it. Thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RunningTest {

    private final String id;
    private final String name;
    private final Object run;
    private final @Nullable Set<String> claims;
    private final Settings settings;
    private volatile @Nullable CacheRegistry registry;
    private volatile Set<String> applications = Set.of();

    private RunningTest(String id, String name, Object run, @Nullable Set<String> claims, Settings settings) {
        this.id = Objects.requireNonNull(id, "id");
        this.name = Objects.requireNonNull(name, "name");
        this.run = Objects.requireNonNull(run, "run");
        this.claims = claims == null ? null : Set.copyOf(claims);
        this.settings = Objects.requireNonNull(settings, "settings");
    }

    /**
     * Describes a test that has locked the caches that it uses.
     *
     * @param id identifies the test in its run
     * @param name the name to show
     * @param run identifies the run: tests of different runs do not disturb each other
     * @param claims the ids of the process-global caches that it has locked
     * @param settings the settings of the run
     * @return the test
     */
    public static RunningTest claiming(String id, String name, Object run, Set<String> claims, Settings settings) {
        return new RunningTest(id, name, run, Objects.requireNonNull(claims, "claims"), settings);
    }

    /**
     * Describes a test that has locked nothing: it may be using any cache.
     *
     * @param id identifies the test in its run
     * @param name the name to show
     * @param run identifies the run
     * @param settings the settings of the run
     * @return the test
     */
    public static RunningTest undeclared(String id, String name, Object run, Settings settings) {
        return new RunningTest(id, name, run, null, settings);
    }

    /**
     * Gives the test caches of its own, beside those of the whole process.
     *
     * @param registry the caches that {@link CacheIsolationEngine#current()} is to work on in this test
     */
    public void registry(CacheRegistry registry) {
        this.registry = registry;
    }

    /**
     * Gives the test caches of its own, unless it has been given some.
     *
     * @param caches gives what {@link #registry(CacheRegistry)} takes; called at most once
     */
    public void registryIfAbsent(Supplier<CacheRegistry> caches) {
        if (registry == null) {
            registry = caches.get();
        }
    }

    /**
     * Says which applications the test runs in: one, and those around it. What is watched in others proves nothing for it, and
     * their caches are out of its reach.
     *
     * @param applications what {@link Recorder#within} and {@link CacheRegistry#addWithin} are given; empty where that is not
     *     known
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public void runIn(Set<String> applications) {
        this.applications = Set.copyOf(applications);
    }

    /**
     * Says that the test runs where another does, such as a dynamic test where its factory has.
     *
     * @param other the other
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public void runWhere(RunningTest other) {
        this.applications = other.applications;
    }

    boolean mayRunIn(String application) {
        return applications.isEmpty() || applications.contains(application);
    }

    /**
     * Returns the id.
     *
     * @return the id, unique in its run
     */
    public String id() {
        return id;
    }

    /**
     * Returns the name.
     *
     * @return the name to show
     */
    public String name() {
        return name;
    }

    /**
     * Returns the settings of its run.
     *
     * @return the settings
     */
    public Settings settings() {
        return settings;
    }

    Object run() {
        return run;
    }

    @Nullable
    CacheRegistry registry() {
        return registry;
    }

    /** Says whether the other may be disturbed by this one: it runs in the same run, and is no part of this one or around it. */
    boolean isBeside(RunningTest other) {
        return run.equals(other.run) && !id.startsWith(other.id) && !other.id.startsWith(id);
    }

    /**
     * Says whether caches were made cold before the test, of whatever it has declared.
     *
     * @return false if it has declared none, or its mode makes none cold
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public boolean isIsolated() {
        return wouldBeIsolated() && settings.mode() == Settings.Mode.ENFORCE;
    }

    /**
     * Says whether caches would be made cold before the test if its mode were to enforce.
     *
     * @return false if it has declared none
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public boolean wouldBeIsolated() {
        CacheRegistry own = registry;
        return claims != null && own != null && !own.isEmpty();
    }

    /**
     * Says whether the test runs in an application whose framework watches what is in it.
     *
     * @return whether {@link #runIn} has named one
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public boolean runsInApplication() {
        return !applications.isEmpty();
    }

    boolean isUndeclared() {
        return claims == null;
    }

    boolean hasLocked(String cacheId) {
        return claims != null && claims.contains(cacheId);
    }

    @Override
    public String toString() {
        return name;
    }
}
