package dev.cacheproof;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The caches that can be made cold, by id. A registration holds suppliers alone: no cache is touched before the first
 * reset, so that caches can be listed before the application is initialized. Thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CacheRegistry {

    private final @Nullable CacheRegistry parent;
    private final @Nullable Consumer<CacheRegistry> lookAgain;
    private final BooleanSupplier expectsMore;
    private final Map<String, Registration> registrations = new LinkedHashMap<>();
    private boolean sealed;
    private boolean looking;

    private CacheRegistry(
            @Nullable CacheRegistry parent, @Nullable Consumer<CacheRegistry> lookAgain, BooleanSupplier expectsMore) {
        this.parent = parent;
        this.lookAgain = lookAgain;
        this.expectsMore = expectsMore;
    }

    /**
     * Creates an empty registry.
     *
     * @return the registry
     */
    public static CacheRegistry create() {
        return new CacheRegistry(null, null, () -> false);
    }

    /**
     * Creates a registry of caches that may appear at any time, as those of a cache manager do. For integrations of
     * frameworks.
     *
     * @param lookAgain called each time before the registry is read; adds the caches that it does not have yet
     * @return the registry
     */
    public static CacheRegistry growing(Consumer<CacheRegistry> lookAgain) {
        return growing(lookAgain, () -> false);
    }

    /**
     * Creates a registry of caches that may appear at any time, of which some may be certain to appear.
     *
     * @param lookAgain called each time before the registry is read; adds the caches that it does not have yet
     * @param expectsMore says whether something is there that makes caches when they are first used, so that a registry
     *     without caches is not {@linkplain #isEmpty() empty}
     * @return the registry
     */
    public static CacheRegistry growing(Consumer<CacheRegistry> lookAgain, BooleanSupplier expectsMore) {
        return new CacheRegistry(
                null,
                Objects.requireNonNull(lookAgain, "lookAgain"),
                Objects.requireNonNull(expectsMore, "expectsMore"));
    }

    /**
     * Returns the registry of this process: what every {@link CacheRegistrar} that {@link ServiceLoader} finds has added.
     *
     * @return the registry, filled at the first call; nothing can be added to it later, since tests have locked what it held
     * @throws IllegalStateException if a registrar fails
     */
    public static CacheRegistry global() {
        return ProcessState.globalRegistry();
    }

    static CacheRegistry load() {
        CacheRegistry registry = create();
        try {
            for (CacheRegistrar registrar : ServiceLoader.load(CacheRegistrar.class)) {
                registry.accept(registrar);
            }
        } catch (ServiceConfigurationError broken) {
            throw new IllegalStateException(
                    "A CacheRegistrar could not be loaded: " + broken.getMessage()
                            + ". Look at META-INF/services/dev.cacheproof.CacheRegistrar in the tests' resources:"
                            + " each line names a public class with a public constructor without parameters.",
                    broken);
        }
        registry.seal();
        return registry;
    }

    private synchronized void seal() {
        sealed = true;
    }

    private void accept(CacheRegistrar registrar) {
        try {
            registrar.register(this);
        } catch (RuntimeException | LinkageError failed) {
            throw new IllegalStateException(
                    "CacheRegistrar " + registrar.getClass().getName() + " failed: " + failed
                            + ". No cache can be isolated until it works; mend its register method.",
                    failed);
        }
    }

    /**
     * Returns a new registry that has the caches of this one, and those that are added to it.
     *
     * @return the registry
     */
    public CacheRegistry extended() {
        return extended(null);
    }

    /**
     * Returns a new registry that has the caches of this one, those of another, and those that are added to it. It shows
     * what is added to these two later.
     *
     * @param others more caches; null for none
     * @return the registry
     * @throws IllegalStateException if an id is in both
     */
    public CacheRegistry extended(@Nullable CacheRegistry others) {
        CacheRegistry extended = new CacheRegistry(
                this,
                others == null ? null : more -> more.addAll(others),
                () -> expectsMore() || (others != null && others.expectsMore()));
        extended.registrations();
        return extended;
    }

    private void addAll(CacheRegistry others) {
        for (Registration registration : others.registrations()) {
            if (registrations.get(registration.id()) != registration) {
                add(registration);
            }
        }
    }

    /**
     * Returns a registry of some of these caches.
     *
     * @param ids their ids; empty for all
     * @return the narrower registry
     * @throws IllegalArgumentException if an id is not registered
     */
    public CacheRegistry only(Set<String> ids) {
        if (ids.isEmpty()) {
            return this;
        }
        Set<String> unknown = new TreeSet<>(ids);
        CacheRegistry narrowed = create();
        for (Registration registration : registrations()) {
            if (unknown.remove(registration.id())) {
                narrowed.add(registration);
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("No cache is registered as " + unknown + ". Registered: " + ids());
        }
        return narrowed;
    }

    /**
     * Adds a cache that the whole process shares, such as one in a static field.
     *
     * @param id the id: what tests lock, and what failures show
     * @param cache gives the cache; called at the first reset, and never with null as its answer
     * @return this registry
     * @throws IllegalStateException if the id is taken
     */
    public CacheRegistry add(String id, Supplier<?> cache) {
        return add(new Registration(id, cache, null, true));
    }

    /**
     * Adds a cache that the whole process shares and that may be replaced. At the first reset, a cache with the same
     * entries is put in its place that shows its reads and writes in the {@linkplain Journal journal}, and that lets no
     * load that began before a reset write after it.
     *
     * @param id the id: what tests lock, and what failures show
     * @param cache gives the cache; called at the first reset
     * @param replace puts another cache in its place
     * @param <C> the declared type of the cache; must be an interface to be replaced
     * @return this registry
     * @throws IllegalStateException if the id is taken
     */
    public <C> CacheRegistry add(String id, Supplier<? extends C> cache, Consumer<? super C> replace) {
        return add(new Registration(id, cache, erased(replace), true));
    }

    /**
     * Adds a cache of which each test has a part of its own, such as the keys under a prefix. No test locks it, since its
     * {@linkplain CacheHandle#reset() reset} makes cold what belongs to the test that the resetting thread works for, and
     * nothing else. A cache that two tests can meet in must be {@linkplain #add(String, Supplier) added} instead.
     *
     * @param id the id to show
     * @param cache gives the cache; called at the first reset, and never with null as its answer
     * @return this registry
     * @throws IllegalStateException if the id is taken
     */
    public CacheRegistry addPerTest(String id, Supplier<?> cache) {
        return add(new Registration(id, cache, null, false));
    }

    /**
     * Adds a cache of an application that several tests run in: they lock the application, and not each of its caches, which
     * are not known before it has started.
     *
     * @param application what tests lock
     * @param id the id to show
     * @param cache gives the cache; called at the first reset, and never with null as its answer
     * @return this registry
     * @throws IllegalStateException if the id is taken
     */
    public CacheRegistry addOf(String application, String id, Supplier<?> cache) {
        return add(new Registration(id, application, cache, null, true, application, null, null));
    }

    /**
     * Adds a cache that {@linkplain #addOf lies in an application} and nowhere else: tests that are known to run in another one
     * are not disturbed by what is done to it.
     *
     * @param application what tests lock
     * @param id the id to show
     * @param cache gives the cache; called at the first reset, and never with null as its answer
     * @return this registry
     * @throws IllegalStateException if the id is taken
     */
    public CacheRegistry addWithin(String application, String id, Supplier<?> cache) {
        return add(new Registration(id, application, cache, null, true, application, null, application));
    }

    /**
     * Adds the cache that a field of a test holds. For extensions of test frameworks, where no line of the test's code
     * adds it.
     *
     * @param id the id: what tests lock, and what failures show
     * @param field names the field, for failures
     * @param shared whether other tests may use the cache as well
     * @param cache gives the cache; called at the first reset
     * @param replace puts another cache in its place; null if it cannot be replaced
     * @return this registry
     * @throws IllegalStateException if the id is taken
     */
    public CacheRegistry addField(
            String id, String field, boolean shared, Supplier<?> cache, @Nullable Consumer<Object> replace) {
        return add(new Registration(id, id, cache, replace, shared, field, null, null));
    }

    /**
     * Adds a cache that a field of a test holds and that tests share, where it is known which can: those whose class has the
     * field. No other test is disturbed by what is done to it. For extensions of test frameworks.
     *
     * @param id the id: what tests lock, and what failures show
     * @param field names the field, for failures
     * @param users says whether a test can use the cache
     * @param cache gives the cache; called at the first reset
     * @return this registry
     * @throws IllegalStateException if the id is taken
     */
    public CacheRegistry addField(String id, String field, Predicate<RunningTest> users, Supplier<?> cache) {
        return add(new Registration(id, id, cache, null, true, field, Objects.requireNonNull(users, "users"), null));
    }

    /** The caller promised that what the consumer takes is what the supplier gives. */
    @SuppressWarnings("unchecked")
    private static Consumer<Object> erased(Consumer<?> replace) {
        return (Consumer<Object>) Objects.requireNonNull(replace, "replace");
    }

    private synchronized CacheRegistry add(Registration registration) {
        if (sealed) {
            throw new IllegalStateException("Cache \"" + registration.id() + "\" is added too late, at "
                    + registration.registeredAt() + ": the caches of the process are read once, before the first test."
                    + " Add it in a CacheRegistrar.");
        }
        Registration taken = find(registration.id());
        if (taken != null) {
            throw new IllegalStateException("Cache \"" + registration.id() + "\" is registered twice: at "
                    + taken.registeredAt() + " and at " + registration.registeredAt()
                    + ". Give each cache an id of its own, or remove one of the two.");
        }
        registrations.put(registration.id(), registration);
        return this;
    }

    /**
     * Says whether there is nothing to make cold, and nothing to come.
     *
     * @return false if a cache is registered, or is certain to appear when it is first used
     */
    public boolean isEmpty() {
        return registrations().isEmpty() && !expectsMore();
    }

    private boolean expectsMore() {
        return expectsMore.getAsBoolean();
    }

    private @Nullable Registration find(String id) {
        return registrations().stream()
                .filter(registration -> registration.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    /**
     * Returns the ids of all caches.
     *
     * @return the ids, in the order in which they were added
     */
    public Set<String> ids() {
        Set<String> ids = new LinkedHashSet<>();
        registrations().forEach(registration -> ids.add(registration.id()));
        return ids;
    }

    /**
     * Returns the ids of the caches that the whole process shares.
     *
     * @return the ids, in the order in which they were added
     */
    public Set<String> sharedIds() {
        Set<String> ids = new LinkedHashSet<>();
        registrations().stream().filter(Registration::isShared).forEach(registration -> ids.add(registration.id()));
        return ids;
    }

    synchronized List<Registration> registrations() {
        lookAgain();
        List<Registration> all = new ArrayList<>(parent == null ? List.of() : parent.registrations());
        all.addAll(registrations.values());
        return all;
    }

    /** What is found is added to this registry, which reads it. */
    private synchronized void lookAgain() {
        Consumer<CacheRegistry> look = lookAgain;
        if (look == null || looking) {
            return;
        }
        looking = true;
        try {
            look.accept(this);
        } finally {
            looking = false;
        }
    }
}
