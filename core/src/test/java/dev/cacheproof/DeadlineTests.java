package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadlineTests {

    @Test
    void waitsUntilTheConditionHolds() throws InterruptedException {
        AtomicInteger polls = new AtomicInteger();
        Deadline.after(Duration.ofSeconds(30)).await(() -> polls.incrementAndGet() == 3, () -> "the third poll");

        assertThat(polls).hasValue(3);
    }

    @Test
    void saysWhatItWaitedFor() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        Deadline.after(Duration.ofMillis(20)).await(() -> false, () -> "the loader of \"themes\""))
                .withMessage("Waited 20 ms in vain for the loader of \"themes\"");
    }

    @Test
    void canBeInterrupted() {
        FutureTask<Boolean> waiter = ThreadKind.all().get(0).start(() -> {
            Thread.currentThread().interrupt();
            Deadline.after(Duration.ofSeconds(30)).await(() -> false, () -> "nothing");
            return true;
        });

        assertThatThrownBy(() -> waiter.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void neverPassesWhereDeadlinesAreOff() throws Exception {
        Settings off =
                Settings.resolve(name -> name.equals("cacheproof.deadlines") ? Optional.of("off") : Optional.empty());
        RunningTest test = RunningTest.undeclared("id", "debugged", "a run of its own", off);
        CountDownLatch polledLater = new CountDownLatch(1);
        try (Scope scope = Scope.named("debugged").root().test(test).open()) {
            assertThat(scope.test()).isPresent();
            Deadline deadline = Deadline.after(Duration.ofNanos(1));
            AtomicInteger polls = new AtomicInteger();
            deadline.await(() -> polls.incrementAndGet() == 5, polledLater::toString);

            assertThat(polls).hasValue(5);
            assertThat(deadline.hasPassed()).isFalse();
        }
    }

    @Test
    void takesAnyLength() {
        Deadline endless = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(endless.hasPassed()).isFalse();
        assertThat(endless.remainingNanos()).isGreaterThan(Duration.ofDays(300).toNanos());
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesWhatIsNoTime() {
        assertThatNullPointerException().isThrownBy(() -> Deadline.after(null)).withMessage("allowed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Deadline.after(Duration.ZERO))
                .withMessage("allowed must be positive, but is PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Deadline.after(Duration.ofMillis(-5)))
                .withMessage("allowed must be positive, but is PT-0.005S");
    }
}
