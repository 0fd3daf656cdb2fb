package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Scope;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;

class ScopeAccessorTests {

    private static final ContextSnapshotFactory SNAPSHOTS =
            ContextSnapshotFactory.builder().build();

    @AutoClose("shutdown")
    final ExecutorService pool = Executors.newSingleThreadExecutor();

    private Optional<Scope> onThePool() {
        return CompletableFuture.supplyAsync(Scope::current, pool).join();
    }

    @Test
    void isFoundByMicrometer() {
        assertThat(ContextRegistry.getInstance().getThreadLocalAccessors()).anyMatch(ScopeAccessor.class::isInstance);
    }

    @Test
    void takesTheTestAlongAndLeavesTheThreadAsItWas() {
        ContextSnapshot snapshot;
        CompletableFuture<Optional<Scope>> seen = new CompletableFuture<>();
        try (Scope scope = Scope.named("test").root().open()) {
            snapshot = SNAPSHOTS.captureAll();
            pool.execute(snapshot.wrap((Runnable) () -> seen.complete(Scope.current())));
            assertThat(seen.join()).containsSame(scope);
            assertThat(onThePool()).isEmpty();

            CompletableFuture<Optional<Scope>> decorated = new CompletableFuture<>();
            pool.execute(new ContextPropagatingTaskDecorator().decorate(() -> decorated.complete(Scope.current())));
            assertThat(decorated.join()).containsSame(scope);
            assertThat(onThePool()).isEmpty();
        }
    }

    @Test
    void returnsToTheScopeThatTheThreadWasIn() {
        try (Scope outer = Scope.named("outer").root().open()) {
            ContextSnapshot ofOuter = SNAPSHOTS.captureAll();
            try (Scope other = Scope.named("other").root().open();
                    ContextSnapshot.Scope entered = ofOuter.setThreadLocals()) {
                assertThat(Scope.current()).containsSame(outer);
                entered.close();
                assertThat(Scope.current()).containsSame(other);
            }
        }
    }

    @Test
    void takesNothingAlongFromWhatTestsShare() {
        try (Scope shared = Scope.named("class").root().shared().open()) {
            CompletableFuture<Optional<Scope>> seen = new CompletableFuture<>();
            pool.execute(SNAPSHOTS.captureAll().wrap((Runnable) () -> seen.complete(Scope.current())));
            assertThat(seen.join()).isEmpty();
            assertThat(onThePool()).isEmpty();
        }
    }

    @Test
    void leavesATaskInItsScopeWhereTheSnapshotHasNone() {
        ContextSnapshotFactory clearing =
                ContextSnapshotFactory.builder().clearMissing(true).build();
        ContextSnapshot empty =
                CompletableFuture.supplyAsync(clearing::captureAll, pool).join();
        try (Scope scope = Scope.named("test").root().open()) {
            try (ContextSnapshot.Scope entered = empty.setThreadLocals()) {
                assertThat(Scope.current()).containsSame(scope);
            }
            assertThat(Scope.current()).containsSame(scope);
        }
    }
}
