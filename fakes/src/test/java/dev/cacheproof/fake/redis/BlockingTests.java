package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Deadline;
import dev.cacheproof.TestClock;
import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.resps.Tuple;
import redis.clients.jedis.util.KeyValue;

/** Commands that wait: how they are answered, how long they wait, and what faults do to them. */
class BlockingTests {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String BLPOP = Wire.encode(List.of("BLPOP", "q", "0"));
    private static final String JOB = "*2\r\n$1\r\nq\r\n$3\r\njob\r\n";

    private final FaultyRedis faulty = new FaultyRedis();
    private final FakeRedis redis = faulty.redis;

    @AfterEach
    void stop() {
        faulty.close();
    }

    @ParameterizedTest(name = "waits in process: {0}, brings in process: {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void giveWhatIsBrought(boolean waitsInProcess, boolean bringsInProcess) {
        try (Jedis waiter = faulty.connect(waitsInProcess);
                Jedis other = faulty.connect(bringsInProcess)) {
            CompletableFuture<List<String>> job = Waiters.start(redis, () -> waiter.blpop(0, "q"));
            other.rpush("q", "job");
            assertThat(Waiters.answer(job)).containsExactly("q", "job");
            assertThat(other.exists("q")).isFalse();

            CompletableFuture<KeyValue<String, Tuple>> least = Waiters.start(redis, () -> waiter.bzpopmin(0, "z"));
            other.zadd("z", 0.1, "least");
            assertThat(Waiters.answer(least).getValue()).isEqualTo(new Tuple("least", 0.1));
            assertThat(waiter.ping()).isEqualTo("PONG");
        }
    }

    @Test
    void handOnWhatTheyMoveBeforeAnythingElseIsDone() {
        try (Wire first = new Wire(redis.port());
                Wire second = new Wire(redis.port());
                Wire other = new Wire(redis.port())) {
            first.send(Wire.encode(List.of("BLMOVE", "a", "b", "LEFT", "LEFT", "0")));
            second.send(Wire.encode(List.of("BLPOP", "b", "0")));
            Waiters.await(redis, 2);
            other.ask("RPUSH", "a", "job");
            assertThat(redis.keys()).isEmpty();
            assertThat(first.reply()).isEqualTo("$3\r\njob\r\n");
            assertThat(second.reply()).isEqualTo("*2\r\n$1\r\nb\r\n$3\r\njob\r\n");
        }
    }

    @Test
    void endWhenTheClockPassesTheirTimeOut() {
        redis.clock().freeze();
        faulty.onBoth((waiter, inProcess) -> {
            CompletableFuture<List<String>> job = Waiters.start(redis, () -> waiter.blpop(1, "q"));
            redis.clock().advance(Duration.ofSeconds(1));
            Waiters.await(redis, 1);

            redis.clock().advance(Duration.ofMillis(1));
            Waiters.await(redis, 0);
            assertThat(Waiters.answer(job)).isNull();
        });
    }

    @Test
    void endInTheOrderOfTimeWithinOneStep() {
        redis.clock().freeze();
        try (Wire later = new Wire(redis.port());
                Wire sooner = new Wire(redis.port());
                Wire never = new Wire(redis.port())) {
            later.send(Wire.encode(List.of("BLPOP", "q", "0.5")) + Wire.encode(List.of("RPUSH", "order", "later")));
            Waiters.await(redis, 1);
            sooner.send(Wire.encode(List.of("BLPOP", "q", "0.2")) + Wire.encode(List.of("RPUSH", "order", "sooner")));
            never.send(BLPOP);
            Waiters.await(redis, 3);

            redis.clock().advance(Duration.ofHours(1));
            assertThat(redis.getList("order")).as("before the step returns").containsExactly("sooner", "later");
            Waiters.await(redis, 1);
        }
    }

    @Test
    void endInRealTimeWhereTheClockRuns() {
        faulty.onBoth((waiter, inProcess) -> {
            assertThat(Waiters.answer(Waiters.begin(() -> waiter.blpop(0.02, "q"))))
                    .isNull();
            assertThat(Waiters.answer(Waiters.begin(() -> waiter.blpop(0.01, "q"))))
                    .isNull();
        });
    }

    @Test
    void sayThatTheirClockStandsStill() {
        TestClock clock = TestClock.create("stopped");
        clock.freeze();
        try (FakeRedis stopped = FakeRedis.builder()
                        .clock(clock)
                        .longestStandstill(Duration.ofMillis(20))
                        .start();
                Jedis waiter = new Jedis(stopped.host(), stopped.port());
                Wire forEver = new Wire(stopped.port())) {
            forEver.send(BLPOP);
            Waiters.await(stopped, 1);
            assertThatThrownBy(() -> Waiters.answer(Waiters.begin(() -> waiter.blpop(5, "q"))))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessage("ERR Waited 20 ms in vain for stopped to move on by PT5.001S: it is frozen at "
                            + clock.instant() + ". Call advance(...), or resume().");
            assertThat(waiter.ping()).isEqualTo("PONG");
            Waiters.await(stopped, 1);
        }
    }

    @Test
    void letTheNextCommandsWaitAsWell() {
        try (Wire waiter = new Wire(redis.port());
                Wire other = new Wire(redis.port())) {
            waiter.send(BLPOP + Wire.encode(List.of("EXISTS", "q")));
            Waiters.await(redis, 1);
            assertThat(other.ask("INFO", "clients")).contains("blocked_clients:1\r\n");
            assertThat(other.ask("CLIENT", "LIST")).contains(" flags=b ");
            other.ask("RPUSH", "q", "job");

            assertThat(waiter.reply() + waiter.reply()).isEqualTo(JOB + ":0\r\n");
        }
    }

