package dev.cacheproof.junit;

import dev.cacheproof.CacheRegistry;
import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What the annotations say about one test: which caches it resets, and which of them it must lock. Made during discovery
 * too, so it touches no class of the application.
 *
 * @param application what tests lock that run in the same application; null for a test that runs in none
 * @param isOfFakesAlone whether the test's fakes are made cold, and no other cache that it knows
 */
record IsolationPlan(
        CacheIsolation annotation,
        CacheFields fields,
        FakeFields fakes,
        @Nullable String application,
        boolean isOfFakesAlone) {

    /** The annotation that says the same as the absence of one, for tests that are isolated by a setting. */
    @CacheIsolation
    private static final class Default {}

    private static final CacheIsolation DEFAULT =
            Objects.requireNonNull(Default.class.getAnnotation(CacheIsolation.class));

    /** Finds the annotation of the method, of its class, or of the nearest class around it that has one. */
    static Optional<IsolationPlan> of(TestClasses classes, Method method) {
        Optional<CacheIsolation> annotation = AnnotationSupport.findAnnotation(method, CacheIsolation.class);
        for (Class<?> type : classes.outwards()) {
            annotation = annotation.or(() -> AnnotationSupport.findAnnotation(type, CacheIsolation.class));
        }
        return annotation.map(found -> of(found, classes));
    }

    static IsolationPlan ofEveryTest(TestClasses classes) {
        return of(DEFAULT, classes);
    }

    /** What holds for a test that has fakes and is not isolated otherwise: these alone are made cold around it. */
    static IsolationPlan ofFakes(FakeFields fakes) {
        return new IsolationPlan(DEFAULT, new CacheFields(List.of()), fakes, null, true);
    }

    private static IsolationPlan of(CacheIsolation annotation, TestClasses classes) {
        return new IsolationPlan(
                annotation,
                CacheFields.of(classes),
                FakeFields.of(classes),
                Applications.lockId(classes.testClass()),
                false);
    }

    Set<String> only() {
        return new LinkedHashSet<>(List.of(annotation.only()));
    }

    /** Says whether the test declares that it uses no registered cache. */
    boolean isOfNoCache() {
        return only().equals(Set.of(CacheIsolation.NONE));
    }

    /** Returns the ids of the caches that tests may share and that this test resets. Its fakes are always among them. */
    Set<String> locks() {
        Set<String> ids = new LinkedHashSet<>();
        if (!isOfNoCache()) {
            ids.addAll(CacheRegistry.global().sharedIds());
            ids.addAll(fields.sharedIds());
            boolean knowsThemAll = !only().isEmpty() && ids.containsAll(only());
            if (!only().isEmpty()) {
                ids.retainAll(only());
            }
            if (application != null && !knowsThemAll) {
                ids.add(application);
            }
        }
        ids.addAll(fakes.sharedIds());
        return ids;
    }

    /** Returns the caches that this test knows, so that its assertions can make them cold: its application may have some, too. */
    CacheRegistry registry(List<?> instances, TestFakes started, @Nullable TestApplication running) {
        CacheRegistry named = isOfNoCache() ? CacheRegistry.create() : named(instances, started, running);
        CacheRegistry registry = named.extended();
        started.register(registry, instances);
        return registry;
    }

    /** Returns those of the caches that are made cold before and after the test. */
    CacheRegistry around(CacheRegistry registry, TestFakes started) {
        return isOfFakesAlone ? registry.only(started.names()) : registry;
    }

    private CacheRegistry named(List<?> instances, TestFakes started, @Nullable TestApplication running) {
        Set<String> wanted = only();
        wanted.removeAll(started.names());
        if (wanted.isEmpty() && !only().isEmpty()) {
            return CacheRegistry.create();
        }
        CacheRegistry registry = CacheRegistry.global().extended(running == null ? null : running.caches());
        fields.register(registry, instances);
        Set<String> unknown = new LinkedHashSet<>(wanted);
        unknown.removeAll(registry.ids());
        Set<String> known = new TreeSet<>();
        if (running != null && !unknown.isEmpty()) {
            known.addAll(running.open(unknown));
            unknown.removeAll(registry.ids());
        }
        if (!unknown.isEmpty()) {
            known.addAll(registry.ids());
            throw new IllegalArgumentException("@CacheIsolation(only = ...) names " + unknown
                    + ", but no cache is registered under that id. Registered: " + known
                    + ". Name one of these, or register the cache: @RegisterCache on a field, or a CacheRegistrar.");
        }
        return registry.only(wanted);
    }
}
