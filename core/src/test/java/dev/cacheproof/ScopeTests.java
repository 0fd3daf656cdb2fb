package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScopeTests {

    @Test
    void countsWhatItsThreadAsksForUntilItIsClosed() {
        Asked files = Asked.loads("scope: own files");
        Scope scope = Scope.open("own");
        files.ask(3);
        scope.close();
        files.ask(2);

        assertThat(scope.journal().count()).isEqualTo(3);
        assertThat(scope.journal().operations()).hasSize(3);
    }

    @Test
    void keepsNotesForTheRunAlone() {
        Object run = new Object();
        RunningTest one = RunningTest.undeclared("one", "one", run, Settings.current());
        RunningTest two = RunningTest.undeclared("two", "two", run, Settings.current());
        RunningTest other = RunningTest.undeclared("other", "other", new Object(), Settings.current());
        try (Scope scope = Scope.named("one").root().test(one).open();
                Scope inner = Scope.open("block")) {
            Scope.notesOfRun().put("written", 1);
        }
        try (Scope scope = Scope.named("two").root().test(two).open()) {
            assertThat(Scope.notesOfRun()).containsEntry("written", 1);
        }
        try (Scope scope = Scope.named("other").root().test(other).open()) {
            assertThat(Scope.notesOfRun()).isEmpty();
        }
        assertThat(Scope.notesOfRun()).doesNotContainKey("written");
    }

    @Test
    void aNestedScopeCountsForThoseAroundIt() {
        Asked files = Asked.loads("scope: nested files");
        try (Scope outer = Scope.open("outer")) {
            files.ask(1);
            Scope inner = Scope.open("inner");
            files.ask(2);
            Scope innermost = Scope.open("innermost");
            files.ask(4);
            innermost.close();
            inner.close();
            files.ask(8);

            assertThat(innermost.journal().count()).isEqualTo(4);
            assertThat(inner.journal().count()).isEqualTo(6);
            assertThat(outer.journal().count()).isEqualTo(15);
            assertThat(inner.journal().operations()).hasSize(6);
            assertThat(outer.journal().operations()).hasSize(15);
            assertThat(innermost.root()).isSameAs(outer);
        }
    }

    @Test
    void aRootScopeCountsForNoOther() {
        Asked files = Asked.loads("scope: root files");
        try (Scope around = Scope.open("around");
                Scope root = Scope.named("root").root().open()) {
            files.ask(2);

            assertThat(root.journal().count()).isEqualTo(2);
            assertThat(files.in(around).count()).isZero();
            assertThat(files.in(around).unattributedCount()).isZero();
        }
    }

    @Test
    void isCurrentFromOpeningToClosing() {
        try (Scope outer = Scope.open("outer")) {
            try (Scope inner = Scope.open("inner")) {
                assertThat(Scope.current()).containsSame(inner);
            }
            assertThat(Scope.current()).containsSame(outer);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void whatAThreadWithoutAScopeAsksForIsCountedApart(ThreadKind kind) throws Exception {
        Asked files = Asked.loads("scope: strangers' files " + kind);
        try (Scope scope = Scope.open("with strangers")) {
            files.ask(1);
            kind.run(() -> files.ask(3));

            assertThat(files.in(scope).count()).isEqualTo(1);
            assertThat(files.in(scope).unattributedCount()).isEqualTo(3);
            assertThat(files.in(scope).unattributed()).hasSize(3);
            assertThat(files.in(scope).operations()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void whatASiblingAsksForIsNotCountedAtAll(ThreadKind kind) throws Exception {
        Asked files = Asked.loads("scope: sibling's files " + kind);
        try (Scope scope = Scope.open("mine")) {
            long siblings = kind.call(() -> {
                try (Scope sibling = Scope.open("sibling")) {
                    files.ask(3);
                    return sibling.journal().count();
                }
            });

            assertThat(siblings).isEqualTo(3);
            assertThat(files.in(scope).count()).isZero();
            assertThat(files.in(scope).unattributedCount()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void aWrappedTaskBelongsToItsScope(ThreadKind kind) throws Exception {
        Asked files = Asked.loads("scope: wrapped files " + kind);
        try (Scope scope = Scope.open("wrapping")) {
            kind.run(scope.wrap(() -> files.ask(2)));
            String answer = kind.call(scope.wrap((Callable<String>) () -> {
                files.ask(3);
                return "answer";
            }));

            assertThat(answer).isEqualTo("answer");
            assertThat(scope.journal().count()).isEqualTo(5);
            assertThat(files.in(scope).unattributedCount()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void aThreadIsInNoScopeAfterTheWrappedTask(ThreadKind kind) throws Exception {
        Asked files = Asked.loads("scope: files after wrapped " + kind);
        try (Scope scope = Scope.open("wrapping")) {
            kind.run(() -> {
                scope.wrap(() -> files.ask(2)).run();
                files.ask(3);
            });

            assertThat(scope.journal().count()).isEqualTo(2);
            assertThat(files.in(scope).unattributedCount()).isEqualTo(3);
        }
    }

    @Test
    void aWrappedExecutorRunsEachTaskInTheScope() throws Exception {
        Asked files = Asked.loads("scope: executor's files");
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (Scope scope = Scope.open("with an executor")) {
            CountDownLatch done = new CountDownLatch(1);
            scope.wrap(pool).execute(() -> {
                files.ask(2);
                done.countDown();
            });
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            pool.submit(() -> files.ask(1)).get(30, TimeUnit.SECONDS);

            assertThat(scope.journal().count()).isEqualTo(2);
            assertThat(files.in(scope).unattributedCount()).isEqualTo(1);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aPropagatingExecutorRunsEachTaskInTheScopeOfItsSubmitter() throws Exception {
        Asked files = Asked.loads("scope: propagated files");
        ExecutorService pool = Scope.propagating(Executors.newSingleThreadExecutor());
        try {
            Scope first = Scope.open("first");
            pool.submit(() -> files.ask(1)).get(30, TimeUnit.SECONDS);
            first.close();
            try (Scope second = Scope.open("second")) {
                List<Callable<Boolean>> tasks = List.of(
                        () -> {
                            files.ask(2);
                            return true;
                        },
                        () -> {
                            files.ask(4);
                            return true;
                        });
                pool.invokeAll(tasks, 30, TimeUnit.SECONDS);
                assertThat(second.journal().count()).isEqualTo(6);
                assertThat(second.unfinished()).isEmpty();
            }
            assertThat(first.journal().count()).isEqualTo(1);
        } finally {
            pool.shutdown();
        }
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.isTerminated()).isTrue();
    }

    /** A wrapped task used to be forgotten by its thread when it opened a scope after its own had ended. */
    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void aTaskThatOutlivesItsScopeBelongsToTheOneAroundIt(ThreadKind kind) throws Exception {
        Asked files = Asked.loads("scope: files of an outliving task " + kind);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (Scope outer = Scope.open("outer")) {
            Scope inner = Scope.open("inner");
            FutureTask<Boolean> task = kind.start(inner.wrap(() -> {
                files.ask(1);
                started.countDown();
                boolean inTime = closed.await(30, TimeUnit.SECONDS);
                files.ask(2);
                try (Scope nested = Scope.open("nested")) {
                    files.ask(4);
                }
                files.ask(8);
                return inTime;
            }));
            assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
            inner.close();
            closed.countDown();
            assertThat(task.get(30, TimeUnit.SECONDS)).isTrue();

            assertThat(inner.journal().count()).isEqualTo(1);
            assertThat(outer.journal().count()).isEqualTo(15);
            assertThat(files.in(outer).unattributedCount()).isZero();
        }
    }

    @Test
    void aThreadMayEnterAScopeTwice() throws Exception {
        Asked files = Asked.loads("scope: files of one that entered twice");
        try (Scope scope = Scope.open("entered twice")) {
            ThreadKind.all().get(0).run(() -> {
                Scope.Attachment first = scope.attach();
                Scope.Attachment second = scope.attach();
                second.close();
                second.close();
                files.ask(1);
                first.close();
                files.ask(2);
            });

            assertThat(scope.journal().count()).isEqualTo(1);
            assertThat(files.in(scope).unattributedCount()).isEqualTo(2);
        }
    }

    @Test
    void keepsTheFindingsThatWereLeft() {
        try (Scope scope = Scope.open("with findings")) {
            scope.report("caching", "first");
            scope.report("queries", "other");
            scope.report("caching", "second");

            assertThat(scope.reports())
                    .containsExactly(
                            java.util.Map.entry("caching", "first\nsecond"), java.util.Map.entry("queries", "other"));
        }
    }

    @Test
    void knowsItsTestAndThatOfTheScopesAroundIt() {
        RunningTest test = RunningTest.undeclared("id", "aTest", "run of its own", Settings.current());
        try (Scope outer = Scope.named("outer").test(test).open();
                Scope inner = Scope.open("inner");
                Scope other = Scope.named("other").root().open()) {
            assertThat(outer.test()).containsSame(test);
            assertThat(inner.test()).containsSame(test);
            assertThat(other.test()).isEmpty();
        }
    }

    @Test
    void remembersWhereItWasOpenedIfCallSitesAreRecorded() {
        try (Scope with = Scope.named("with").callSites().open();
                Scope without = Scope.named("without").root().open()) {
            assertThat(with.openedAt()).matches("\\(ScopeTests\\.java:\\d+\\)");
            assertThat(without.openedAt()).isEqualTo("(unknown)");
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesNull() {
        try (Scope scope = Scope.open("refusing null")) {
            assertThatNullPointerException().isThrownBy(() -> Scope.open(null)).withMessage("name");
            assertThatNullPointerException()
                    .isThrownBy(() -> Scope.propagating(null))
                    .withMessage("executor");
            assertThatNullPointerException()
                    .isThrownBy(() -> scope.wrap((Runnable) null))
                    .withMessage("task");
            assertThatNullPointerException()
                    .isThrownBy(() -> scope.wrap((Callable<String>) null))
                    .withMessage("task");
            assertThatNullPointerException().isThrownBy(() -> scope.gate(null)).withMessage("gate");
        }
    }

    @Test
    void refusesToKeepFewerThanTenDetails() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scope.named("tight").details(9))
                .withMessage("details must be at least 10, but is 9");
    }
}