    @Test
    void giveNothingToWhoHasLeft() throws InterruptedException {
        try (Wire other = new Wire(redis.port())) {
            try (Wire gone = new Wire(redis.port())) {
                gone.send(BLPOP);
                Waiters.await(redis, 1);
            }
            Waiters.await(redis, 0);
            try (Wire killed = new Wire(redis.port())) {
                String id = killed.ask("CLIENT", "ID").substring(1).trim();
                killed.send(BLPOP);
                Waiters.await(redis, 1);
                other.send(
                        Wire.encode(List.of("CLIENT", "KILL", "ID", id)) + Wire.encode(List.of("RPUSH", "q", "job")));
                assertThat(other.reply() + other.reply()).isEqualTo(":1\r\n:1\r\n");
                assertThat(killed.reply()).isEqualTo("(closed)");
            }
            assertThat(redis.getList("q")).containsExactly("job");
        }
    }

    @Test
    void giveNoAnswerToWhoWantsNone() {
        try (Wire waiter = new Wire(redis.port());
                Wire other = new Wire(redis.port())) {
            waiter.send(Wire.encode(List.of("CLIENT", "REPLY", "SKIP")) + BLPOP);
            Waiters.await(redis, 1);
            other.ask("RPUSH", "q", "job");
            assertThat(waiter.ask("PING")).isEqualTo("+PONG\r\n");
            assertThat(redis.keys()).isEmpty();
        }
    }

    @Test
    void endInProcessWithTheirClient() {
        Jedis waiter = faulty.connect(true);
        CompletableFuture<List<String>> job = Waiters.start(redis, () -> waiter.blpop(0, "q"));
        waiter.close();
        assertThatThrownBy(() -> Waiters.answer(job)).isInstanceOf(JedisConnectionException.class);
        Waiters.await(redis, 0);
    }

    @Test
    void endWithTheFake() {
        for (boolean inProcess : List.of(false, true)) {
            FakeRedis closing = FakeRedis.start();
            try (Jedis waiter =
                    inProcess ? new Jedis(InProcessJedis.of(closing)) : new Jedis(closing.host(), closing.port())) {
                CompletableFuture<List<String>> job = Waiters.start(closing, () -> waiter.blpop(0, "q"));
                closing.close();
                assertThatThrownBy(() -> Waiters.answer(job)).isInstanceOf(JedisConnectionException.class);
            }
        }
    }

    @Test
    void endInProcessWhenTheirThreadIsInterrupted() throws Exception {
        try (Jedis waiter = faulty.connect(true)) {
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            CompletableFuture<List<String>> job = Waiters.start(redis, () -> {
                thread.complete(Thread.currentThread());
                return waiter.blpop(0, "q");
            });
            thread.get().interrupt();
            assertThatThrownBy(() -> Waiters.answer(job)).isInstanceOf(JedisConnectionException.class);
        }
    }

    @Test
    void keepWhatAFaultLetsThemTakeInVain() {
        faulty.onBoth((waiter, inProcess) -> {
            try (Jedis other = faulty.connect(false)) {
                redis.faults().begin(Condition.LOST_DELETES);
                CompletableFuture<List<String>> job = Waiters.start(redis, () -> waiter.blpop(0, "q"));
                other.rpush("q", "job");
                assertThat(Waiters.answer(job)).containsExactly("q", "job");
                assertThat(redis.getList("q")).containsExactly("job");
            }
        });
    }

    @Test
    void areNotWokenByAWriteThatIsLost() {
        try (Wire waiter = new Wire(redis.port());
                Wire other = new Wire(redis.port())) {
            waiter.send(BLPOP);
            Waiters.await(redis, 1);
            Injection lost = redis.faults().begin(Condition.LOST_WRITES);
            assertThat(other.ask("RPUSH", "q", "lost")).isEqualTo(":1\r\n");
            lost.close();
            Waiters.await(redis, 1);
            other.ask("RPUSH", "q", "job");
            assertThat(waiter.reply()).isEqualTo(JOB);
        }
    }

    @Test
    void outliveAFaultThatBeganLater() {
        try (Wire waiter = new Wire(redis.port());
                Jedis other = faulty.connect(true)) {
            waiter.send(BLPOP);
            Waiters.await(redis, 1);
            try (Injection down = redis.faults().begin(Condition.DOWN)) {
                assertThatThrownBy(() -> other.rpush("q", "lost")).isInstanceOf(JedisConnectionException.class);
            }
            Waiters.await(redis, 1);
            try (Jedis next = faulty.connect(true)) {
                next.rpush("q", "job");
            }
            assertThat(waiter.reply()).isEqualTo(JOB);
        }
    }

    @Test
    void areStruckByAFaultWhenTheyHaveTaken() throws InterruptedException {
        Injection reply = redis.faults()
                .inject(Fault.error("ERR broken").on("BLPOP").afterApplying().first(1));
        Injection silence = redis.faults().inject(Fault.silence().on("BRPOP").afterApplying());
        try (Wire waiter = new Wire(redis.port());
                Wire other = new Wire(redis.port())) {
            waiter.send(BLPOP);
            Waiters.await(redis, 1);
            other.ask("RPUSH", "q", "job");
            assertThat(waiter.reply()).isEqualTo("-ERR broken\r\n");
            assertThat(redis.keys()).isEmpty();
            assertThat(reply.hits()).isEqualTo(1);

            waiter.send(Wire.encode(List.of("BRPOP", "q", "0")));
            Waiters.await(redis, 1);
            other.ask("RPUSH", "q", "job");
            Deadline.after(LIMIT).await(() -> redis.keys().isEmpty(), () -> "the element to be taken");
            assertThat(waiter.isAnswered()).isFalse();
            silence.close();
            assertThat(waiter.reply()).isEqualTo(JOB);
        }
    }
}
