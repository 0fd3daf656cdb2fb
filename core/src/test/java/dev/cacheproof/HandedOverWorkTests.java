package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandedOverWorkTests {

    /** A queue's worker that a test class starts works for whichever test fills the queue. */
    @Test
    void whatASharedScopeHandsOverMayBeAnyTests() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        ExecutorService propagating = Scope.propagating(pool);
        Recorder queue = Recorder.watching(Operation.Kind.LOAD, "queue of a shared scope");
        CountDownLatch filled = new CountDownLatch(1);
        try (Scope shared = Scope.named("class").root().shared().open()) {
            var worker = propagating.submit(() -> {
                assertThat(filled.await(10, TimeUnit.SECONDS)).isTrue();
                Recording recording = queue.begin(queue.request("job"));
                recording.end(Operation.Outcome.of(Operation.Outcome.Status.DONE));
                return recording;
            });
            try (Scope test = Scope.named("test").root().open()) {
                filled.countDown();
                worker.get(10, TimeUnit.SECONDS);
                Journal jobs = test.journal().loads().of("queue of a shared scope"::equals);
                assertThat(jobs.count()).isZero();
                assertThat(jobs.unattributedCount()).isEqualTo(1);
            }
            assertThat(shared.journal().loads().count()).isZero();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void nobodyWaitsForATaskThatItsPoolDropped() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        ExecutorService propagating = Scope.propagating(pool);
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        pool.execute(() -> {
            busy.countDown();
            try {
                never.await();
            } catch (InterruptedException shutDown) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
        try (Scope scope = Scope.named("block").root().open()) {
            propagating.execute(() -> {});
            assertThat(scope.unfinished()).hasSize(1);

            assertThat(propagating.shutdownNow()).hasSize(1);
            assertThat(scope.unfinished()).isEmpty();
        }
    }

    /** A client that returns before its command is answered hands over no task of ours. */
    @Test
    void waitsForWhatIsUnderWay() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        try (Scope scope = Scope.open("block")) {
            Runnable answered = scope.underWay(Operation.Kind.COMMAND, "SET");
            Thread answers = new Thread(() -> {
                try {
                    waits.await();
                } catch (InterruptedException stopped) {
                    return;
                }
                answered.run();
            });
            answers.start();
            waits.countDown();
            assertThat(scope.unfinished(Operation.Kind.QUERY)).isEmpty();
            assertThat(scope.unfinished(Operation.Kind.COMMAND)).isEmpty();
            answers.join();
        }
    }

    /** Under an outage a command may never be answered. That changes no count of queries. */
    @Test
    void namesWhatDoesNotEndWhereItWouldBeCounted() {
        try (Scope scope = Scope.open("block")) {
            Runnable answered;
            try (Scope inner = Scope.open("part")) {
                answered = inner.underWay(Operation.Kind.COMMAND, "SET");
            }
            assertThat(scope.unfinished()).isEmpty();
            assertThat(scope.unfinished(Operation.Kind.COMMAND)).containsExactly("SET");
            assertThat(scope.unfinished(Operation.Kind.QUERY)).isEmpty();
            answered.run();
            assertThat(scope.unfinished(Operation.Kind.COMMAND)).isEmpty();
        }
    }
}
