package dev.cacheproof.junit;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.FakeLifecycle;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/** A fake that was started for a field, until it is ended. Thread-safe. */
final class RunningFake<F> implements Store.CloseableResource, AutoCloseable {

    private final FakeLifecycle<F> lifecycle;
    private final F fake;
    private final Runnable emptyField;
    private final CacheIsolationEngine engine;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Knows the fake by the registry that tells what tests lock for it. */
    RunningFake(FakeLifecycle<F> lifecycle, F fake, Runnable emptyField, CacheRegistry itself) {
        this.lifecycle = lifecycle;
        this.fake = fake;
        this.emptyField = emptyField;
        this.engine = CacheIsolationEngine.of(itself);
    }

    /** Lets tests share the fake: none may disturb another. */
    RunningFake<F> shared() {
        lifecycle.guard(fake, engine::requireAlone);
        return this;
    }

    Runnable attribute(Scope scope) {
        return lifecycle.attribute(fake, scope);
    }

    /** Makes a shared fake like new, unless another test may be using it: that fails where anything does. */
    void renew(Settings.Mode mode) {
        try {
            engine.requireAlone("reset");
        } catch (AssertionError disturbs) {
            if (mode == Settings.Mode.ENFORCE) {
                throw disturbs;
            }
            return;
        }
        lifecycle.renew(fake);
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
