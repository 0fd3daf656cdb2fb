package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Deadline;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Messages reach those who listen, over TCP and in process, also where a fault strikes. */
class PubSubTests {

    private static final String HELLO = "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n";

    private final FaultyRedis faulty = new FaultyRedis();
    private final FakeRedis redis = faulty.redis;

    @AfterEach
    void stop() {
        faulty.close();
    }

    /** Puts down what it is told. */
    private static final class Listener extends JedisPubSub {

        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        @Override
        public void onSubscribe(String channel, int count) {
            told.add("subscribed to " + channel);
        }

        @Override
        public void onMessage(String channel, String message) {
            told.add(channel + ": " + message);
        }

        @Override
        public void onUnsubscribe(String channel, int count) {
            told.add("unsubscribed from " + channel);
        }

        String next() throws InterruptedException {
            return String.valueOf(told.poll(20, TimeUnit.SECONDS));
        }
    }

    private static CompletableFuture<Void> listen(Jedis jedis, Listener listener) {
        return Waiters.begin(() -> {
            jedis.subscribe(listener, "news");
            return null;
        });
    }

    @ParameterizedTest(name = "listens in process: {0}, tells in process: {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void tellWhoListens(boolean listensInProcess, boolean tellsInProcess) throws Exception {
        try (Jedis jedis = faulty.connect(listensInProcess);
                Jedis other = faulty.connect(tellsInProcess)) {
            Listener listener = new Listener();
            CompletableFuture<Void> end = listen(jedis, listener);
            assertThat(listener.next()).isEqualTo("subscribed to news");
            assertThat(other.publish("news", "first")).isEqualTo(1);
            assertThat(other.publish("others", "not for us")).isZero();
            assertThat(other.publish("news", "second")).isEqualTo(1);
            assertThat(listener.next()).isEqualTo("news: first");
            assertThat(listener.next()).isEqualTo("news: second");

            listener.unsubscribe("news");
            assertThat(listener.next()).isEqualTo("unsubscribed from news");
            Waiters.answer(end);
            assertThat(jedis.ping()).isEqualTo("PONG");
            assertThat(other.publish("news", "third")).isZero();
        }
    }

    @Test
    void endWithTheConnectionOfWhoListens() throws Exception {
        Jedis jedis = faulty.connect(true);
        Listener listener = new Listener();
        CompletableFuture<Void> end = listen(jedis, listener);
        assertThat(listener.next()).isEqualTo("subscribed to news");
        jedis.close();
        assertThatThrownBy(() -> Waiters.answer(end)).isInstanceOf(JedisConnectionException.class);
        try (Wire other = new Wire(redis.port())) {
            assertThat(other.ask("PUBLISH", "news", "hello")).isEqualTo(":0\r\n");
            assertThat(other.ask("PUBSUB", "CHANNELS")).isEqualTo("*0\r\n");
        }
    }

    @Test
    void showWhoListens() {
        try (Wire listener = new Wire(redis.port());
                Wire other = new Wire(redis.port())) {
            listener.ask("SUBSCRIBE", "news");
            listener.ask("PSUBSCRIBE", "n*");
            String all = other.ask("CLIENT", "LIST", "TYPE", "PUBSUB");
            assertThat(all)
                    .contains(" flags=P ")
                    .contains(" sub=1 psub=1 ssub=0 ")
                    .contains(" cmd=psubscribe ");
            assertThat(other.ask("CLIENT", "LIST", "TYPE", "NORMAL")).doesNotContain("sub=1");
            assertThat(other.ask("INFO", "stats")).contains("\r\npubsub_channels:1\r\npubsub_patterns:1\r\n");
            other.send(Wire.encode(List.of("CLIENT", "KILL", "TYPE", "PUBSUB"))
                    + Wire.encode(List.of("PUBLISH", "news", "hello")));
            assertThat(other.reply() + other.reply()).isEqualTo(":1\r\n:0\r\n");
            assertThat(listener.reply()).isEqualTo("(closed)");
        }
    }

    @Test
    void comeBeforeTheAnswerToWhatIsAskedLater() {
        try (Wire listener = new Wire(redis.port());
                Jedis other = faulty.connect(true)) {
            listener.ask("HELLO", "3");
            listener.ask("SUBSCRIBE", "news");
            for (int i = 0; i < 100; i++) {
                other.publish("news", "hello");
                listener.send(Wire.encode(List.of("PING")));
                assertThat(listener.reply()).isEqualTo(">" + HELLO.substring(1));
                assertThat(listener.reply()).isEqualTo("+PONG\r\n");
            }
        }
    }

    @Test
    void tellAlsoWhoWantsNoAnswers() {
        try (Wire listener = new Wire(redis.port());
                Wire other = new Wire(redis.port())) {
            listener.send(Wire.encode(List.of("CLIENT", "REPLY", "OFF")) + Wire.encode(List.of("SUBSCRIBE", "news")));
            assertThat(listener.reply()).isEqualTo("*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n");
            other.ask("PUBLISH", "news", "hello");
            assertThat(listener.reply()).isEqualTo(HELLO);
        }
    }

    @Test
    void reachNobodyThroughAFaultBeforeItEnds() throws InterruptedException {
        try (Wire listener = new Wire(redis.port());
                Wire other = new Wire(redis.port())) {
            listener.ask("SUBSCRIBE", "news");
            Injection silence = redis.faults().inject(Fault.silence().on("PING"));
            listener.send(Wire.encode(List.of("PING")));
            Deadline.after(Duration.ofSeconds(20)).await(() -> silence.hits() == 1, silence::toString);
            assertThat(other.ask("PUBLISH", "news", "hello")).isEqualTo(":1\r\n");
            assertThat(other.ask("GET", "k")).isEqualTo("$-1\r\n");
            assertThat(listener.isAnswered()).isFalse();
            silence.close();
            assertThat(List.of(listener.reply(), listener.reply()))
                    .containsExactlyInAnyOrder(HELLO, "*2\r\n$4\r\npong\r\n$0\r\n\r\n");
        }
    }

    @Test
    void endWithTheFake() throws Exception {
        for (boolean inProcess : List.of(false, true)) {
            FakeRedis closing = FakeRedis.start();
            try (Jedis jedis =
                    inProcess ? new Jedis(InProcessJedis.of(closing)) : new Jedis(closing.host(), closing.port())) {
                Listener listener = new Listener();
                CompletableFuture<Void> end = listen(jedis, listener);
                assertThat(listener.next()).isEqualTo("subscribed to news");
                closing.close();
                assertThatThrownBy(() -> Waiters.answer(end)).isInstanceOf(JedisConnectionException.class);
            }
        }
    }
}
