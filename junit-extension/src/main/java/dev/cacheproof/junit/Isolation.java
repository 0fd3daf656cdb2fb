package dev.cacheproof.junit;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.FailureText;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/** The isolation of one test, from before its first method to after its last. Used by the thread that JUnit calls on. */
final class Isolation implements Store.CloseableResource, AutoCloseable {

    private final ExtensionContext context;
    private final IsolationPlan plan;
    private final Settings settings;
    private final List<Object> instances;
    private final CacheRegistry registry;
    private final CacheRegistry around;
    private final TestFakes fakes;
    private final @Nullable TestApplication application;
    private final boolean annotated;
    private final boolean ownsScope;
    private final Scope scope;
    private Set<String> lateFields = Set.of();
    private boolean ended;

    /** Held by the dynamic test that runs: those of one factory have the same caches and fakes, whatever JUnit has locked. */
    private final ReentrantLock turns = new ReentrantLock();

    Isolation(
            ExtensionContext context,
            IsolationPlan plan,
            boolean annotated,
            Settings settings,
            Object run,
            TestFakes fakes,
            @Nullable TestApplication application) {
        this.context = context;
        this.plan = plan;
        this.annotated = annotated;
        this.settings = settings;
        this.fakes = fakes;
        this.application = application;
        this.instances = context.getRequiredTestInstances().getAllInstances();
        this.registry = plan.registry(instances, fakes, application);
        this.around = plan.around(registry, fakes);
        Scope given = Scope.current()
                .filter(current -> current.test()
                        .filter(test -> test.id().equals(context.getUniqueId()))
                        .isPresent())
                .map(Scope::root)
                .orElse(null);
        this.ownsScope = given == null;
        this.scope = given != null ? given : open(run);
        this.scope.test().ifPresent(test -> {
            test.registry(registry);
            fakes.usedBy(test);
        });
        fakes.belongTo(scope);
    }

    /** The launcher's listener has opened a scope for each test; without it, a test that is isolated gets one here. */
    private Scope open(Object run) {
        String name = TestScopeListener.name(context.getRequiredTestClass(), context.getDisplayName());
        String id = context.getUniqueId();
        // Without the annotation, JUnit locks nothing.
        RunningTest test = annotated
                ? RunningTest.claiming(id, name, run, plan.locks(), settings)
                : RunningTest.undeclared(id, name, run, settings);
        return Scope.named(name).root().test(test).open();
    }

    Scope scope() {
        return scope;
    }

    CacheRegistry registry() {
        return registry;
    }

    TestFakes fakes() {
        return fakes;
    }

    void begin() {
        fakes.renew();
        if (registry.isEmpty() && annotated && !plan.isOfNoCache()) {
            FailureText text = FailureText.of("@CacheIsolation on "
                    + context.getRequiredTestClass().getSimpleName() + " finds no cache to isolate");
            Set<String> why = Recorder.whyNotWatched(Operation.Kind.CACHE);
            why.forEach(reason -> text.fact("why", reason));
            throw text.hint(
                            (why.isEmpty()
                                            ? ""
                                            : "change what is named above, or leave @CacheIsolation out. For a cache that is no bean,\n")
                                    + "register one: on a field of the test class,\n"
                                    + "  @RegisterCache static final Cache<String, Price> PRICES = Prices.CACHE;\n"
                                    + "or once for the project, in a class that META-INF/services/dev.cacheproof.CacheRegistrar"
                                    + " names,\n"
                                    + "  public void register(CacheRegistry caches) { caches.add(\"prices\", () -> Prices.CACHE); }")
                    .toError();
        }
        Set<String> present = new TreeSet<>(around.ids());
        lateFields = plan.fields().unassigned(instances);
        lateFields.retainAll(present);
        present.removeAll(lateFields);
        if (!present.isEmpty()) {
            CacheIsolationEngine.of(around.only(present)).reset();
        }
    }

    /** Resets the caches of fields that were assigned by a method that ran before the test. */
    void resetLateFields() {
        if (!lateFields.isEmpty()) {
            CacheIsolationEngine.of(around.only(lateFields)).reset();
        }
    }

    /**
     * Waits until no other dynamic test of the same factory runs, which ends when that does. Where the factory has locked a
     * cache, JUnit has them on one thread.
     */
    Turn awaitTurn() throws InterruptedException {
        turns.lockInterruptibly();
        return turns::unlock;
    }

    /** A dynamic test's turn; closed by the thread that awaited it. */
    @FunctionalInterface
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    void reset() {
        CacheIsolationEngine.of(around).reset();
    }

    void end() {
        if (ended) {
            return;
        }
        ended = true;
        Attempts ends = new Attempts();
        // Before they are made like new, or end.
        context.getExecutionException().ifPresent(failure -> ends.make(() -> fakes.explain(failure)));
        ends.make(this::closeForgotten);
        ends.make(this::resetAssigned);
        ends.make(fakes::close);
        ends.make(() -> publish(scope, context));
        if (ownsScope) {
            ends.make(scope::close);
        }
        ends.throwIfAny();
    }

    /** Ends without a word, so that the test can begin again in another application: its caches are made cold then. */
    void abandon() {
        ended = true;
        Attempts ends = new Attempts();
        ends.make(fakes::close);
        if (ownsScope) {
            ends.make(scope::close);
        }
        ends.throwIfAny();
    }

    /** A scope that the listener opened would complain too, but the launcher only logs that. */
    private void closeForgotten() {
        List<String> forgotten = new ArrayList<>();
        for (Scope inner = innermost(); inner != scope && inner.root() == scope; inner = innermost()) {
            forgotten.add(inner.name());
            inner.close();
        }
        if (!forgotten.isEmpty() && settings.mode() == Settings.Mode.ENFORCE) {
            throw new IllegalStateException("The test has left scopes open: " + forgotten
                    + ". Close each where it was opened; try-with-resources does.");
        }
    }

    private Scope innermost() {
        return Scope.current().orElse(scope);
    }

    private void resetAssigned() {
        Set<String> assigned = new TreeSet<>(around.ids());
        assigned.removeAll(plan.fields().unassigned(instances));
        assigned.removeAll(gone());
        if (!assigned.isEmpty()) {
            CacheIsolationEngine.of(around.only(assigned)).reset();
        }
    }

    /** The caches that have ended with their application, before the test has: nobody meets them again. */
    private Set<String> gone() {
        if (application == null || application.isRunning()) {
            return Set.of();
        }
        Set<String> gone = new TreeSet<>(application.caches().ids());
        gone.addAll(fakes.namesOfApplication());
        return gone;
    }

    /** What would have failed is always told; what was counted, where that is asked for. */
    static void publish(Scope scope, ExtensionContext context) {
        Map<String, String> reports = scope.reports();
        Settings settings = scope.test().map(RunningTest::settings).orElseGet(Settings::current);
        boolean wanted = settings.reports() == Settings.Reports.ON || settings.mode() == Settings.Mode.REPORT;
        if (wanted && !reports.isEmpty()) {
            context.publishReportEntry(reports);
        }
    }

    /** Called where JUnit could not call {@code afterEach}. */
    @Override
    public void close() {
        end();
    }
}
