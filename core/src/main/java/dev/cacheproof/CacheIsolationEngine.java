package dev.cacheproof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Makes caches cold. The JUnit extension drives it; with another test framework, call {@link #resetAll()} before and
 * after each test.
 *
 * <p>A reset waits for loads in flight where a cache's library would let them write afterwards, tries every cache also
 * when one fails, and gives up on a cache that blocks. Immutable and thread-safe; when a reset returns, it is visible to
 * all threads.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CacheIsolationEngine {

    private static final Duration RESET_TIMEOUT = Duration.ofSeconds(5);

    private final CacheRegistry registry;
    private final Duration timeout;

    private CacheIsolationEngine(CacheRegistry registry, Duration timeout) {
        this.registry = registry;
        this.timeout = timeout;
    }

    /**
     * Makes every registered cache cold: those of the whole process, and those of the current test.
     *
     * @throws AssertionError if a cache could not be made cold, or another test is using it
     */
    public static void resetAll() {
        current().reset();
    }

    /**
     * Returns the engine for the caches of the test that the current thread works for; outside of tests, for those of the
     * whole process.
     *
     * @return the engine
     */
    public static CacheIsolationEngine current() {
        return Scope.current()
                .flatMap(Scope::test)
                .map(RunningTest::registry)
                .map(CacheIsolationEngine::of)
                .orElseGet(() -> of(CacheRegistry.global()));
    }

    /**
     * Returns an engine for some caches.
     *
     * @param registry the caches
     * @return the engine
     */
    public static CacheIsolationEngine of(CacheRegistry registry) {
        return new CacheIsolationEngine(Objects.requireNonNull(registry, "registry"), RESET_TIMEOUT);
    }

    /**
     * Returns this engine with another limit for what one cache's reset may take; five seconds unless set.
     *
     * @param timeout the limit; positive
     * @return the engine
     */
    public CacheIsolationEngine withTimeout(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, but is " + timeout);
        }
        return new CacheIsolationEngine(registry, timeout);
    }

    /**
     * Makes the caches cold. Does nothing unless {@code cacheproof.mode = enforce}.
     *
     * @throws AssertionError if a cache could not be made cold, or another test is using it
     */
    public void reset() {
        if (Settings.current().mode() != Settings.Mode.ENFORCE) {
            return;
        }
        List<Registration> registrations = registry.registrations();
        Neighbours.refuseUnder(registrations, "reset");
        Failures failures = new Failures();
        Map<String, CacheHandle> handles = open(registrations, failures);
        Neighbours.refuseUnderAnotherId(registrations);
        new Reset(handles, timeout, failures).run();
        failures.throwIfAny(registrations.size());
    }

    /**
     * Returns an engine for those of the caches that are of some sort.
     *
     * @param sort tells whether a cache is
     * @return the engine
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public CacheIsolationEngine where(Predicate<CacheHandle> sort) {
        Set<String> ids = registry.registrations().stream()
                .filter(registration -> sort.test(registration.handle()))
                .map(Registration::id)
                .collect(Collectors.toSet());
        // A registry narrowed to no id is one of all caches.
        return new CacheIsolationEngine(ids.isEmpty() ? CacheRegistry.create() : registry.only(ids), timeout);
    }

    /**
     * Makes sure that no other test that runs right now may be using these caches, for whoever is about to change more of
     * them than their entries.
     *
     * @param change what is about to be done to them, as a participle, such as {@code moved in time}
     * @throws AssertionError if another test may be using one; the text names both tests
     */
    public void requireAlone(String change) {
        Neighbours.refuseUnder(registry.registrations(), Objects.requireNonNull(change, "change"));
    }

    private static Map<String, CacheHandle> open(List<Registration> registrations, Failures failures) {
        Map<String, CacheHandle> handles = new LinkedHashMap<>();
        for (Registration registration : registrations) {
            try {
                handles.put(registration.id(), registration.handle());
            } catch (RuntimeException | LinkageError | AssertionError failed) {
                failures.add(registration.id(), failed);
            }
        }
        return handles;
    }

    /**
     * Looks at the caches without changing them.
     *
     * @return what each holds, by id
     */
    public Map<String, CacheView> views() {
        Map<String, CacheView> views = new LinkedHashMap<>();
        for (Registration registration : registry.registrations()) {
            views.put(registration.id(), registration.handle().view());
        }
        return views;
    }

    /**
     * Returns the caches that {@linkplain CacheHandle#storesNothing() store nothing}.
     *
     * @return their ids, and what kind of cache each is
     */
    public Map<String, String> withoutStore() {
        Map<String, String> kinds = new LinkedHashMap<>();
        for (Registration registration : registry.registrations()) {
            CacheHandle handle = registration.handle();
            if (handle.storesNothing()) {
                kinds.put(registration.id(), handle.kind());
            }
        }
        return kinds;
    }

    /**
     * Says whether there is nothing to make cold, and nothing to come.
     *
     * @return false if a cache is registered, or is certain to appear when it is first used
     */
    public boolean isEmpty() {
        return registry.isEmpty();
    }

    /**
     * Lists the caches for a person: id, kind, how each is made cold, how much it holds.
     *
     * @return a line for each
     */
    public List<String> describe() {
        return registry.registrations().stream()
                .map(registration -> {
                    CacheHandle handle = registration.handle();
                    return registration.id() + " (" + handle.kind() + "; reset by: " + handle.strategy() + "; "
                            + handle.view().entries() + " entries)";
                })
                .toList();
    }

    /**
     * Returns the ids of the caches.
     *
     * @return the ids, in the order in which they were registered
     */
    public List<String> ids() {
        return registry.registrations().stream().map(Registration::id).toList();
    }

    /** What went wrong, cache by cache: one that fails must not keep the others warm. */
    static final class Failures {
        private final Map<String, Throwable> byCache = new LinkedHashMap<>();

        synchronized void add(String id, Throwable failure) {
            Throwable first = byCache.putIfAbsent(id, failure);
            if (first != null && !first.equals(failure)) {
                first.addSuppressed(failure);
            }
        }

        synchronized void throwIfAny(int caches) {
            if (byCache.isEmpty()) {
                return;
            }
            FailureText text = FailureText.of(byCache.size() + " of " + caches + (caches == 1 ? " cache" : " caches")
                    + " could not be made cold");
            byCache.forEach((id, failure) -> text.fact(id, message(failure)));
            AssertionError error = text.toError();
            byCache.values().stream().distinct().forEach(error::addSuppressed);
            throw error;
        }

        private static String message(Throwable failure) {
            String message = failure.getMessage();
            return failure instanceof IllegalStateException && message != null ? message : failure.toString();
        }
    }

    /** Other tests that run at the same time, in the same run. */
    private static final class Neighbours {

        private static final String NO_TEST = "a thread that works for no test";

        private Neighbours() {}

        static void refuseUnder(List<Registration> registrations, String change) {
            List<Registration> shared =
                    registrations.stream().filter(Registration::isShared).toList();
            if (shared.isEmpty()) {
                return;
            }
            RunningTest mine = caller(shared);
            for (Scope other : others(mine)) {
                RunningTest test = Objects.requireNonNull(other.ownTest());
                List<Registration> disturbed = shared.stream()
                        .filter(cache -> mayUse(other, test, cache) && !excludes(mine, test, cache))
                        .toList();
                if (!disturbed.isEmpty()) {
                    throw refusal(change, mine == null ? NO_TEST : mine.name(), test, disturbed);
                }
            }
        }

        /**
         * Returns the test that the thread works for; null if there is none. A thread that nobody knows works for the only
         * test that can use the caches, where it is known which can.
         */
        private static @Nullable RunningTest caller(List<Registration> caches) {
            Optional<Scope> scope = Scope.current();
            if (scope.isPresent() || !caches.stream().allMatch(Registration::hasKnownUsers)) {
                return scope.flatMap(Scope::test).orElse(null);
            }
            List<RunningTest> users = others(null).stream()
                    .map(open -> Objects.requireNonNull(open.ownTest()))
                    .filter(test -> caches.stream().anyMatch(cache -> cache.isWithinReachOf(test)))
                    .toList();
            return users.size() == 1 ? users.get(0) : null;
        }

        /** A cache that two tests know by different ids is locked by neither for the other. */
        static void refuseUnderAnotherId(List<Registration> registrations) {
            Optional<RunningTest> mine = Scope.current().flatMap(Scope::test);
            if (mine.isEmpty()) {
                return;
            }
            for (Scope open : others(mine.get())) {
                RunningTest other = Objects.requireNonNull(open.ownTest());
                CacheRegistry theirs = other.registry();
                for (Registration known : theirs == null ? List.<Registration>of() : theirs.registrations()) {
                    for (Registration own : registrations) {
                        if (own.isAliasOf(known)
                                && !mine.get().hasLocked(known.lockId())
                                && !other.hasLocked(own.lockId())) {
                            throw aliasRefusal(mine.get(), own.id(), other, known.id());
                        }
                    }
                }
            }
        }

        private static AssertionError aliasRefusal(RunningTest mine, String id, RunningTest other, String otherId) {
            return FailureText.of("Cache \"" + id + "\" was about to be reset under a test that runs at the same time"
                            + " and knows it as \"" + otherId + "\"")
                    .fact("reset by", mine.name())
                    .fact("while", other.name() + " runs")
                    .hint("register the cache by one id in both, so that the two wait for each other:"
                            + " @RegisterCache(\"" + id + "\").")
                    .toError();
        }

        private static List<Scope> others(@Nullable RunningTest mine) {
            List<Scope> others = new ArrayList<>();
            for (Scope open : ProcessState.open()) {
                RunningTest test = open.ownTest();
                if (test != null && test != mine && (mine == null || mine.isBeside(test))) {
                    others.add(open);
                }
            }
            return others;
        }

        private static boolean mayUse(Scope scope, RunningTest test, Registration cache) {
            if (!cache.isWithinReachOf(test)) {
                return false;
            }
            if (!test.isUndeclared()) {
                return test.hasLocked(cache.lockId());
            }
            return cache.hasKnownUsers()
                    || test.settings().undeclared() == Settings.Undeclared.REFUSED
                    || scope.journal().cache().of(cache.id()::equals).count() > 0;
        }

        /** A test that holds the lock as well cannot be running now, unless it is a part of this one. */
        private static boolean excludes(@Nullable RunningTest mine, RunningTest other, Registration cache) {
            return mine != null && mine.hasLocked(cache.lockId()) && other.hasLocked(cache.lockId());
        }

        private static AssertionError refusal(
                String change, String mine, RunningTest other, List<Registration> disturbed) {
            String caches = disturbed.stream().map(Registration::id).collect(Collectors.joining("\", \"", "\"", "\""));
            FailureText text = FailureText.of("Cache " + caches + " was about to be " + change
                            + " under a test that runs at the same time")
                    .fact(change + " by", mine)
                    .fact("while", other.name() + " runs" + (other.isUndeclared() ? ", without the cache's lock" : ""));
            if (other.isUndeclared()) {
                String annotate =
                        "annotate " + other.name() + " with @CacheIsolation, so that the two wait for each other.";
                return text.hint(
                                disturbed.stream().allMatch(Registration::hasKnownUsers)
                                        ? annotate
                                        : annotate
                                                + "\nIf the tests without it use no cache, say so once: cacheproof.undeclared = trusted")
                        .toError();
            }
            return text.hint(
                            mine.equals(NO_TEST)
                                    ? "run the work in the scope of its test, so that it is known whose it is:"
                                            + " Scope.current().orElseThrow().wrap(task)."
                                    : "annotate " + mine + " with @CacheIsolation, so that it locks what it uses.")
                    .toError();
        }
    }
}
