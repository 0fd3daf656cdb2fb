package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScopeCloseTests {

    @Test
    void closesOnceHoweverOftenItIsAsked() {
        try (Scope outer = Scope.open("outer")) {
            Scope inner = Scope.open("inner");
            inner.close();
            inner.close();

            assertThat(Scope.current()).containsSame(outer);
            assertThat(inner).hasToString("Scope inner (closed)");
        }
    }

    @Test
    void namesTheScopesThatWereForgottenInsideIt() {
        Asked files = Asked.loads("close: files after a forgotten scope");
        Scope around = Scope.open("around");
        Scope outer = Scope.open("outer");
        Scope middle = Scope.open("middle");
        Scope inner = Scope.open("inner");

        assertThatIllegalStateException()
                .isThrownBy(outer::close)
                .withMessage("Scope \"outer\" was closed before the scopes inside it: [middle, inner]."
                        + " Close the inner scope first; try-with-resources does.");

        files.ask(1);
        assertThat(Scope.current()).containsSame(around);
        assertThat(middle.isClosed()).isTrue();
        assertThat(inner.isClosed()).isTrue();
        assertThat(inner.journal().count()).isZero();
        assertThat(around.journal().count()).isEqualTo(1);
        middle.close();
        inner.close();
        around.close();
    }

    @Test
    void aRootScopeInsideStaysOpen() {
        Scope outer = Scope.open("outer");
        try (Scope root = Scope.named("root").root().open()) {
            outer.close();

            assertThat(root.isClosed()).isFalse();
            assertThat(Scope.current()).containsSame(root);
        }
    }

    /** It would stay on the pool's thread, and swallow what the next test asks for there. */
    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void aWrappedTaskThatForgetsAScopeFails(ThreadKind kind) throws Exception {
        Asked files = Asked.loads("close: files after a forgetful task " + kind);
        try (Scope scope = Scope.open("of the task")) {
            kind.run(() -> {
                assertThatIllegalStateException()
                        .isThrownBy(() ->
                                scope.wrap(() -> Scope.open("forgotten").name()).call())
                        .withMessageStartingWith(
                                "Scope \"of the task\" was left before the scopes inside it: [forgotten].");
                files.ask(1);
            });
            assertThat(files.in(scope).count()).isZero();
            assertThat(files.in(scope).unattributedCount()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void anotherThreadMayCloseIt(ThreadKind kind) throws Exception {
        Asked files = Asked.loads("close: files after another thread closed " + kind);
        try (Scope outer = Scope.open("outer")) {
            Scope inner = Scope.open("inner");
            kind.run(inner::close);
            files.ask(1);

            assertThat(Scope.current()).containsSame(outer);
            assertThat(inner.journal().count()).isZero();
            assertThat(outer.journal().count()).isEqualTo(1);
            inner.close();
        }
    }

    @Test
    void aThreadThatAnotherClosedTheScopeOfKeepsNothingOfIt() throws Exception {
        Scope scope = Scope.open("closed by another");
        ThreadKind.all().get(0).run(scope::close);
        scope.close();

        assertThat(ProcessState.thread().isInside(scope)).isFalse();
        assertThat(scope.threads()).isEmpty();
    }

    @Test
    void anotherThreadCannotEndAThreadsStay() throws Exception {
        try (Scope scope = Scope.open("entered")) {
            try (Scope.Attachment attached = scope.attach()) {
                String here = Thread.currentThread().getName();
                ThreadKind.all()
                        .get(0)
                        .run(() -> assertThatIllegalStateException()
                                .isThrownBy(attached::close)
                                .withMessage("Scope \"entered\" was entered by thread \"" + here + "\", so thread \""
                                        + Thread.currentThread().getName() + "\" cannot take it out."));
            }
        }
    }

    @Test
    void remembersAThreadForAsLongAsItWorksForTheRoot() throws Exception {
        Scope scope = Scope.open("root");
        Scope nested = Scope.open("nested");
        Thread opener = Thread.currentThread();
        ThreadKind.all().get(0).run(nested.wrap(() -> {
            assertThat(scope.threads()).contains(opener, Thread.currentThread());
        }));

        assertThat(scope.threads()).containsExactly(opener);
        nested.close();
        assertThat(scope.threads()).containsExactly(opener);
        scope.close();
        assertThat(scope.threads()).isEmpty();
    }

    @Test
    void namesTheTasksThatHaveNotFinished() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        try (Scope scope = Scope.named("with tasks").callSites().open()) {
            FutureTask<Boolean> running = ThreadKind.all().get(0).start(scope.wrap(() -> {
                started.countDown();
                return go.await(30, TimeUnit.SECONDS);
            }));
            Runnable waiting = scope.wrap(() -> {});
            assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();

            assertThat(scope.unfinished())
                    .hasSize(2)
                    .allMatch(task -> task.startsWith("task handed over at ScopeCloseTests.namesTheTasks"));

            go.countDown();
            assertThat(running.get(30, TimeUnit.SECONDS)).isTrue();
            waiting.run();
            assertThat(scope.unfinished()).isEmpty();
        }
    }

    @Test
    void namesAnUnfinishedTasksClassWhereNoCallSiteIsKnown() {
        try (Scope scope = Scope.open("with tasks")) {
            assertThat(scope.wrap(new Import())).isNotNull();
            assertThat(scope.wrap(() -> {})).isNotNull();

            assertThat(scope.unfinished()).containsExactly("task ScopeCloseTests", "task ScopeCloseTests.Import");
        }
    }

    private static final class Import implements Runnable {
        @Override
        public void run() {}
    }

    /** A future completes before the task that completes it has returned; asking at once used to name it. */
    @Test
    void aTaskWhoseFutureIsDoneIsFinished() throws Exception {
        ExecutorService pool = Scope.propagating(Executors.newFixedThreadPool(2));
        try (Scope scope = Scope.open("with futures")) {
            for (int i = 0; i < 2_000; i++) {
                CompletableFuture.runAsync(() -> {}, pool).get(30, TimeUnit.SECONDS);
                assertThat(scope.unfinished()).isEmpty();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aTaskThatFailedIsFinished() {
        try (Scope scope = Scope.open("with a failing task")) {
            Runnable task = scope.wrap((Runnable) () -> {
                throw new IllegalArgumentException("of the task");
            });

            assertThatThrownBy(task::run).hasMessage("of the task");
            assertThat(scope.unfinished()).isEmpty();
        }
    }

    @Test
    void aTaskThatWasRejectedIsNotWaitedFor() {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        pool.shutdown();
        try (Scope scope = Scope.open("with a rejected task")) {
            assertThatThrownBy(() -> scope.wrap(pool).execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
            assertThatThrownBy(() -> Scope.propagating(pool).execute(() -> {}))
                    .isInstanceOf(RejectedExecutionException.class);

            assertThat(scope.unfinished()).isEmpty();
        }
    }
}
