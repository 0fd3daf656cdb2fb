package dev.cacheproof.junit;

import dev.cacheproof.CacheRegistry;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/** The fakes of one test: those that were started for it, and those that it shares. Used by the thread that JUnit calls on. */
final class TestFakes implements Store.CloseableResource, AutoCloseable {

    private final Map<TestField, RunningFake<?>> byField = new LinkedHashMap<>();
    private final List<Runnable> attributions = new ArrayList<>();
    private final Settings settings;
    private @Nullable RunningTest test;
    private @Nullable TestApplication application;

    /** Those that could not be made like new when the test began: what has been told then need not be told again. */
    private final Set<RunningFake<?>> refused = new HashSet<>();

    TestFakes(Settings settings) {
        this.settings = settings;
    }

    /** Starts what is not there yet; each by its name. */
    void start(
            Map<TestField, String> fields,
            List<?> instances,
            SharedFakes running,
            @Nullable TestApplication application) {
        this.application = application;
        fields.forEach((field, name) -> byField.put(field, start(field, name, instances, running, application)));
    }

    private static RunningFake<?> start(
            TestField field,
            String name,
            List<?> instances,
            SharedFakes running,
            @Nullable TestApplication application) {
        Object provided = application == null ? null : FakeFields.provided(field, application);
        if (application != null && provided != null) {
            return running.adopt(field, instances, provided, application.lockId());
        }
        return field.isShared()
                ? Objects.requireNonNull(running.running(FakeFields.started(field, instances)))
                : FakeFields.start(field, name, instances);
    }

    /** Returns each once, also where two fields hold one of an application. */
    private Set<RunningFake<?>> all() {
        return new LinkedHashSet<>(byField.values());
    }

    boolean isEmpty() {
        return byField.isEmpty();
    }

    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        all().forEach(fake -> names.add(fake.name()));
        return names;
    }

    /** Says whether the application that the test began with has ended since, and its fakes with it. */
    boolean haveLostTheirApplication() {
        return application != null && !application.isRunning();
    }

    /** Returns the names of those that an application owns. */
    Set<String> namesOfApplication() {
        Set<String> names = new LinkedHashSet<>();
        all().stream().filter(RunningFake::isOfApplication).forEach(fake -> names.add(fake.name()));
        return names;
    }

    /** Registers them as caches of the test. */
    void register(CacheRegistry registry, List<?> instances) {
        Set<RunningFake<?>> registered = new HashSet<>();
        byField.forEach((field, fake) -> {
            if (registered.add(fake)) {
                fake.register(registry, () -> FakeFields.started(field, instances));
            }
        });
    }

    /** Lets whoever is about to disturb a shared fake know of the test, until it ends. */
    void usedBy(RunningTest user) {
        test = user;
        all().forEach(fake -> fake.enter(user));
    }

    /** Lets what arrives over sockets belong to a scope, and no more to the one before. */
    void belongTo(Scope scope) {
        forgetScope();
        all().forEach(fake -> attributions.add(fake.attribute(scope)));
    }

    private void forgetScope() {
        attributions.forEach(Runnable::run);
        attributions.clear();
    }

    /** Makes the shared fakes like new, since code that belongs to no test may have changed them: {@code @BeforeAll}. */
    void renew() {
        Attempts renewals = new Attempts();
        for (RunningFake<?> fake : all()) {
            if (fake.isShared()) {
                refused.add(fake);
                renewals.make(() -> {
                    fake.renewBefore(settings.mode());
                    refused.remove(fake);
                });
            }
        }
        renewals.throwIfAny();
    }

    /** Adds to the failure of a test what its fakes were made to do, in case that explains it. */
    void explain(Throwable failure) {
        String lines = all().stream()
                .map(RunningFake::firedFaults)
                .flatMap(Optional::stream)
                .collect(Collectors.joining("\n"));
        if (!lines.isEmpty()) {
            failure.addSuppressed(new FiredFaults(lines));
        }
    }

    /** Ends the test's own fakes, and makes the others like new; complains of faults that had to fire and did not. */
    @Override
    public void close() {
        forgetScope();
        Attempts ends = new Attempts();
        all().forEach(fake -> ends.make(() -> end(fake)));
        byField.clear();
        ends.throwIfAny();
    }

    private void end(RunningFake<?> fake) {
        if (!fake.isShared()) {
            fake.end(settings.mode());
            return;
        }
        try {
            if (!refused.contains(fake)) {
                fake.renewAfter(settings.mode());
            }
        } finally {
            if (test != null) {
                fake.leave(test);
            }
        }
    }
}
