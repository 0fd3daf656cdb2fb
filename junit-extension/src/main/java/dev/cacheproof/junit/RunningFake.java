package dev.cacheproof.junit;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.FailureText;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.FakeLifecycle;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A fake that was started for a field, until it is ended. Thread-safe. */
final class RunningFake<F> implements AutoCloseable {

    private final FakeLifecycle<F> lifecycle;
    private final F fake;
    private final Place place;
    private final Runnable emptyField;
    private final CacheIsolationEngine engine;
    private final Set<RunningTest> tests = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Where a fake stands.
     *
     * @param name what the journal and failures show
     * @param field describes the field that it was started for
     * @param shared whether tests share it
     * @param application what tests lock where an application owns the fake; null where a test class does
     */
    record Place(
            String name,
            String field,
            boolean shared,
            @Nullable String application) {}

    RunningFake(FakeLifecycle<F> lifecycle, F fake, Place place, Runnable emptyField) {
        this.lifecycle = lifecycle;
        this.fake = fake;
        this.place = place;
        this.emptyField = emptyField;
        CacheRegistry itself = CacheRegistry.create();
        register(itself, () -> fake);
        this.engine = CacheIsolationEngine.of(itself);
    }

    String name() {
        return place.name;
    }

    boolean isShared() {
        return place.shared;
    }

    boolean isOfApplication() {
        return place.application != null;
    }

    /** Registers it as the cache that it is. */
    void register(CacheRegistry registry, Supplier<?> cache) {
        if (place.application != null) {
            registry.addWithin(place.application, place.name, cache);
        } else if (place.shared) {
            registry.addField(place.name, place.field, tests::contains, cache);
        } else {
            registry.addField(place.name, place.field, false, cache, null);
        }
    }

    /** Lets tests share the fake: none may disturb another. */
    RunningFake<F> shared(Settings.Mode mode) {
        if (mode != Settings.Mode.OFF) {
            lifecycle.guard(fake, change -> isAlone(change, mode));
        }
        return this;
    }

    private boolean isAlone(String change, Settings.Mode mode) {
        try {
            engine.requireAlone(change);
            return true;
        } catch (AssertionError disturbs) {
            mode.enforce(disturbs);
            return false;
        }
    }

    /** Lets a test be asked for when the fake is disturbed: its class has the field. */
    void enter(RunningTest test) {
        tests.add(test);
    }

    void leave(RunningTest test) {
        tests.remove(test);
    }

    Runnable attribute(Scope scope) {
        return lifecycle.attribute(fake, scope);
    }

    /** Tells which faults have fired, below the name of the fake; empty where none has. */
    Optional<String> firedFaults() {
        return Optional.ofNullable(lifecycle.firedFaults(fake))
                .map(lines -> "  " + place.name + "\n" + lines.indent(4).stripTrailing());
    }

    /** Makes a shared fake like new for a test that begins, unless another test may be using it. */
    void renewBefore(Settings.Mode mode) {
        renew(mode, this::hadToFireBefore);
    }

    /** Makes a shared fake like new after a test, unless another test may be using it. */
    void renewAfter(Settings.Mode mode) {
        renew(mode, verdict -> verdict);
    }

    private void renew(Settings.Mode mode, UnaryOperator<AssertionError> explanation) {
        // That of an application may have ended with it, before the test has.
        if (lifecycle.isRunning(fake) && isAlone("reset", mode)) {
            try {
                lifecycle.renew(fake);
            } catch (AssertionError verdict) {
                mode.enforce(explanation.apply(verdict));
            }
        }
    }

    private AssertionError hadToFireBefore(AssertionError verdict) {
        return FailureText.of("Fake \"" + place.name
                        + "\" was given faults before the test, and starts each test without any")
                .evidence(String.valueOf(verdict.getMessage()))
                .hint("give it faults in the test, or in @BeforeEach.")
                .toError();
    }

    /** Ends the fake; a fault that had to fire and did not is a failure, unless the mode says otherwise. */
    void end(Settings.Mode mode) {
        try {
            close();
        } catch (AssertionError verdict) {
            mode.enforce(verdict);
        }
    }

    void emptyField() {
        emptyField.run();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            // The next test may get the same instance.
            emptyField();
            lifecycle.stop(fake);
        }
    }
}
