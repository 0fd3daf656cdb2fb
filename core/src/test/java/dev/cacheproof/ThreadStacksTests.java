package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadStacksTests {

    private final ThreadStacks stacks = new ThreadStacks();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch second = new CountDownLatch(1);
    private final Thread thread = new Thread(this::work, "waiting twice");

    private void work() {
        waitFirst();
        waitSecond();
    }

    private void waitFirst() {
        await(first);
    }

    private void waitSecond() {
        await(second);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        first.countDown();
        second.countDown();
        thread.join();
    }

    private Optional<ThreadInfo> seen(Set<Long> spared) {
        return stacks.except(spared).stream()
                .filter(each -> each.getThreadId() == Reset.threadId(thread))
                .findFirst();
    }

    private ThreadInfo seen() {
        return seen(Set.of()).orElseThrow();
    }

    private void awaitIn(String method) throws InterruptedException {
        Deadline.after(Duration.ofSeconds(30))
                .await(
                        () -> thread.getState() == Thread.State.WAITING
                                && Arrays.stream(thread.getStackTrace())
                                        .anyMatch(frame -> frame.getMethodName().equals(method)),
                        () -> "the thread to wait in " + method);
    }

    @Test
    void readsNoStackAgainOfAThreadThatHasNotRunSince() throws Exception {
        thread.start();
        awaitIn("waitFirst");
        ThreadInfo known = seen();

        assertThat(known.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("waitFirst"));
        assertThat(seen()).isSameAs(known);
    }

    @Test
    void seesThatAThreadHasGoneOnAndWaitsElsewhere() throws Exception {
        thread.start();
        awaitIn("waitFirst");
        assertThat(seen().getStackTrace())
                .noneMatch(frame -> frame.getMethodName().equals("waitSecond"));
        first.countDown();
        awaitIn("waitSecond");

        assertThat(seen().getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("waitSecond"))
                .noneMatch(frame -> frame.getMethodName().equals("waitFirst"));
    }

    /** Its own stack is another one at each look. */
    @Test
    void readsTheStackOfAThreadThatRuns() {
        assertThat(ofThisThread()).anyMatch(frame -> frame.getMethodName().equals("readsTheStackOfAThreadThatRuns"));
        assertThat(atAnotherPlace()).anyMatch(frame -> frame.getMethodName().equals("atAnotherPlace"));
    }

    private StackTraceElement[] atAnotherPlace() {
        return ofThisThread();
    }

    private StackTraceElement[] ofThisThread() {
        return stacks.except(Set.of()).stream()
                .filter(each -> each.getThreadId() == Reset.threadId(Thread.currentThread()))
                .findFirst()
                .orElseThrow()
                .getStackTrace();
    }

    @Test
    void leavesOutThoseThatAreSparedAndThoseThatHaveEnded() throws Exception {
        thread.start();
        awaitIn("waitFirst");
        assertThat(seen(Set.of(Reset.threadId(thread)))).isEmpty();
        assertThat(seen(Set.of())).isPresent();
        end();

        assertThat(seen(Set.of())).isEmpty();
    }
}
