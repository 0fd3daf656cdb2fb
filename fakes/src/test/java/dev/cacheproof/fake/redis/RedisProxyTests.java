package dev.cacheproof.fake.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static redis.clients.jedis.Protocol.Command.EXEC;
import static redis.clients.jedis.Protocol.Command.MULTI;
import static redis.clients.jedis.Protocol.Command.RESET;
import static redis.clients.jedis.Protocol.Command.SELECT;
import static redis.clients.jedis.Protocol.Command.UNWATCH;
import static redis.clients.jedis.Protocol.Command.XADD;
import static redis.clients.jedis.Protocol.Command.XLEN;

import dev.cacheproof.Deadline;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Faults;
import dev.cacheproof.fake.Injection;
import dev.cacheproof.servers.RedisServer;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;

/** A real server that fails on demand. */
class RedisProxyTests {

    private static final RedisServer SERVER = RedisServer.resolve();

    private final RunningTest test =
            RunningTest.undeclared("proxy " + hashCode(), "proxy", new Object(), Settings.current());
    private final Scope scope = Scope.named("proxy").root().test(test).open();
    private final RedisProxy proxy =
            FakeRedis.proxying("127.0.0.1", SERVER.uri().getPort());

    /** The server is that of all tests, which run at the same time. */
    private final String prefix = UUID.randomUUID() + ":";

    @AfterAll
    static void stopServer() {
        SERVER.close();
    }

    @AfterEach
    void close() {
        proxy.close();
        scope.close();
    }

    private Jedis connect() {
        return new Jedis(proxy.host(), proxy.port());
    }

    private Jedis connect(RedisProtocol protocol) {
        return new Jedis(
                proxy.host(),
                proxy.port(),
                DefaultJedisClientConfig.builder().protocol(protocol).build());
    }

    private static Jedis direct() {
        return new Jedis(SERVER.uri());
    }

    private String key(String name) {
        return prefix + name;
    }

    @ParameterizedTest
    @EnumSource
    void passesOnWhatAClientAsks(RedisProtocol protocol) {
        String large = "x".repeat(3_000_000);
        try (Jedis jedis = connect(protocol)) {
            assertThat(jedis.set(key("a"), large)).isEqualTo("OK");
            assertThat(jedis.get(key("a"))).isEqualTo(large);
            jedis.hset(key("h"), Map.of("one", "1", "two", "2"));
            assertThat(jedis.hgetAll(key("h"))).isEqualTo(Map.of("one", "1", "two", "2"));
            assertThat(jedis.zincrby(key("z"), 1.5, "m")).isEqualTo(1.5);
            assertThat(jedis.mget(key("none"), key("a"))).containsExactly(null, large);
            jedis.set(key("bytes").getBytes(UTF_8), new byte[] {13, 10, 0, -1});
            assertThat(jedis.get(key("bytes").getBytes(UTF_8))).containsExactly(13, 10, 0, -1);
            assertThatThrownBy(() -> jedis.incr(key("a")))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessage("ERR value is not an integer or out of range");
            assertThat(jedis.scan("0", new ScanParams().match(prefix + "h*").count(100_000))
                            .getResult())
                    .containsExactly(key("h"));
        }
        try (Jedis direct = direct()) {
            assertThat(direct.get(key("a"))).isEqualTo(large);
        }
    }

    @Test
    void passesOnCommandsThatTheFakeLacks() {
        try (Jedis jedis = connect()) {
            Connection connection = jedis.getConnection();
            connection.sendCommand(XADD, key("stream"), "*", "field", "value");
            assertThat(connection.getBulkReply()).contains("-");
            connection.sendCommand(XLEN, key("stream"));
            assertThat(connection.getIntegerReply()).isEqualTo(1);
            assertThat(jedis.eval("return {1, ARGV[1]}", List.of(), List.of("two")))
                    .isEqualTo(List.of(1L, "two"));
        }
        assertThat(scope.journal().commands().print()).contains(": XADD\n", ": XLEN\n");
    }

