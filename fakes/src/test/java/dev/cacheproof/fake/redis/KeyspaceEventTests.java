package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What listeners to events about keys are told by the fake, where no real server could be asked. */
class KeyspaceEventTests {

    private final FakeRedis redis = FakeRedis.start();
    private final Wire client = new Wire(redis.port());
    private final Wire listener = new Wire(redis.port());

    @BeforeEach
    void listen() {
        client.ask("CONFIG", "SET", "notify-keyspace-events", "EAn");
        listener.ask("PSUBSCRIBE", "__keyevent@*");
    }

    @AfterEach
    void stop() {
        listener.close();
        client.close();
        redis.close();
    }

    @Test
    void tellsWhatExpiresInTheOrderOfTimeBeforeTheStepReturns() {
        client.ask("SET", "later", "x", "PX", "2000");
        client.ask("SET", "sooner", "x", "PX", "1000");
        told();

        redis.clock().advance(Duration.ofSeconds(3));

        assertThat(listener.isAnswered()).isTrue();
        assertThat(told()).containsExactly("expired sooner", "expired later");
    }

    @Test
    void tellsWhatExpiresAsRealTimePasses() {
        client.ask("SET", "short", "x", "PX", "5");

        // Asks for nothing meanwhile: a command would let the key expire, too.
        for (String event : List.of("new", "set", "expire", "expired")) {
            assertThat(listener.reply()).contains("__keyevent@0__:" + event + "\r\n");
        }
    }

    @Test
    void tellsNothingOfAWriteThatWasLost() {
        client.ask("SET", "kept", "x");
        told();
        redis.faults().begin(Condition.SILENT_FAILURE);

        client.ask("SET", "lost", "x");
        client.ask("DEL", "kept");
        client.ask("FLUSHALL");

        assertThat(told()).isEmpty();
        assertThat(redis.keys()).containsExactly("kept");
    }

    @Test
    void tellsOfAnEviction() {
        redis.faults().inject(Fault.eviction().on("SET"));

        client.ask("SET", "dropped", "x");

        assertThat(told()).containsExactly("new dropped", "set dropped", "evicted dropped");
    }

    @Test
    void tellsOfAFixtureAsOfAWrite() {
        redis.put("fixture", "x");
        redis.put("fixture", "x", Duration.ofSeconds(1));

        assertThat(told()).containsExactly("new fixture", "set fixture", "set fixture", "expire fixture");
    }

    @Test
    void tellsNothingAfterTheFakeWasMadeLikeNew() {
        redis.renew();

        client.ask("SET", "a", "x");

        assertThat(told()).isEmpty();
        assertThat(client.ask("CONFIG", "GET", "notify-keyspace-events")).endsWith("$0\r\n\r\n");
    }

    /** Returns the events that were told before the answer to a later command. */
    private List<String> told() {
        List<String> told = new ArrayList<>();
        listener.send(Wire.encode(List.of("PING")));
        for (String next = listener.reply(); next.contains("pmessage"); next = listener.reply()) {
            String[] lines = next.split("\r\n", -1);
            told.add(lines[6].substring(lines[6].indexOf("__:") + 3) + " " + lines[8]);
        }
        return told;
    }
}
