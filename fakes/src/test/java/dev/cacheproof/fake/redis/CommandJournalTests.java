package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheRegistry;
import dev.cacheproof.CacheView;
import dev.cacheproof.Deadline;
import dev.cacheproof.Gate;
import dev.cacheproof.Journal;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;

/** What clients ask of the fake stands in the journal of the test that asks. */
class CommandJournalTests {

    private final RunningTest test =
            RunningTest.undeclared("journal " + hashCode(), "journal", new Object(), Settings.current());
    private final Scope scope = Scope.named("journal").root().test(test).open();
    private final FakeRedis redis = FakeRedis.builder().name("sessions").start();

    /** The ways in which a client talks to the fake. */
    enum Way {
        TCP,
        IN_PROCESS
    }

    private Jedis connect(Way way) {
        return connect(way, redis);
    }

    private static Jedis connect(Way way, FakeRedis redis) {
        return way == Way.TCP ? new Jedis(redis.host(), redis.port()) : new Jedis(InProcessJedis.of(redis));
    }

    private Journal commands() {
        return scope.journal().of("sessions"::equals);
    }

    @AfterEach
    void stop() {
        redis.close();
        scope.close();
    }

    @ParameterizedTest
    @EnumSource
    void showsCommandsWithTheirKeysAndWhatBecameOfThem(Way way) {
        try (Jedis jedis = connect(way)) {
            jedis.get("user:1");
            jedis.set("user:1", "Ada", SetParams.setParams().ex(60));
            jedis.get("user:1");
            jedis.mget("user:1", "user:2");
            jedis.set("photo", "x".repeat(50));
            jedis.incr("hits");
            assertThatThrownBy(() -> jedis.incr("user:1")).isInstanceOf(JedisDataException.class);
            jedis.configGet("maxmemory");
        }

        assertThat(commands().print()).isEqualTo("""
                   1  COMMAND     sessions: GET user:1  miss
                   2  COMMAND     sessions: SET user:1  [Ada, EX, 60]
                   3  COMMAND     sessions: GET user:1  hit
                   4  COMMAND     sessions: MGET user:1 user:2  miss
                   5  COMMAND     sessions: SET photo  [(50 bytes)]
                   6  COMMAND     sessions: INCR hits
                   7  COMMAND     sessions: INCR user:1  failed: ERR value is not an integer or out of range
                   8  COMMAND     sessions: CONFIG GET  [maxmemory]
                """);
        assertThat(commands().operations().get(3).shape()).isEqualTo("MGET user:# ...");
        assertThat(commands().unattributedCount()).isZero();
    }

