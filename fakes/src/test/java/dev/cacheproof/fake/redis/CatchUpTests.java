package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Deadline;
import dev.cacheproof.Journal;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.TestClock;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.internal.FaultPlan;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What has reached a socket is recorded before a count is believed, also where its client does not wait for the answer. */
class CatchUpTests {

    private static final Duration LONG = Duration.ofHours(1);

    private final RunningTest test =
            RunningTest.undeclared("catching up " + hashCode(), "catching up", new Object(), Settings.current());
    private final Scope scope = Scope.named("catching up").root().test(test).open();
    private final FakeRedis redis = FakeRedis.builder().name("catching up").start();

    @AfterEach
    void stop() {
        redis.close();
        scope.close();
    }

    private static String get(String key) {
        return Wire.encode(List.of("GET", key));
    }

    private static Set<String> behind() {
        return Recorder.catchUp(Operation.Kind.COMMAND);
    }

    private long count() {
        return scope.journal().commands().of("catching up"::equals).count();
    }

    /** The serving thread is kept from its work: it has not even let the second client in when the count is asked for. */
    @Test
    void recordsWhatHasReachedTheSocketsOfAServerThatIsBusy() throws Exception {
        FutureTask<Long> counting = new FutureTask<>(() -> {
            try (Scope.Attachment attached = scope.attach()) {
                assertThat(behind()).isEmpty();
                return count();
            }
        });
        Thread thread = new Thread(counting, "counting");
        try (Wire first = new Wire(redis.port())) {
            Wire second = redis.engine().inspect(() -> {
                first.send(get("a"));
                Wire late = new Wire(redis.port());
                late.send(get("b") + get("c"));
                thread.start();
                awaitWaiting(thread);
                return late;
            });
            second.close();
            assertThat(counting.get(30, TimeUnit.SECONDS)).isEqualTo(3);
        }
    }

    private static void awaitWaiting(Thread thread) {
        try {
            Deadline.after(Duration.ofSeconds(30))
                    .await(
                            () -> thread.getState() == Thread.State.TIMED_WAITING || !thread.isAlive(),
                            () -> "the thread that counts, which is " + thread.getState());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void waitsForRequestsBehindAnAnswerThatIsLate() {
        redis.faults().inject(Fault.delay(Duration.ofMillis(20)).on("GET"));
        try (Wire wire = new Wire(redis.port())) {
            wire.send(get("a") + get("b") + get("c"));
            assertThat(behind()).isEmpty();
            assertThat(count()).isEqualTo(3);
        }
    }

    @Test
    void doesNotWaitWhereEverythingIsRecorded() {
        redis.faults().inject(Fault.delay(LONG).on("GET"));
        try (Wire wire = new Wire(redis.port())) {
            wire.send(get("a"));
            assertThat(behind()).isEmpty();
            assertThat(count()).isEqualTo(1);
        }
    }

    @Test
    void saysAtOnceWhatItCannotWaitFor() {
        redis.faults().inject(Fault.delay(LONG).onConnect());
        try (Wire wire = new Wire(redis.port())) {
            wire.send(get("a"));
            assertThat(behind()).containsExactly("catching up");
            assertThat(count()).isZero();
            try (Scope other = Scope.named("another test").root().open()) {
                assertThat(behind()).as("the fake is not the other test's").isEmpty();
            }
        }
    }

    @Test
    void doesNotWaitForTheEndOfAFaultThatDoesNotEndByItself() {
        redis.faults().inject(Fault.silence().on("GET"));
        try (Wire wire = new Wire(redis.port())) {
            wire.send(get("a") + get("b"));
            assertThat(behind()).containsExactly("catching up");
            assertThat(count()).isEqualTo(1);
        }
    }

    @Test
    void whatIsNobodysMayBeAnybodys() {
        scope.close();
        redis.faults().inject(Fault.delay(LONG).onConnect());
        try (Wire wire = new Wire(redis.port())) {
            wire.send(get("a"));
            assertThat(behind()).containsExactly("catching up");
            try (Scope other = Scope.named("another test").root().open()) {
                assertThat(behind()).containsExactly("catching up");
            }
        }
    }

    private static TcpServer start(String name) {
        TestClock clock = TestClock.create("clock");
        return TcpServer.start(new Engine(clock, null), new FaultPlan(clock), new CommandJournal(name, null), 0);
    }

    /** A client must be let in before it can be read: on the serving thread, nothing else comes in between. */
    @Test
    void takesAsManyRoundsAsItNeeds() throws Exception {
        TcpServer server = start("rounds");
        FutureTask<Long> counting = new FutureTask<>(() -> {
            try (Wire wire = new Wire(server.port())) {
                wire.send(get("a"));
                new CatchUp(server).run();
                Journal commands = scope.journal().commands().of("rounds"::equals);
                return commands.count() + commands.unattributedCount();
            }
        });
        server.later(counting);
        assertThat(counting.get(30, TimeUnit.SECONDS)).isEqualTo(1);
        server.close();
    }

    @Test
    void asksNothingOfAServerThatHasEnded() {
        TcpServer server = start("ended");
        assertThat(server.catchUp()).isTrue();
        server.close();
        assertThat(server.catchUp()).isTrue();
    }

    @Test
    void isPatientWithAThreadThatIsInterrupted() {
        try (Wire wire = new Wire(redis.port())) {
            wire.send(get("a"));
            Thread.currentThread().interrupt();
            assertThat(behind()).isEmpty();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(count()).isEqualTo(1);
        }
    }
}
