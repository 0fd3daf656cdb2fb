package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Deadline;
import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

/** What becomes of a server that hangs, and of what clients ask of it meanwhile, when it wakes up. */
class SilenceTests {

    private static final String SET = Wire.encode(List.of("SET", "k", "v"));
    private static final String GET = Wire.encode(List.of("GET", "k"));

    private final FakeRedis redis = FakeRedis.start();

    @AfterEach
    void stop() {
        redis.close();
    }

    /** The ways in which a fault ends. */
    enum End {
        CLOSE,
        CLEAR,
        STEP;

        void of(Injection hang, FakeRedis redis) {
            switch (this) {
                case CLOSE -> hang.close();
                case CLEAR -> redis.faults().clear();
                case STEP -> redis.clock().advance(Duration.ofMinutes(1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersInOrderWhenTheHangEnds(End end) throws InterruptedException {
        Injection hang = redis.faults().begin(Condition.HANGING, Duration.ofMinutes(1));
        try (Wire wire = new Wire(redis.port())) {
            wire.send(SET + GET);
            awaitHits(hang, 1);
            wire.send(Wire.encode(List.of("STRLEN", "k")));
            assertThat(redis.keys()).isEmpty();

            end.of(hang, redis);

            assertThat(redis.get("k")).as("before the end returns").contains("v");
            assertThat(wire.reply() + wire.reply() + wire.reply()).isEqualTo("+OK\r\n$1\r\nv\r\n:1\r\n");
            assertThat(wire.ask("PING")).isEqualTo("+PONG\r\n");
        }
    }

    private static void awaitHits(Injection injection, int hits) throws InterruptedException {
        Deadline.after(Duration.ofSeconds(20)).await(() -> injection.hits() == hits, injection::toString);
    }

    @Test
    void answersWhenTheHangEndsInRealTime() {
        redis.faults().begin(Condition.HANGING, Duration.ofMillis(50));
        try (Wire wire = new Wire(redis.port())) {
            assertThat(wire.ask("SET", "k", "v")).isEqualTo("+OK\r\n");
        }
    }

    @Test
    void leavesNothingForTheNextTest() throws Exception {
        try (Wire wire = new Wire(redis.port());
                Socket inProcess = InProcessJedis.of(redis).createSocket()) {
            Injection hang = redis.faults().begin(Condition.HANGING);
            wire.send(SET);
            awaitHits(hang, 1);
            write(inProcess, SET);

            redis.renew();

            assertThat(wire.reply() + read(inProcess)).isEqualTo("+OK\r\n+OK\r\n");
            assertThat(redis.keys()).isEmpty();
            assertThat(wire.ask("PING")).isEqualTo("+PONG\r\n");
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String read(Socket socket) throws IOException {
        byte[] bytes = new byte[100];
        return new String(bytes, 0, socket.getInputStream().read(bytes), StandardCharsets.ISO_8859_1);
    }

    @Test
    void answersInProcessWhenTheHangEnds() throws Exception {
        Injection hang = redis.faults().begin(Condition.HANGING);
        try (Socket socket = InProcessJedis.of(redis).createSocket()) {
            write(socket, SET);
            assertThatThrownBy(() -> read(socket)).isInstanceOf(SocketTimeoutException.class);
            write(socket, GET);
            hang.close();

            assertThat(redis.get("k")).as("before the end returns").contains("v");
            assertThat(read(socket)).isEqualTo("+OK\r\n");
            assertThat(read(socket)).isEqualTo("$1\r\nv\r\n");
        }
    }

    @Test
    void doesNotWhatAClientHasGivenUpOn() throws Exception {
        Injection hang = redis.faults().begin(Condition.HANGING);
        try (Wire wire = new Wire(redis.port());
                Socket inProcess = InProcessJedis.of(redis).createSocket()) {
            wire.send(SET);
            awaitHits(hang, 1);
            write(inProcess, SET);
        }
        hang.close();

        assertThat(redis.keys()).isEmpty();
        try (Jedis next = new Jedis(redis.host(), redis.port())) {
            assertThat(next.get("k")).isNull();
        }
    }

    @Test
    void appliesOnceWhatItWasSilentAboutAfterwards() throws InterruptedException {
        Injection silence = redis.faults().inject(Fault.silence().on("INCR").afterApplying());
        try (Wire wire = new Wire(redis.port())) {
            wire.send(Wire.encode(List.of("INCR", "n")));
            awaitHits(silence, 1);
            silence.close();
            assertThat(wire.reply()).isEqualTo(":1\r\n");
            assertThat(wire.ask("INCR", "n")).isEqualTo(":2\r\n");
        }
    }

    @Test
    void waitsForTheEndOfEveryFaultThatHoldsItBack() throws InterruptedException {
        Injection one = redis.faults().inject(Fault.silence().on("GET"));
        Injection other = redis.faults().inject(Fault.silence().onKeys("k"));
        redis.put("k", "v");
        try (Wire wire = new Wire(redis.port())) {
            wire.send(GET);
            awaitHits(other, 1);
            one.close();
            redis.put("k", "w");
            other.close();
            assertThat(wire.reply()).isEqualTo("$1\r\nw\r\n");
        }
    }

    @Test
    void letsInWhoConnectedMeanwhile() throws InterruptedException {
        Injection silence = redis.faults().inject(Fault.silence().onConnect());
        try (Wire wire = new Wire(redis.port())) {
            wire.send(Wire.encode(List.of("PING")));
            awaitHits(silence, 1);
            silence.close();
            assertThat(wire.reply()).isEqualTo("+PONG\r\n");
        }
    }

    @Test
    void staysSilentOnTheConnectionAsLongAsTheFaultIsThere() throws InterruptedException {
        Injection once = redis.faults().inject(Fault.silence().on("GET").first(1));
        try (Wire wire = new Wire(redis.port());
                Wire other = new Wire(redis.port())) {
            wire.send(GET);
            awaitHits(once, 1);
            wire.send(Wire.encode(List.of("SET", "k", "v")));
            assertThat(other.ask("GET", "k")).isEqualTo("$-1\r\n");
            redis.clock().advance(Duration.ofHours(1));
            assertThat(other.ask("GET", "k")).isEqualTo("$-1\r\n");
        }
    }
}
