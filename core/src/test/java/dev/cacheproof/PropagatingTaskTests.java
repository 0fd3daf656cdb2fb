package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PropagatingTaskTests {

    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void aTaskTakesTheScopeOfItsSubmitterAlong(ThreadKind kind) throws Exception {
        Asked files = Asked.loads("propagating task: files " + kind);
        try (Scope scope = Scope.named("test").root().open()) {
            Runnable task = Scope.propagatingTask(() -> files.ask(2));
            assertThat(scope.unfinished()).hasSize(1);
            kind.run(task);

            assertThat(files.in(scope).count()).isEqualTo(2);
            assertThat(scope.unfinished()).isEmpty();
        }
    }

    @Test
    void nobodyWaitsForATaskThatIsAbandoned() {
        try (Scope scope = Scope.named("test").root().open()) {
            Runnable task = Scope.propagatingTask(() -> {});
            Scope.abandon(() -> {});
            assertThat(scope.unfinished()).hasSize(1);

            Scope.abandon(task);
            assertThat(scope.unfinished()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void aTaskIsLeftAloneWhereThereIsNoScopeOfOneTest(ThreadKind kind) throws Exception {
        Runnable task = () -> {};
        assertThat(kind.call(() -> Scope.propagatingTask(task))).isSameAs(task);
        try (Scope shared = Scope.named("class").root().shared().open()) {
            assertThat(Scope.propagatingTask(task)).isSameAs(task);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void aThreadSaysWhyItIsInNoScope(ThreadKind kind) throws Exception {
        Asked files = Asked.loads("unattributed: files " + kind);
        try (Scope scope = Scope.named("test").root().open()) {
            kind.run(() -> {
                try (Scope.Attachment outer = Scope.unattributed("outer")) {
                    try (Scope.Attachment inner = Scope.unattributed("inner")) {
                        files.ask(1);
                    }
                    files.ask(1);
                }
                files.ask(1);
            });

            assertThat(files.in(scope).unattributed())
                    .map(operation -> operation.explanation().orElse("none"))
                    .containsExactly("inner", "outer", "none");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void whatATestLeftRunningIsNamedAfterIt(ThreadKind kind) throws Exception {
        Asked files = Asked.loads("left running: files " + kind);
        Runnable left;
        try (Scope first = Scope.named("FirstTests > leaves()").root().open()) {
            left = Scope.propagatingTask(() -> files.ask(1));
        }
        try (Scope next = Scope.named("next").root().open()) {
            kind.run(left);

            assertThat(files.in(next).count()).isZero();
            assertThat(files.in(next).unattributed().get(0).explanation()).contains("""
                    "FirstTests > leaves()" has ended and left this running:
                    let it wait for what it starts.""");
        }
    }
}
