package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GateTests {

    @Test
    void isShownTheOperationBeforeItLeaves() {
        Asked files = Asked.loads("gate: files shown");
        List<Operation> seen = new ArrayList<>();
        try (Scope scope = Scope.open("gated").gate(operation -> {
            seen.add(operation);
            return Gate.Verdict.proceed();
        })) {
            Recording recording = files.ask("read");

            assertThat(recording.refusal()).isNull();
            assertThat(seen)
                    .singleElement()
                    .satisfies(operation ->
                            assertThat(operation.outcome().status()).isEqualTo(Operation.Outcome.Status.PENDING));
            assertThat(seen.get(0).shape()).isEqualTo("read");
            assertThat(scope.journal().count()).isEqualTo(1);
        }
    }

    @Test
    void refusesAnOperationWhichIsCountedAllTheSame() {
        Asked files = Asked.loads("gate: files refused");
        try (Scope scope = Scope.open("gated").gate(operation -> Gate.Verdict.refuse("the disk is gone"))) {
            Recording recording = files.ask("read");

            assertThat(recording.refusal()).isEqualTo("the disk is gone");
            assertThat(scope.journal().count()).isEqualTo(1);
            assertThat(scope.journal().operations())
                    .singleElement()
                    .extracting(Operation::outcome)
                    .isEqualTo(new Operation.Outcome(Operation.Outcome.Status.REFUSED, "the disk is gone"));
        }
    }

    @Test
    void whatItThrowsReachesTheCodeUnderTest() {
        Asked files = Asked.loads("gate: files thrown");
        IllegalArgumentException thrown = new IllegalArgumentException("of the gate");
        try (Scope scope = Scope.open("gated").gate(operation -> {
            throw thrown;
        })) {
            assertThatThrownBy(() -> files.ask("read")).isSameAs(thrown);
            assertThat(scope.journal().operations())
                    .singleElement()
                    .extracting(Operation::outcome)
                    .isEqualTo(Operation.Outcome.failed(thrown));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void holdsAnOperationUntilTheTestLetsItGo(ThreadKind kind) throws Exception {
        Asked files = Asked.loads("gate: files held " + kind);
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (Scope scope = Scope.open("gated").gate(operation -> {
            arrived.countDown();
            await(release);
            return Gate.Verdict.proceed();
        })) {
            FutureTask<Recording> asked = kind.start(scope.wrap(() -> files.ask("read")));
            await(arrived);

            assertThat(asked).isNotDone();
            assertThat(scope.journal().count()).isEqualTo(1);
            assertThat(scope.journal().operations()).isEmpty();

            release.countDown();
            assertThat(asked.get(30, TimeUnit.SECONDS).refusal()).isNull();
            assertThat(scope.journal().operations()).hasSize(1);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void isNotAskedAboutWhatItAsksForItself() {
        Asked files = Asked.loads("gate: files of the gate");
        AtomicInteger asked = new AtomicInteger();
        try (Scope scope = Scope.open("gated").gate(operation -> {
            asked.incrementAndGet();
            files.ask("of the gate");
            return Gate.Verdict.proceed();
        })) {
            files.ask("first");
            files.ask("second");

            assertThat(asked).hasValue(2);
            assertThat(scope.journal().operations())
                    .extracting(Operation::shape)
                    .containsExactly("first", "second");
        }
    }

    @Test
    void isAskedAgainAfterItHasThrown() {
        Asked files = Asked.loads("gate: files after a throw");
        AtomicInteger asked = new AtomicInteger();
        try (Scope scope = Scope.open("gated").gate(operation -> {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalArgumentException("once");
            }
            return Gate.Verdict.proceed();
        })) {
            assertThatThrownBy(() -> files.ask("first")).hasMessage("once");
            files.ask("second");

            assertThat(asked).hasValue(2);
            assertThat(scope.journal().count()).isEqualTo(2);
        }
    }

    @Test
    void thoseOfAllScopesAroundAreAskedInnermostFirst() {
        Asked files = Asked.loads("gate: files in nested scopes");
        List<String> asked = new ArrayList<>();
        try (Scope outer = Scope.open("outer").gate(named("outer", asked))) {
            try (Scope inner = Scope.open("inner").gate(named("first", asked)).gate(named("second", asked))) {
                assertThat(inner).isNotNull();
                files.ask(1);
                assertThat(asked).containsExactly("first", "second", "outer");
            }
            asked.clear();
            files.ask(1);
            assertThat(asked).containsExactly("outer");
            assertThat(outer.journal().count()).isEqualTo(2);
        }
    }

    private static Gate named(String name, List<String> asked) {
        return operation -> {
            asked.add(name);
            return Gate.Verdict.proceed();
        };
    }

    @Test
    void afterARefusalNoFurtherOneIsAsked() {
        Asked files = Asked.loads("gate: files refused by the inner");
        List<String> asked = new ArrayList<>();
        try (Scope outer = Scope.open("outer").gate(named("outer", asked));
                Scope inner = Scope.open("inner").gate(operation -> Gate.Verdict.refuse("no"))) {
            assertThat(inner).isNotNull();
            assertThat(files.ask("read").refusal()).isEqualTo("no");
            assertThat(asked).isEmpty();
            assertThat(outer.journal().count()).isEqualTo(1);
        }
    }

    @Test
    void isNotAskedAfterItsScopeWasClosedUnderAnother() throws Exception {
        Asked files = Asked.loads("gate: files after the gate's scope");
        List<String> asked = new ArrayList<>();
        Scope outer = Scope.open("outer").gate(named("outer", asked));
        ThreadKind.all().get(0).run(outer.wrap(() -> {
            try (Scope inner = Scope.open("inner")) {
                outer.close();
                files.ask(1);
                assertThat(inner.journal().count()).isEqualTo(1);
            }
        }));
        outer.close();

        assertThat(asked).isEmpty();
    }
}
