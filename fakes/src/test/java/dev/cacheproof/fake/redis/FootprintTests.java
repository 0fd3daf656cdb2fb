package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static redis.clients.jedis.args.ListDirection.LEFT;
import static redis.clients.jedis.args.ListDirection.RIGHT;

import dev.cacheproof.Operation;
import dev.cacheproof.Operation.Write;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;

/** The journal tells which entries a command has read, and which it has left. */
class FootprintTests {

    private final RunningTest test =
            RunningTest.undeclared("footprint " + hashCode(), "footprint", new Object(), Settings.current());
    private final Scope scope = Scope.named("footprint").root().test(test).open();
    private final FakeRedis redis = FakeRedis.builder().name("footprint").start();
    private final Jedis jedis = new Jedis(InProcessJedis.of(redis));

    FootprintTests() {
        redis.clock().freeze();
    }

    @AfterEach
    void stop() {
        jedis.close();
        scope.close();
        redis.close();
    }

    private List<Operation> commands() {
        return scope.journal().of("footprint"::equals).commands().operations();
    }

    private Operation last() {
        List<Operation> commands = commands();
        return commands.get(commands.size() - 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tellsWhatIsWrittenWithWhichTimeToLive(boolean overTcp) {
        try (Jedis client = overTcp ? new Jedis(redis.host(), redis.port()) : new Jedis(InProcessJedis.of(redis))) {
            client.set("a", "12345", SetParams.setParams().px(1500));
            client.mset("b", "1", "c", "22");
            client.get("b");
        }

        assertThat(commands())
                .extracting(Operation::writes)
                .containsExactly(
                        List.of(new Write("a", Duration.ofMillis(1500), 5)),
                        List.of(new Write("b", null, 1), new Write("c", null, 2)),
                        List.of());
        assertThat(last().reads()).containsExactly("b");
    }

    @Test
    void tellsWhatIsLeftOfACollection() {
        jedis.hset("h", Map.of("name", "Ada"));
        jedis.expire("h", 60);
        jedis.hset("h", "age", "36");

        assertThat(last().writes()).containsExactly(new Write("h", Duration.ofSeconds(60), 12));

        jedis.rpush("l", "one", "two");
        assertThat(last().writes()).containsExactly(new Write("l", null, 6));
        jedis.sadd("s", "one", "three");
        assertThat(last().writes()).containsExactly(new Write("s", null, 8));
        jedis.zadd("z", Map.of("one", 1.5, "three", 2.5));
        assertThat(last().writes()).containsExactly(new Write("z", null, 8));
    }

    @Test
    void tellsOnlyOfWhatWasWritten() {
        jedis.set("a", "1");
        jedis.set("a", "2", SetParams.setParams().nx());
        assertThat(last().writes()).isEmpty();

        jedis.rpush("l", "one", "two");
        jedis.lpop("l");
        assertThat(last().writes()).isEmpty();

        jedis.rpush("l", "three");
        jedis.lmove("l", "m", LEFT, RIGHT);
        assertThat(last().writes()).containsExactly(new Write("m", null, 3));

        jedis.getDel("a");
        assertThat(last().writes()).isEmpty();
        jedis.set("a", "1");
        jedis.del("a");
        assertThat(last().writes()).isEmpty();
        jedis.get("a");
        assertThat(last().reads()).containsExactly("a");
        assertThat(last().writes()).isEmpty();
    }

    @Test
    void tellsWhatATransactionHasLeft() {
        try (Transaction transaction = jedis.multi()) {
            transaction.set("a", "1");
            transaction.get("b");
            transaction.expire("a", 60);
            transaction.set("gone", "1");
            transaction.del("gone");
            transaction.exec();
        }

        assertThat(commands()).hasSize(7);
        assertThat(commands().subList(0, 6)).allSatisfy(queued -> {
            assertThat(queued.writes()).isEmpty();
            assertThat(queued.reads()).isEmpty();
        });
        assertThat(last().writes()).containsExactly(new Write("a", Duration.ofSeconds(60), 1));
        assertThat(last().reads()).containsExactly("b");
    }

    @Test
    void tellsEachOfAPipeline() {
        try (Pipeline pipeline = jedis.pipelined()) {
            pipeline.set("a", "1");
            pipeline.expire("a", 60);
            pipeline.sync();
        }

        assertThat(commands())
                .extracting(Operation::writes)
                .containsExactly(List.of(new Write("a", null, 1)), List.of(new Write("a", Duration.ofSeconds(60), 1)));
    }

    /** What a script itself is given, its commands tell. */
    @Test
    void tellsWhatTheCommandsOfAScriptHaveFoundAndLeft() {
        jedis.set("a", "1");

        jedis.eval("return redis.call('exists', KEYS[1])", List.of("a"), List.of());
        assertThat(last().found()).isEmpty();
        assertThat(last().writes()).isEmpty();

        jedis.eval("return redis.call('incr', KEYS[1])", List.of("a"), List.of());
        assertThat(last().found()).containsExactly("a");
        assertThat(last().writes()).containsExactly(new Write("a", null, 1));
    }

    @Test
    void tellsNothingOfWhatAFaultHasLost() {
        redis.faults().inject(Fault.lostWrite());

        jedis.set("a", "1");

        assertThat(last().writes()).isEmpty();
    }

    @Test
    void doesNotTakeWhatOthersAreServedForItsOwn() {
        try (Jedis other = new Jedis(redis.host(), redis.port())) {
            CompletableFuture<String> moved =
                    Waiters.start(redis, () -> other.blmove("queue", "taken", LEFT, RIGHT, 10));

            jedis.rpush("queue", "one", "two");

            assertThat(Waiters.answer(moved)).isEqualTo("one");
        }
        assertThat(commands().get(1).text()).isEqualTo("RPUSH queue");
        assertThat(commands().get(1).writes()).containsExactly(new Write("queue", null, 6));
    }

    private Set<String> changedByLast() {
        return last().changed().orElseThrow();
    }

    @Test
    void tellsWhatIsAnotherEntryNow() {
        jedis.set("a", "1");
        assertThat(changedByLast()).containsExactly("a");
        jedis.set("a", "2", SetParams.setParams().nx());
        assertThat(changedByLast()).isEmpty();
        jedis.expire("a", 60);
        assertThat(changedByLast()).containsExactly("a");
        jedis.rename("a", "b");
        assertThat(changedByLast()).containsExactlyInAnyOrder("a", "b");
        jedis.del("a", "b");
        assertThat(changedByLast()).containsExactly("b");
        jedis.publish("a", "b");
        assertThat(changedByLast()).isEmpty();
        jedis.get("a");
        assertThat(changedByLast()).isEmpty();
        jedis.rpush("l", "1");
        assertThatThrownBy(() -> jedis.incr("l")).isInstanceOf(JedisDataException.class);
        assertThat(changedByLast()).isEmpty();
        redis.faults().inject(Fault.error("OOM").on("SET").first(1));
        assertThatThrownBy(() -> jedis.set("a", "1")).isInstanceOf(JedisDataException.class);
        assertThat(changedByLast()).isEmpty();
        try (Transaction transaction = jedis.multi()) {
            transaction.set("a", "1");
            transaction.lpop("l");
            transaction.exec();
        }
        assertThat(changedByLast()).containsExactlyInAnyOrder("a", "l");
        jedis.flushAll();
        assertThat(last().changed()).as("it may be any").isEmpty();
        jedis.flushDB();
        assertThat(last().changed()).isEmpty();
    }

    @Test
    void takesACommandThatWaitsToChangeItsKeys() {
        try (Jedis other = new Jedis(redis.host(), redis.port())) {
            CompletableFuture<String> moved =
                    Waiters.start(redis, () -> other.blmove("queue", "taken", LEFT, RIGHT, 10));
            jedis.rpush("queue", "one");
            assertThat(Waiters.answer(moved)).isEqualTo("one");
        }
        assertThat(commands().get(0).changed().orElseThrow()).containsExactlyInAnyOrder("queue", "taken");
    }
}