    @ParameterizedTest
    @EnumSource
    void keepsPipelinesAndTransactionsInOrder(RedisProtocol protocol) {
        long before = roundTrips();
        try (Jedis jedis = connect(protocol)) {
            askTogether(jedis);
        }
        long between = roundTrips();
        try (FakeRedis fake = FakeRedis.start();
                Jedis jedis = new Jedis(
                        fake.host(),
                        fake.port(),
                        DefaultJedisClientConfig.builder().protocol(protocol).build())) {
            askTogether(jedis);
        }

        assertThat(between - before)
                .as("a pipeline is one round trip, MULTI another, and the rest of the transaction the last")
                .isEqualTo(3)
                .isEqualTo(roundTrips() - between);
    }

    private long roundTrips() {
        assertThat(Recorder.catchUp(Operation.Kind.COMMAND)).isEmpty();
        return scope.journal().commands().roundTrips().count();
    }

    private void askTogether(Jedis jedis) {
        List<Response<Long>> counts = new ArrayList<>();
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < 20; i++) {
                counts.add(pipeline.incr(key("n")));
            }
        }
        assertThat(counts).extracting(Response::get).startsWith(1L, 2L).endsWith(20L);
        try (Transaction transaction = jedis.multi()) {
            transaction.set(key("a"), "1");
            Response<String> read = transaction.get(key("a"));
            assertThat(transaction.exec()).containsExactly("OK", "1");
            assertThat(read.get()).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void deliversMessagesBetweenReplies(RedisProtocol protocol) throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        JedisPubSub subscriber = new JedisPubSub() {
            @Override
            public void onSubscribe(String channel, int channels) {
                heard.add("subscribed " + channels);
            }

            @Override
            public void onMessage(String channel, String message) {
                heard.add(message);
            }
        };
        try (Jedis jedis = connect(protocol);
                Jedis publisher = connect()) {
            CompletableFuture<Void> listening = Waiters.begin(() -> {
                jedis.subscribe(subscriber, key("one"), key("two"));
                return null;
            });
            assertThat(List.of(next(heard), next(heard))).containsExactly("subscribed 1", "subscribed 2");
            assertThat(publisher.publish(key("two"), "hello")).isEqualTo(1);
            assertThat(next(heard)).isEqualTo("hello");
            if (protocol == RedisProtocol.RESP2) {
                subscriber.ping(); // Jedis takes the answer for a message in RESP3
            }
            subscriber.unsubscribe();
            Waiters.answer(listening);
            assertThat(jedis.ping()).isEqualTo("PONG");
        }
    }

    private static String next(BlockingQueue<String> queue) throws InterruptedException {
        return String.valueOf(queue.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void servesLettuce() throws Exception {
        try (io.lettuce.core.RedisClient client = io.lettuce.core.RedisClient.create(proxy.uri());
                StatefulRedisConnection<String, String> connection = client.connect();
                StatefulRedisPubSubConnection<String, String> subscriber = client.connectPubSub()) {
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            subscriber.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, String message) {
                    heard.add(message);
                }
            });
            subscriber.sync().subscribe(key("news"));
            connection.sync().set(key("a"), "1");
            assertThat(connection.async().get(key("a")).get(20, TimeUnit.SECONDS))
                    .isEqualTo("1");
            connection.sync().publish(key("news"), "hello");
            assertThat(next(heard)).isEqualTo("hello");
        }
    }

    @Test
    void letsAClientWaitForAnElement() {
        try (Jedis waiter = connect();
                Jedis other = connect()) {
            CompletableFuture<List<String>> waiting = Waiters.begin(() -> waiter.blpop(20, key("queue")));
            other.rpush(key("queue"), "job");
            assertThat(Waiters.answer(waiting)).containsExactly(key("queue"), "job");
        }
    }

    @Test
    void showsWhatWasAskedAndFound() {
        try (Jedis jedis = connect()) {
            jedis.get(key("a"));
            jedis.set(key("a"), "1");
            jedis.get(key("a"));
            jedis.mget(key("a"), key("b"));
            jedis.exists(key("a"));
            jedis.hgetAll(key("h"));
        }

        assertThat(scope.journal().commands().operations())
                .extracting(operation -> operation.outcome().status())
                .containsExactly(
                        Operation.Outcome.Status.MISS,
                        Operation.Outcome.Status.DONE,
                        Operation.Outcome.Status.HIT,
                        Operation.Outcome.Status.MISS,
                        Operation.Outcome.Status.DONE,
                        Operation.Outcome.Status.MISS);
        assertThat(scope.journal().commands().operations().get(3).reads()).containsExactly(key("a"), key("b"));
        assertThat(scope.journal().unattributedCount()).isZero();
    }

    @Test
    void knowsByTheWordsOfACommandWhatItMayChange() {
        try (Jedis jedis = connect()) {
            jedis.get(key("a"));
            jedis.mset(key("a"), "1", key("b"), "2");
            jedis.del(key("a"));
            jedis.eval("return 1");
            try (Transaction transaction = jedis.multi()) {
                transaction.get(key("a"));
                transaction.exec();
            }
        }

        assertThat(scope.journal().commands().operations())
                .extracting(Operation::changed)
                .containsExactly(
                        Optional.of(Set.of()),
                        Optional.of(Set.of(key("a"), key("b"))),
                        Optional.of(Set.of(key("a"))),
                        Optional.empty(),
                        Optional.of(Set.of()),
                        Optional.of(Set.of()),
                        Optional.empty());
    }

    /** The fake and the real server behind the proxy fail alike. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void failsAsTheFakeDoes(boolean real) {
        try (FakeRedis fake = FakeRedis.start();
                Jedis jedis = real ? new Jedis(proxy.host(), proxy.port()) : new Jedis(fake.host(), fake.port())) {
            Faults faults = real ? proxy.faults() : fake.faults();
            jedis.set(key("a"), "1", SetParams.setParams().ex(1_000));

            try (Injection lost = faults.begin(Condition.LOST_WRITES)) {
                assertThat(jedis.set(key("b"), "2")).isEqualTo("OK");
                assertThat(jedis.set(key("a"), "2")).isEqualTo("OK");
                assertThat(jedis.get(key("b"))).isNull();
                assertThat(jedis.get(key("a"))).isEqualTo("1");
                assertThat(jedis.ttl(key("a"))).isBetween(900L, 1_000L);
                assertThat(jedis.del(key("a"))).isEqualTo(1);
                assertThat(jedis.get(key("a"))).isNull();
                assertThat(lost.hits()).isEqualTo(2);
            }
            jedis.set(key("a"), "1");
            try (Injection lost = faults.begin(Condition.LOST_DELETES)) {
                assertThat(jedis.del(key("a"), key("none"))).isEqualTo(1);
                assertThat(jedis.unlink(key("a"))).isEqualTo(1);
                assertThat(jedis.get(key("a"))).isEqualTo("1");
                assertThat(lost.hits()).isEqualTo(2);
            }
            try (Injection evicting = faults.begin(Condition.EVICTING)) {
                assertThat(jedis.rpush(key("l"), "1", "2")).isEqualTo(2);
                assertThat(jedis.lrange(key("l"), 0, -1)).isEmpty();
                assertThat(evicting.hits()).isEqualTo(1);
            }
            jedis.set(key("empty"), "");
            try (Injection nulls = faults.begin(Condition.NULL_IS_MISS)) {
                assertThat(jedis.mget(key("empty"), key("a"))).containsExactly(null, "1");
                assertThat(nulls.hits()).isEqualTo(1);
            }
            assertThat(jedis.get(key("empty"))).isEmpty();
            try (Injection stale = faults.begin(Condition.STALE)) {
                jedis.set(key("a"), "2");
                jedis.set(key("new"), "1");
                jedis.del(key("empty"));
                assertThat(jedis.mget(key("a"), key("new"), key("empty"))).containsExactly("1", null, "");
                assertThat(stale.hits()).isEqualTo(1);
            }
            assertThat(jedis.mget(key("a"), key("new"), key("empty"))).containsExactly("2", "1", null);
            try (Injection miss = faults.inject(Fault.falseMiss().nth(1))) {
                assertThat(jedis.get(key("a"))).isNull();
                assertThat(jedis.get(key("a"))).isEqualTo("2");
                assertThat(miss.hits()).isEqualTo(1);
            }
            try (Injection wrong = faults.begin(Condition.MISCONFIGURED)) {
                assertThatThrownBy(() -> jedis.get(key("a"))).hasMessage("NOAUTH Authentication required.");
                assertThat(wrong.hits()).isEqualTo(1);
            }
            try (Injection slow = faults.begin(Condition.SLOW)) {
                assertThat(jedis.get(key("a"))).isEqualTo("2");
                assertThat(slow.hits()).isEqualTo(1);
            }
            faults.inject(Fault.reset().on("INCR").afterApplying());
            assertThatExceptionOfType(JedisConnectionException.class).isThrownBy(() -> jedis.incr(key("n")));
            faults.clear();
        }
        try (FakeRedis fake = FakeRedis.start()) {
            Faults faults = real ? proxy.faults() : fake.faults();
            faults.begin(Condition.DOWN);
            assertThatExceptionOfType(JedisConnectionException.class).isThrownBy(() -> {
                try (Jedis refused = real ? connect() : new Jedis(fake.host(), fake.port())) {
                    refused.ping();
                }
            });
        }
        if (real) {
            try (Jedis direct = direct()) {
                assertThat(direct.get(key("n"))).as("it was applied").isEqualTo("1");
            }
        }
    }

    /** Other clients see nothing of an exchange, and lose nothing by it. */
    @Test
    void losesNothingOfWhatOthersWriteMeanwhile() {
        proxy.faults().inject(Fault.lostWrite().on("APPEND"));
        proxy.faults().inject(Fault.lostDelete().on("DEL"));
        CompletableFuture<Long> others = Waiters.begin(() -> {
            try (Jedis direct = direct()) {
                long last = 0;
                for (int i = 0; i < 3_000; i++) {
                    last = direct.incr(key("n"));
                }
                return last;
            }
        });
        try (Jedis jedis = connect()) {
            long lost = 0;
            while (!others.isDone() || lost < 10) {
                jedis.append(key("n"), "9");
                jedis.del(key("n"));
                lost++;
            }
        }

        assertThat(Waiters.answer(others)).isEqualTo(3_000);
        try (Jedis direct = direct()) {
            assertThat(direct.get(key("n"))).isEqualTo("3000");
        }
    }

    @Test
    void saysWhereAFaultCannotStrike() {
        proxy.faults().inject(Fault.lostWrite());
        try (Jedis jedis = connect()) {
            jedis.watch(key("w"));
            assertThatThrownBy(() -> jedis.set(key("a"), "1"))
                    .hasMessage(
                            "ERR a fault that no client notices cannot strike a command of a client that watches keys"
                                    + " through a proxy");
            jedis.unwatch();
            assertThat(jedis.set(key("a"), "1")).isEqualTo("OK");
            try (Transaction transaction = jedis.multi()) {
                transaction.set(key("a"), "2");
                transaction.del(key("a"));
                assertThatThrownBy(transaction::exec)
                        .hasMessage("EXECABORT Transaction discarded because of previous errors.");
            }
            assertThat(scope.journal().commands().print())
                    .contains(
                            "failed: ERR a fault that no client notices cannot strike a command inside of MULTI through a"
                                    + " proxy");
            proxy.faults().clear();
            assertThat(jedis.get(key("a"))).isNull();
            try (Transaction transaction = jedis.multi()) {
                transaction.set(key("a"), "3");
                assertThat(transaction.exec()).containsExactly("OK");
            }
        }
    }

    /** What is queued has not happened yet, and what is reset has never. */
    @Test
    void knowsWhereAClientStands() {
        Operation.Outcome.Status done = Operation.Outcome.Status.DONE;
        try (Jedis jedis = connect()) {
            Connection connection = jedis.getConnection();
            jedis.set(key("a"), "1");
            Injection lost = proxy.faults().inject(Fault.lostWrite().on("SET"));
            for (Protocol.Command command : List.of(MULTI, UNWATCH)) {
                connection.sendCommand(command);
                connection.getStatusCodeReply();
            }
            assertThatThrownBy(() -> jedis.set(key("a"), "2"))
                    .as("UNWATCH is queued, and ends nothing")
                    .hasMessageContaining("inside of MULTI through a proxy");
            connection.sendCommand(RESET);
            assertThat(connection.getStatusCodeReply()).isEqualTo("RESET");
            assertThat(jedis.set(key("a"), "2"))
                    .as("RESET ends the transaction")
                    .isEqualTo("OK");
            assertThat(jedis.get(key("a"))).isEqualTo("1");
            lost.close();

            connection.sendCommand(MULTI);
            connection.getStatusCodeReply();
            connection.sendCommand(SELECT, "1");
            connection.getStatusCodeReply();
            connection.sendCommand(EXEC);
            connection.getObjectMultiBulkReply();
            jedis.get(key("b"));
            connection.sendCommand(RESET);
            connection.getStatusCodeReply();
            jedis.get(key("b"));
        }

        List<Operation> asked = scope.journal().commands().operations();
        assertThat(asked.get(asked.size() - 1).reads()).containsExactly(key("b"));
        assertThat(asked.stream().flatMap(each -> each.reads().stream()))
                .as("SELECT has happened with EXEC")
                .contains(key("b") + " (database 1)");
        assertThat(asked.get(0).outcome().status()).isEqualTo(done);
    }

    @Test
    void refusesWhatHasNoAnswerOfItsOwn() {
        try (Jedis jedis = connect()) {
            assertThatThrownBy(() -> jedis.getConnection().executeCommand(redis.clients.jedis.Protocol.Command.MONITOR))
                    .hasMessage("ERR MONITOR cannot go through a proxy");
            assertThat(jedis.ping()).isEqualTo("PONG");
        }
    }

    @Test
    void refusesAServerElsewhere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FakeRedis.proxying("192.0.2.1", 6379))
                .withMessage(
                        "host must be this machine, but is 192.0.2.1: a test that lets a server fail must not do so to"
                                + " one that others use");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FakeRedis.proxying("127.0.0.1", 0))
                .withMessage("port must be 1 to 65535, but is 0");
    }

    @Test
    void endsAConnectionThatHasNobodyBehindIt() {
        RedisServer mortal = RedisServer.startInstalled(Map.of());
        try (mortal;
                RedisProxy before = FakeRedis.proxying("127.0.0.1", mortal.uri().getPort())) {
            try (Jedis jedis = new Jedis(before.host(), before.port())) {
                assertThat(jedis.ping()).isEqualTo("PONG");
                mortal.close();
                assertThatExceptionOfType(JedisConnectionException.class).isThrownBy(jedis::ping);
            }
            assertThatExceptionOfType(JedisConnectionException.class).isThrownBy(() -> {
                try (Jedis jedis = new Jedis(before.host(), before.port())) {
                    jedis.ping();
                }
            });
        }
    }

    @Test
    void isUsedNoMoreOnceItIsClosed() throws InterruptedException {
        Jedis jedis = connect();
        jedis.ping();
        proxy.close();
        proxy.close();

        assertThatExceptionOfType(JedisConnectionException.class).isThrownBy(jedis::ping);
        assertThatIllegalStateException()
                .isThrownBy(proxy::uri)
                .withMessage(
                        "RedisProxy(127.0.0.1:" + proxy.port() + ") is closed. Start a new one, or close it later.");
        assertThatIllegalStateException()
                .isThrownBy(() -> proxy.faults().begin(Condition.DOWN))
                .withMessage(
                        "RedisProxy(127.0.0.1:" + proxy.port() + ") is closed. Start a new one, or close it later.");
        Deadline.after(Duration.ofSeconds(20))
                .await(
                        () -> Thread.getAllStackTraces().keySet().stream()
                                .noneMatch(thread -> thread.getName().equals("fake-redis-" + proxy.port())),
                        () -> "the end of the serving thread");
        jedis.close();
    }
}
