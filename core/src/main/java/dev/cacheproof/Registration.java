package dev.cacheproof;

import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A cache's entry in the registry: its id, and, from the first reset on, the handle of the cache that it found. */
final class Registration {

    private final String id;
    private final String lockId;
    private final Supplier<?> supplier;
    private final @Nullable Consumer<Object> replace;
    private final boolean shared;
    private final String registeredAt;

    /** Says which tests can use the cache; null where nobody knows. */
    private final @Nullable Predicate<RunningTest> users;

    /** The application outside of which no test can meet the cache; null where any test may. */
    private final @Nullable String application;

    /** Guards the two fields below, and the replacement of the cache, which must be done once. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable Object cache;
    private @Nullable CacheHandle handle;

    Registration(String id, Supplier<?> supplier, @Nullable Consumer<Object> replace, boolean shared) {
        this(id, id, supplier, replace, shared, CallSite.capture().line(), null, null);
    }

    Registration(
            String id,
            String lockId,
            Supplier<?> supplier,
            @Nullable Consumer<Object> replace,
            boolean shared,
            String registeredAt,
            @Nullable Predicate<RunningTest> users,
            @Nullable String application) {
        Objects.requireNonNull(id, "id");
        if (id.isBlank()) {
            throw new IllegalArgumentException("id must not be blank");
        }
        this.id = id;
        this.lockId = Objects.requireNonNull(lockId, "lockId");
        this.supplier = Objects.requireNonNull(supplier, "cache");
        this.replace = replace;
        this.shared = shared;
        this.registeredAt = Objects.requireNonNull(registeredAt, "registeredAt");
        this.users = users;
        this.application = application;
    }

    String id() {
        return id;
    }

    /** What a test must have locked to use the cache: the cache itself, or what it is a part of. */
    String lockId() {
        return lockId;
    }

    boolean isShared() {
        return shared;
    }

    String registeredAt() {
        return registeredAt;
    }

    boolean hasKnownUsers() {
        return users != null;
    }

    /** Says whether a test can use the cache at all. */
    boolean isWithinReachOf(RunningTest test) {
        return (users == null || users.test(test)) && (application == null || test.mayRunIn(application));
    }

    /** Returns the cache that the handle was opened for, null before. */
    @Nullable
    Object cache() {
        lock.lock();
        try {
            return cache;
        } finally {
            lock.unlock();
        }
    }

    /** Says whether both have found the same cache, which tests share, by different ids. */
    @SuppressWarnings("ReferenceEquality") // two maps that are equal are still two caches
    boolean isAliasOf(Registration other) {
        Object found = cache();
        return shared && other.shared && found != null && found == other.cache() && !id.equals(other.id);
    }

    /** Finds the cache, and opens a handle for it; again if the supplier gives another cache than before. */
    @SuppressWarnings("ReferenceEquality") // two maps that are equal are still two caches
    CacheHandle handle() {
        lock.lock();
        try {
            Object found = supplier.get();
            if (found == null) {
                throw new IllegalStateException("Cache \"" + id + "\", registered at " + registeredAt
                        + ", is null. Its supplier, or its field, must give the cache when a test starts.");
            }
            CacheHandle known = handle;
            if (known != null && found == cache) {
                return known;
            }
            List<CacheAdapter> adapters = ProcessState.adapters();
            Object used = replaced(found, adapters);
            CacheHandle opened = adapt(used, adapters);
            cache = used;
            handle = opened;
            return opened;
        } finally {
            lock.unlock();
        }
    }

    private Object replaced(Object found, List<CacheAdapter> adapters) {
        if (replace == null) {
            return found;
        }
        for (CacheAdapter adapter : adapters) {
            Object watched = adapter.watch(id, found);
            if (watched != null) {
                try {
                    replace.accept(watched);
                    return watched;
                } catch (ClassCastException declaredAsAClass) {
                    return found;
                }
            }
        }
        return found;
    }

    private CacheHandle adapt(Object found, List<CacheAdapter> adapters) {
        if (found instanceof CacheHandle own) {
            return own;
        }
        for (CacheAdapter adapter : adapters) {
            CacheHandle adapted = adapter.adapt(id, found);
            if (adapted != null) {
                return adapted;
            }
        }
        String supported = adapters.stream().map(CacheAdapter::supported).collect(Collectors.joining(", "));
        throw new IllegalStateException("Cache \"" + id + "\", registered at " + registeredAt + ", is a "
                + found.getClass().getName() + ", which is no cache that is known here. Known: "
                + (supported.isEmpty() ? "none, as cacheproof-caches is not on the class path" : supported)
                + "; or implement dev.cacheproof.CacheHandle for it.");
    }

    static List<CacheAdapter> loadAdapters() {
        return ServiceLoader.load(CacheAdapter.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
