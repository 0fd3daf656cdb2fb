package dev.cacheproof.junit;

import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/** The fakes of one test: those that were started for it, and those that it shares. Used by the thread that JUnit calls on. */
final class TestFakes implements Store.CloseableResource, AutoCloseable {

    private final List<RunningFake<?>> own = new ArrayList<>();
    private final List<RunningFake<?>> shared = new ArrayList<>();
    private final List<Runnable> attributions = new ArrayList<>();
    private final Settings settings;

    TestFakes(Settings settings) {
        this.settings = settings;
    }

    void start(FakeFields fakes, List<?> instances, SharedFakes running, @Nullable TestApplication application) {
        for (TestField field : fakes.fields()) {
            Object provided = application == null ? null : FakeFields.provided(field, application);
            if (application != null && provided != null) {
                shared.add(running.adopt(field, instances, provided, application.lockId()));
            } else if (field.isShared()) {
                shared.add(Objects.requireNonNull(running.running(FakeFields.started(field, instances))));
            } else {
                own.add(FakeFields.start(field, instances));
            }
        }
    }

    boolean isEmpty() {
        return own.isEmpty() && shared.isEmpty();
    }

    /** Lets what arrives over sockets belong to a scope, and no more to the one before. */
    void belongTo(Scope scope) {
        forgetScope();
        own.forEach(fake -> attributions.add(fake.attribute(scope)));
        shared.forEach(fake -> attributions.add(fake.attribute(scope)));
    }

    private void forgetScope() {
        attributions.forEach(Runnable::run);
        attributions.clear();
    }

    /** Ends the test's own fakes, and makes the others like new; complains of faults that had to fire and did not. */
    @Override
    public void close() {
        forgetScope();
        AssertionError failure = null;
        for (RunningFake<?> fake : shared) {
            failure = attempt(() -> fake.renew(settings.mode()), failure);
        }
        shared.clear();
        for (RunningFake<?> fake : own) {
            failure = attempt(fake::close, failure);
        }
        own.clear();
        if (failure != null) {
            throw failure;
        }
    }

    private static @Nullable AssertionError attempt(Runnable end, @Nullable AssertionError before) {
        try {
            end.run();
            return before;
        } catch (AssertionError failed) {
            if (before == null) {
                return failed;
            }
            before.addSuppressed(failed);
            return before;
        }
    }
}
