package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TestClockTests {

    private static final Duration HOUR = Duration.ofHours(1);

    private final TestClock clock = TestClock.create("shop clock");

    @Test
    void showsTheRealTimeUntilItIsMoved() {
        Instant before = Instant.now();
        TestClock fresh = TestClock.create();
        Instant shown = fresh.instant();

        assertThat(shown)
                .isAfterOrEqualTo(before)
                .isBeforeOrEqualTo(Instant.now().plusSeconds(1));
        assertThat(fresh.instant()).isAfterOrEqualTo(shown);
    }

    @Test
    void movesByExactlyTheStepWhileItIsFrozen() {
        clock.freeze();
        Instant before = clock.instant();
        long ticks = clock.nanoTime();
        clock.advance(HOUR);

        assertThat(clock.instant()).isEqualTo(before.plus(HOUR));
        assertThat(clock.millis()).isEqualTo(before.plus(HOUR).toEpochMilli());
        assertThat(clock.nanoTime() - ticks).isEqualTo(HOUR.toNanos());
    }

    @Test
    void movesPastTheMillisecondWhileItRuns() {
        for (int i = 0; i < 200; i++) {
            long before = clock.millis();
            clock.advance(HOUR);
            assertThat(clock.millis()).isGreaterThan(before + HOUR.toMillis());
        }
    }

    @Test
    void runsOnFromWhereItStoodWhenItIsResumed() {
        clock.freeze();
        clock.advance(HOUR);
        Instant stood = clock.instant();
        clock.resume();
        clock.resume();

        assertThat(clock.instant()).isAfterOrEqualTo(stood).isBefore(stood.plus(Duration.ofMinutes(30)));
        clock.freeze();
        clock.freeze();
        Instant frozen = clock.instant();
        assertThat(frozen).isAfterOrEqualTo(stood);
        assertThat(clock.instant()).isEqualTo(frozen);
    }

    @Test
    void runsWhatFallsDueInOrderAndAtItsTime() {
        clock.freeze();
        Instant start = clock.instant();
        List<String> ran = new ArrayList<>();
        clock.schedule(Duration.ofMinutes(20), () -> ran.add("second at " + since(start)));
        clock.schedule(Duration.ofMinutes(10), () -> ran.add("first at " + since(start)));
        clock.schedule(Duration.ofMinutes(20), () -> ran.add("third at " + since(start)));
        clock.schedule(Duration.ofMinutes(90), () -> ran.add("later at " + since(start)));
        clock.afterStep(() -> ran.add("after the step at " + since(start)));

        clock.advance(HOUR);
        assertThat(ran)
                .containsExactly("first at PT10M", "second at PT20M", "third at PT20M", "after the step at PT1H");

        ran.clear();
        clock.advance(Duration.ofMinutes(30));
        assertThat(ran).containsExactly("later at PT1H30M", "after the step at PT1H30M");
    }

    private Duration since(Instant start) {
        return Duration.between(start, clock.instant());
    }

    @Test
    void runsWhatADueActionSchedulesInTheSameStep() {
        clock.freeze();
        Instant start = clock.instant();
        List<Duration> ran = new ArrayList<>();
        clock.schedule(Duration.ofMinutes(10), () -> {
            ran.add(since(start));
            clock.schedule(Duration.ofMinutes(10), () -> ran.add(since(start)));
            clock.schedule(Duration.ofMinutes(60), () -> ran.add(since(start)));
        });

        clock.advance(HOUR);
        assertThat(ran).containsExactly(Duration.ofMinutes(10), Duration.ofMinutes(20));
        assertThat(since(start)).isEqualTo(HOUR);
    }

    @Test
    void whatIsDueNowRunsInAStepOfZero() {
        List<String> ran = new ArrayList<>();
        clock.freeze();
        clock.schedule(Duration.ZERO, () -> ran.add("due"));
        clock.advance(Duration.ZERO);

        assertThat(ran).containsExactly("due");
    }

    @Test
    void aRunningClockNeverShowsAnActionATimeBeforeItsOwn() {
        AtomicReference<Instant> seen = new AtomicReference<>();
        Instant start = clock.instant();
        clock.schedule(Duration.ofMinutes(10), () -> seen.set(clock.instant()));
        clock.advance(HOUR);

        assertThat(seen.get())
                .isAfterOrEqualTo(start.plus(Duration.ofMinutes(10)))
                .isBefore(start.plus(HOUR));
    }

    @Test
    void anActionThatThrowsLeavesTheOthersToTheNextStep() {
        List<String> ran = new ArrayList<>();
        clock.freeze();
        clock.schedule(Duration.ofMinutes(10), () -> {
            throw new IllegalStateException("of the action");
        });
        clock.schedule(Duration.ofMinutes(20), () -> ran.add("second"));

        assertThatIllegalStateException().isThrownBy(() -> clock.advance(HOUR)).withMessage("of the action");
        assertThat(ran).isEmpty();
        clock.advance(HOUR);
        assertThat(ran).containsExactly("second");
    }

    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void neverRunsBackwardsForAnyThread(ThreadKind kind) throws Exception {
        List<FutureTask<Boolean>> readers = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            readers.add(kind.start(() -> {
                Instant last = clock.instant();
                boolean forwards = true;
                while (done.getCount() > 0) {
                    Instant now = clock.instant();
                    forwards &= !now.isBefore(last);
                    last = now;
                    Thread.onSpinWait();
                }
                return forwards;
            }));
        }
        for (int i = 0; i < 300; i++) {
            clock.advance(Duration.ofSeconds(i % 7));
            clock.freeze();
            clock.advance(Duration.ofNanos(i));
            clock.resume();
        }
        done.countDown();
        for (FutureTask<Boolean> reader : readers) {
            assertThat(reader.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void refusesStepsThatItCannotMake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
                .withMessage("step must not be negative, but is PT-1S: shop clock never runs backwards");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clock.advance(Duration.ofSeconds(Long.MAX_VALUE)))
                .withMessageStartingWith("step must end within 290 years of the start of shop clock, but is PT");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clock.schedule(Duration.ofSeconds(-1), () -> {}))
                .withMessageStartingWith("delay must not be negative, but is PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clock.await(Duration.ofSeconds(-1)))
                .withMessageStartingWith("duration must not be negative, but is PT-1S");
        assertThat(clock.instant()).isBefore(Instant.now().plus(HOUR));
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> TestClock.create(null))
                .withMessage("name");
        assertThatNullPointerException().isThrownBy(() -> clock.advance(null)).withMessage("step");
        assertThatNullPointerException()
                .isThrownBy(() -> clock.schedule(HOUR, null))
                .withMessage("action");
        assertThatNullPointerException().isThrownBy(() -> clock.afterStep(null)).withMessage("action");
        assertThatNullPointerException().isThrownBy(() -> clock.await(null)).withMessage("duration");
        assertThatNullPointerException().isThrownBy(() -> clock.withZone(null)).withMessage("zone");
    }

    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void endsAWaitWhenItIsAdvanced(ThreadKind kind) throws Exception {
        clock.freeze();
        CountDownLatch waiting = new CountDownLatch(1);
        FutureTask<Duration> waiter = kind.start(() -> {
            Instant start = clock.instant();
            waiting.countDown();
            clock.await(HOUR);
            return since(start);
        });
        assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();
        // The waiter may not wait yet: as many steps as it needs.
        Deadline.after(Duration.ofSeconds(30))
                .await(
                        () -> {
                            clock.advance(Duration.ofMinutes(40));
                            return waiter.isDone();
                        },
                        () -> "the wait to end");

        assertThat(waiter.get()).isGreaterThanOrEqualTo(HOUR);
    }

    @Test
    void aWaitThatNeedsNoTimeEndsAtOnceOnAFrozenClock() throws InterruptedException {
        clock.freeze();
        clock.await(Duration.ZERO);

        assertThat(clock.instant()).isNotNull();
    }

    @Test
    void aWaitOnARunningClockEndsByItself() throws InterruptedException {
        Instant start = clock.instant();
        clock.await(Duration.ofMillis(2));

        assertThat(since(start)).isGreaterThanOrEqualTo(Duration.ofMillis(2));
    }

    @Test
    void aWaitOnAFrozenClockFailsAndNamesIt() {
        TestClock frozen = TestClock.create("deploy clock", Duration.ofMillis(20));
        frozen.freeze();

        assertThatIllegalStateException()
                .isThrownBy(() -> frozen.await(HOUR))
                .withMessage("Waited 20 ms in vain for deploy clock to move on by PT1H: it is frozen at "
                        + frozen.instant() + ". Call advance(...) on another thread, or resume().");
    }

    @Test
    void aWaitThatIsTooLongForTheRealClockSaysWhoMustMoveIt() {
        TestClock running = TestClock.create("deploy clock", Duration.ofMillis(20));

        assertThatIllegalStateException()
                .isThrownBy(() -> running.await(Duration.ofDays(100_000)))
                .withMessage("Waited 20 ms in vain for deploy clock to move on by PT2400000H."
                        + " Call advance(...) on another thread.");
    }

    @Test
    void aWaitCanBeInterrupted() {
        clock.freeze();
        FutureTask<Boolean> waiter = ThreadKind.all().get(0).start(() -> {
            Thread.currentThread().interrupt();
            clock.await(HOUR);
            return true;
        });

        assertThatThrownBy(() -> waiter.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void aViewInAnotherZoneFollowsIt() {
        clock.freeze();
        ZoneId auckland = ZoneId.of("Pacific/Auckland");
        Clock view = clock.withZone(auckland);
        clock.advance(HOUR);

        assertThat(clock.getZone()).isEqualTo(ZoneOffset.UTC);
        assertThat(view.getZone()).isEqualTo(auckland);
        assertThat(view.instant()).isEqualTo(clock.instant());
        assertThat(view.withZone(ZoneOffset.UTC).instant()).isEqualTo(clock.instant());
        assertThat(clock).hasToString("shop clock");
    }

    @Test
    void unnamedClocksCanBeToldApart() {
        assertThat(TestClock.create().toString())
                .matches("clock \\d+")
                .isNotEqualTo(TestClock.create().toString());
    }

    @Test
    void runsWhatTimelinesAndActionsHaveDueInTheOrderOfTime() {
        List<String> ran = new ArrayList<>();
        Instant start = clock.instant();
        clock.freeze();
        OneDue early = new OneDue(start.plusSeconds(10), () -> ran.add("early at " + seconds(start)));
        OneDue late = new OneDue(start.plusSeconds(30), () -> ran.add("late at " + seconds(start)));
        clock.drive(late);
        clock.drive(early);
        clock.schedule(Duration.ofSeconds(20), () -> ran.add("between at " + seconds(start)));
        clock.advance(HOUR);

        assertThat(ran).containsExactly("early at 10", "between at 20", "late at 30");
    }

    @Test
    void aTimelineThatNeverGetsOnFailsTheStep() {
        TestClock clock = TestClock.create();
        Instant due = clock.instant().plusSeconds(1);
        clock.drive(new TestClock.Timeline() {
            @Override
            public Instant nextDue() {
                return due;
            }

            @Override
            public void runDue() {}

            @Override
            public String toString() {
                return "stuck server";
            }
        });

        assertThatIllegalStateException()
                .isThrownBy(() -> clock.advance(Duration.ofSeconds(2)))
                .withMessage(
                        "stuck server was to run what is due at " + due + ", and still has something due at " + due);
    }

    @Test
    void aTimelineMayRefuseAStepBeforeTimeMoves() {
        TestClock clock = TestClock.create();
        clock.freeze();
        Instant before = clock.instant();
        clock.drive(new TestClock.Timeline() {
            @Override
            public @Nullable Instant nextDue() {
                return null;
            }

            @Override
            public void runDue() {}

            @Override
            public void beforeStep() {
                throw new AssertionError("others use it");
            }
        });

        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(1))).hasMessage("others use it");
        assertThat(clock.instant()).isEqualTo(before);
    }

    @Test
    void aTimelineMayRefuseThatTimeStops() {
        TestClock clock = TestClock.create();
        OneDue timeline = new OneDue(clock.instant(), () -> {}) {
            @Override
            public void beforeFreeze() {
                throw new AssertionError("others use it");
            }
        };
        clock.drive(timeline);

        assertThatThrownBy(clock::freeze).hasMessage("others use it");
        Instant before = clock.instant();
        assertThatCode(() -> clock.await(Duration.ofNanos(1))).doesNotThrowAnyException();
        assertThat(clock.instant()).isAfter(before);
    }

    @Test
    void drivesATimelineNoMoreOnceItIsReleased() {
        OneDue timeline = new OneDue(clock.instant().plusSeconds(10), () -> {
            throw new AssertionError("ran");
        });
        clock.drive(timeline);
        clock.release(timeline);
        clock.advance(HOUR);

        assertThat(timeline.nextDue()).isNotNull();
    }

    private long seconds(Instant start) {
        return Math.round(Duration.between(start, clock.instant()).toMillis() / 1_000.0);
    }

    private static class OneDue implements TestClock.Timeline {

        private final Runnable action;
        private @Nullable Instant due;

        OneDue(Instant due, Runnable action) {
            this.due = due;
            this.action = action;
        }

        @Override
        public @Nullable Instant nextDue() {
            return due;
        }

        @Override
        public void runDue() {
            due = null;
            action.run();
        }
    }
}