    /** In process, a command is that of the thread that asks. */
    private <T> Supplier<T> inScope(Supplier<T> command) {
        return () -> {
            try (Scope.Attachment attached = scope.attach()) {
                return command.get();
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void showsACommandThatWaitsOnceAndWhatBecameOfIt(Way way) {
        try (Jedis waiter = connect(way);
                Jedis other = connect(Way.TCP)) {
            CompletableFuture<List<String>> job = Waiters.start(redis, inScope(() -> waiter.blpop(0, "q")));
            other.rpush("q", "job");
            assertThat(Waiters.answer(job)).containsExactly("q", "job");
            redis.clock().freeze();
            CompletableFuture<List<String>> none = Waiters.start(redis, inScope(() -> waiter.blpop(1, "q")));
            redis.clock().advance(Duration.ofSeconds(2));
            assertThat(Waiters.answer(none)).isNull();
            assertThat(waiter.ping()).isEqualTo("PONG");
        }

        assertThat(commands().print())
                .contains("BLPOP q  [0]")
                .contains("RPUSH q  [job]")
                .contains("BLPOP q  [1]");
        assertThat(commands().operations()).hasSize(3);
    }

    /** To a server, it is a hit where the key is there; but whoever asks has missed. */
    @Test
    void showsWhetherAFieldWasThere() {
        try (Jedis jedis = connect(Way.TCP)) {
            jedis.hset("user:1", "name", "Ada");
            jedis.hget("user:1", "name");
            jedis.hget("user:1", "age");
            jedis.hmget("user:1", "name", "age");
            jedis.hget("user:2", "name");
        }
        assertThat(commands().print()).isEqualTo("""
                   1  COMMAND     sessions: HSET user:1  [name, Ada]
                   2  COMMAND     sessions: HGET user:1  [name]  hit
                   3  COMMAND     sessions: HGET user:1  [age]  miss
                   4  COMMAND     sessions: HMGET user:1  [name, age]  miss
                   5  COMMAND     sessions: HGET user:2  [name]  miss
                """);
    }

    /** The client is told that the command is unknown, as by a server that is older than it. */
    @ParameterizedTest
    @EnumSource
    void saysWhatIsNotInTheFakeYet(Way way) {
        try (Jedis jedis = connect(way)) {
            assertThatThrownBy(() -> jedis.geopos("places", "here")).isInstanceOf(JedisDataException.class);
            assertThatThrownBy(() -> jedis.sendCommand(() -> new byte[] {'G', 'E', 'T', 'T'}, "key"))
                    .hasMessage("ERR unknown command 'GETT', with args beginning with: 'key' ");
            assertThatThrownBy(jedis::configRewrite).isInstanceOf(JedisDataException.class);
        }
        assertThat(commands().print()).isEqualTo("""
                   1  COMMAND     sessions: GEOPOS  failed: not in this fake yet, though redis-server 7.0 knows it
                   2  COMMAND     sessions: GETT  failed: ERR unknown command 'GETT', with args beginning with: 'key'\s
                   3  COMMAND     sessions: CONFIG  [REWRITE]  failed: not in this fake yet, though redis-server 7.0 knows it
                """);
    }

    /** The thread that serves sockets is in no test: what it would be told there is not what the test was started with. */
    @ParameterizedTest
    @EnumSource
    void hidesValuesWhereTheTestIsStartedSo(Way way) {
        Settings masked =
                Settings.resolve(name -> name.equals("cacheproof.values") ? Optional.of("masked") : Optional.empty());
        RunningTest hiding = RunningTest.undeclared("hiding " + hashCode(), "hiding", new Object(), masked);
        try (Scope own = Scope.named("hiding").root().test(hiding).open();
                FakeRedis hidden = FakeRedis.builder().name("hidden").start();
                Jedis jedis = connect(way, hidden)) {
            jedis.set("user:1", "Ada", SetParams.setParams().ex(60));
            assertThat(own.journal().of("hidden"::equals).print())
                    .isEqualTo("   1  COMMAND     hidden: SET user:1  [?, ?, ?]\n");
        }
    }

    /** A pool may connect whenever it likes, and nobody wants to read a password. */
    @Test
    void leavesOutWhatIsAboutTheConnectionAlone() {
        try (FakeRedis guarded =
                        FakeRedis.builder().name("guarded").password("secret").start();
                UnifiedJedis jedis = RedisClient.create(guarded.uri())) {
            jedis.ping();
            jedis.get("key");
        }
        Journal journal = scope.journal().of("guarded"::equals);
        assertThat(journal.count()).isEqualTo(1);
        assertThat(journal.print()).doesNotContain("secret");
    }

    @ParameterizedTest
    @EnumSource
    void countsAPipelineAsOneRoundTrip(Way way) {
        try (Jedis jedis = connect(way)) {
            jedis.get("before");
            Pipeline pipeline = jedis.pipelined();
            // More than a client's buffer holds, so that it arrives in pieces that end anywhere.
            for (int i = 0; i < 2_000; i++) {
                pipeline.set("key:" + i, "value of " + i);
            }
            pipeline.sync();
            jedis.get("after");
        }
        assertThat(commands().count()).isEqualTo(2_002);
        assertThat(commands().roundTrips().count()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void countsARequestThatArrivesInPiecesAsOneRoundTrip(Way way) {
        try (Jedis jedis = connect(way)) {
            jedis.set("page", "x".repeat(10_000));
            jedis.set("book", "x".repeat(1_000_000));
            jedis.get("book");
        }
        assertThat(commands().roundTrips().operations())
                .extracting(Operation::text)
                .containsExactly("SET page", "SET book", "GET book");
    }

    @ParameterizedTest
    @EnumSource
    void countsATransactionByWhatTheClientWaitsFor(Way way) {
        try (Jedis jedis = connect(way)) {
            Transaction transaction = jedis.multi();
            transaction.set("a", "1");
            transaction.set("b", "2");
            transaction.exec();
        }
        assertThat(commands().roundTrips().operations())
                .extracting(Operation::text)
                .as("Jedis sends MULTI and what it queues together, and waits; then EXEC")
                .containsExactly("MULTI", "EXEC");
        assertThat(commands().count()).isEqualTo(4);
    }

    /** Whoever counts round trips counts one, and whoever counts hits sees whether all that was read was there. */
    @Test
    void showsAScriptAsOneCommand() {
        redis.put("there", "1");
        try (Jedis jedis = connect(Way.TCP)) {
            jedis.eval("return redis.call('get', KEYS[1])", 1, "there");
            jedis.eval("return redis.call('get', KEYS[1])", 1, "absent");
            jedis.eval("return redis.call('mget', KEYS[1], KEYS[2])", 2, "there", "absent");
            jedis.eval("redis.call('hset', KEYS[1], 'f', 1) return redis.call('hget', KEYS[1], 'g')", 1, "h");
            jedis.eval("return ARGV[1]", 0, "x");
            assertThatThrownBy(() -> jedis.eval("return redis.call('incr', KEYS[1], KEYS[1])", 1, "there"))
                    .isInstanceOf(JedisDataException.class);
        }
        assertThat(commands().print()).isEqualTo("""
                   1  COMMAND     sessions: EVAL there  [return redis.call('get', KEYS[1]), 1]  hit
                   2  COMMAND     sessions: EVAL absent  [return redis.call('get', KEYS[1]), 1]  miss
                   3  COMMAND     sessions: EVAL there absent  [(43 bytes), 2]  miss
                   4  COMMAND     sessions: EVAL h  [(75 bytes), 1]  miss
                   5  COMMAND     sessions: EVAL  [return ARGV[1], 0, x]
                   6  COMMAND     sessions: EVAL there  [(43 bytes), 1]  failed: ERR Wrong number of args calling Redis command from script script: 828a946eb4369ac0c31f00a953182b88ff0e2578, on @user_script:1.
                """);
    }

    @Test
    void whatAClientSaysOfItselfTakesNoRoundTripFromWhatItAsksWithIt() {
        try (Wire wire = new Wire(redis.port())) {
            wire.send(Wire.encode(List.of("CLIENT", "SETNAME", "checkout"))
                    + Wire.encode(List.of("GET", "a"))
                    + Wire.encode(List.of("GET", "b")));
            assertThat(wire.reply() + wire.reply() + wire.reply()).isEqualTo("+OK\r\n$-1\r\n$-1\r\n");
        }
        assertThat(commands().roundTrips().operations())
                .extracting(Operation::text)
                .containsExactly("GET a");
    }

    @Test
    void countsLettuceByWhatItWaitsFor() {
        io.lettuce.core.RedisClient client = io.lettuce.core.RedisClient.create(redis.uri());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().set("a", "1");
            connection.sync().get("a");
            connection.sync().multi();
            connection.sync().set("b", "2");
            connection.sync().exec();
        } finally {
            client.shutdown(Duration.ZERO, Duration.ZERO);
        }
        assertThat(commands().roundTrips().operations())
                .extracting(Operation::text)
                .containsExactly("SET a", "GET a", "MULTI", "EXEC");
    }

    @ParameterizedTest
    @EnumSource
    void belongsToTheBlockThatAsked(Way way) {
        try (Jedis jedis = connect(way)) {
            jedis.get("before");
            try (Scope block = Scope.open("block")) {
                jedis.get("inside");
                assertThat(block.journal().commands().operations())
                        .extracting(Operation::text)
                        .containsExactly("GET inside");
            }
            jedis.get("after");
        }
        assertThat(commands().count()).isEqualTo(3);
    }

    /** The fake belongs to this test; but in process it is plain that another one asks. */
    @Test
    void believesTheThreadThatAsksWhereItIsKnown() {
        try (Scope other = Scope.named("other").root().open();
                Jedis jedis = connect(Way.IN_PROCESS)) {
            jedis.get("key");
            assertThat(other.journal().commands().of("sessions"::equals).count())
                    .isEqualTo(1);
        }
        assertThat(commands().count()).isZero();
    }

    @Test
    void saysWhereItWasAskedInProcess() {
        try (Scope block = Scope.named("block").callSites().open();
                Jedis jedis = connect(Way.IN_PROCESS)) {
            jedis.get("key");
            assertThat(block.journal().operations().get(0).callSite())
                    .hasValueSatisfying(site -> assertThat(site).contains("CommandJournalTests.java:"));
        }
    }

    @Test
    void namesAClientThatHasAName() {
        try (Jedis jedis = connect(Way.TCP)) {
            jedis.get("key");
            jedis.clientSetname("checkout");
            jedis.get("key");
        }
        assertThat(commands().operations())
                .extracting(Operation::thread)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("connection "),
                        second -> assertThat(second).isEqualTo("checkout"));
    }

    @Test
    void showsWhichCommandAFaultHasStruck() {
        redis.faults().inject(Fault.error("OOM out of memory").on("SET").first(1));
        redis.faults().inject(Fault.reset().on("GET").afterApplying().first(1));
        redis.faults().inject(Fault.falseMiss().on("EXISTS"));
        redis.put("key", "value");
        try (Jedis jedis = connect(Way.TCP)) {
            assertThatThrownBy(() -> jedis.set("key", "other")).isInstanceOf(JedisDataException.class);
            jedis.exists("key");
            assertThatThrownBy(() -> jedis.get("key")).isInstanceOf(JedisConnectionException.class);
        }
        assertThat(commands().print()).isEqualTo("""
                   1  COMMAND     sessions: SET key  [other]  failed: OOM out of memory
                   2  COMMAND     sessions: EXISTS key  miss
                   3  COMMAND     sessions: GET key  failed: connection reset by a fault after it was applied
                """);
    }

    @Test
    void showsThatAClientLeftBeforeItsAnswer() throws InterruptedException {
        redis.faults().inject(Fault.delay(Duration.ofHours(1)).on("GET"));
        try (Wire wire = new Wire(redis.port())) {
            wire.send(Wire.encode(List.of("GET", "key")));
        }
        awaitEnd();
        try (Jedis jedis = connect(Way.IN_PROCESS)) {
            assertThatThrownBy(() -> jedis.get("key")).isInstanceOf(JedisConnectionException.class);
        }
        assertThat(commands().print()).isEqualTo("""
                   1  COMMAND     sessions: GET key  failed: the client left before the answer
                   2  COMMAND     sessions: GET key  failed: the client left before the answer
                """);
    }

    @Test
    void showsThatTheFakeWasClosedBeforeAnAnswer() {
        redis.faults().inject(Fault.delay(Duration.ofHours(1)).on("GET"));
        try (Wire wire = new Wire(redis.port())) {
            wire.send(Wire.encode(List.of("GET", "key")));
            Recorder.catchUp(Operation.Kind.COMMAND);
            redis.close();
        }
        assertThat(commands().print()).isEqualTo("""
                   1  COMMAND     sessions: GET key  failed: the connection was ended before the answer
                """);
    }

    private void awaitEnd() throws InterruptedException {
        Deadline.after(Duration.ofSeconds(30))
                .await(
                        () -> !commands().retained().isEmpty(),
                        () -> "the end of " + commands().count() + " commands");
    }

    /** No client can notice; but whoever reads the journal must. */
    @Test
    void showsWhatWasLostWithoutAWord() {
        redis.faults().begin(Condition.SILENT_FAILURE);
        try (Jedis jedis = connect(Way.TCP)) {
            jedis.set("key", "value");
            jedis.del("key");
            redis.faults().clear();
            redis.faults().begin(Condition.EVICTING);
            jedis.set("key", "value");
        }
        assertThat(commands().print()).isEqualTo("""
                   1  COMMAND     sessions: SET key  [value]  lost, by a fault
                   2  COMMAND     sessions: DEL key  lost, by a fault
                   3  COMMAND     sessions: SET key  [value]  evicted at once, by a fault
                """);
    }

    @Test
    void aGateDecidesBeforeACommandLeavesInProcess() {
        Consumer<Jedis> write = jedis -> jedis.set("key", "value");
        scope.gate(operation ->
                operation.text().startsWith("SET") ? Gate.Verdict.refuse("not now") : Gate.Verdict.proceed());
        try (Jedis jedis = connect(Way.IN_PROCESS)) {
            assertThat(jedis.get("key")).isNull();
            assertThatThrownBy(() -> write.accept(jedis))
                    .isInstanceOf(JedisConnectionException.class)
                    .hasRootCauseMessage("A gate refused the command: not now");
        }
        assertThat(redis.keys()).isEmpty();
        assertThat(commands().print()).contains("SET key  refused: not now");
    }

    @Test
    void keepsNothingWhileNobodyLooks() {
        scope.close();
        try (Jedis jedis = connect(Way.TCP)) {
            jedis.get("key");
        }
        assertThat(commands().count()).isZero();
    }

    /** As one in a lazy static field, that the first test has started: the next one must not count nothing for certain. */
    @Test
    void isDoubtfulOnceTheTestThatStartedTheFakeIsOver() {
        scope.close();
        try (Scope next = Scope.named("next").root().open();
                Jedis jedis = connect(Way.TCP)) {
            jedis.get("key");
            Journal seen = next.journal().commands().of("sessions"::equals);
            assertThat(seen.count()).isZero();
            assertThat(seen.unattributedCount()).isEqualTo(1);
        }
    }

    /** What is closed proves nothing: a count of none would be believed although nobody is looking any more. */
    @Test
    void isWatchedUntilItIsClosed() {
        assertThat(Recorder.watched(Operation.Kind.COMMAND)).contains("sessions");
        redis.close();
        assertThat(Recorder.watched(Operation.Kind.COMMAND)).doesNotContain("sessions");
    }

    @Test
    void isNotWatchedIfItCouldNotStart() {
        FakeRedis.Builder taken = FakeRedis.builder().name("never started").port(redis.port());
        assertThatThrownBy(taken::start).isInstanceOf(IllegalStateException.class);
        assertThat(Recorder.watched(Operation.Kind.COMMAND)).doesNotContain("never started");
    }

    @Test
    void forgetsOwnersThatAreOver() {
        CommandJournal journal = redis.journal();
        assertThat(journal.owners()).containsExactly(scope);
        Scope second = Scope.named("second").root().open();
        journal.addOwner(second);
        assertThat(journal.owners()).containsExactlyInAnyOrder(scope, second);

        second.close();
        assertThat(journal.owners()).containsExactly(scope);
    }

    @Test
    void canBeRegisteredAsTheCacheThatItIs() {
        CacheIsolationEngine engine = CacheIsolationEngine.of(
                CacheRegistry.create().addField("sessions", "field sessions", false, () -> redis, null));
        redis.put("user:1", "Ada");
        CacheView before = Objects.requireNonNull(engine.views().get("sessions"));
        try (Jedis jedis = connect(Way.TCP)) {
            jedis.get("user:1");
        }
        CacheView after = Objects.requireNonNull(engine.views().get("sessions"));
        assertThat(after.changeSince(before)).isEqualTo("no new entry, 1 read");
        assertThat(engine.describe()).containsExactly("sessions (FakeRedis; reset by: drop all keys; 1 entries)");
        engine.reset();
        assertThat(redis.keys()).isEmpty();
    }
}
