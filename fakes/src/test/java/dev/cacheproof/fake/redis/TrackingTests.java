package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What clients are told that keep what they have read; what redis-server tells them is compared elsewhere. */
class TrackingTests {

    private static final String FORGET_ALL = ">2\r\n$10\r\ninvalidate\r\n_\r\n";

    private final FakeRedis redis = FakeRedis.start();
    private final Wire writer = new Wire(redis.port());
    private final Wire reader = new Wire(redis.port());

    @BeforeEach
    void track() {
        reader.ask("HELLO", "3");
        reader.ask("CLIENT", "TRACKING", "ON");
    }

    @AfterEach
    void stop() {
        reader.close();
        writer.close();
        redis.close();
    }

    private static String changed(String key) {
        return ">2\r\n$10\r\ninvalidate\r\n*1\r\n$" + key.length() + "\r\n" + key + "\r\n";
    }

    @Test
    void tellsOfAChangeBeforeWhoeverHasMadeItGoesOn() {
        for (int i = 0; i < 200; i++) {
            reader.ask("GET", "a");
            writer.ask("SET", "a", String.valueOf(i));
            assertThat(reader.isAnswered()).isTrue();
            assertThat(reader.reply()).isEqualTo(changed("a"));
        }
    }

    @Test
    void tellsOfWhatExpiresBeforeTheStepReturns() {
        writer.ask("SET", "a", "x", "PX", "1000");
        reader.ask("GET", "a");

        redis.clock().advance(Duration.ofSeconds(2));

        assertThat(reader.isAnswered()).isTrue();
        assertThat(reader.replies()).isEqualTo(changed("a"));
    }

    @Test
    void tellsPrefixesOfAllThatWasWrittenTogether() {
        reader.ask("CLIENT", "TRACKING", "OFF");
        reader.ask("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "user:");

        writer.send(Wire.encode(List.of("SET", "user:2", "x"))
                + Wire.encode(List.of("SET", "other", "x"))
                + Wire.encode(List.of("SET", "user:1", "x")));
        writer.reply();
        writer.reply();
        writer.reply();

        assertThat(reader.reply()).isEqualTo(">2\r\n$10\r\ninvalidate\r\n*2\r\n$6\r\nuser:1\r\n$6\r\nuser:2\r\n");
        redis.put("user:3", "x");
        assertThat(reader.reply()).isEqualTo(changed("user:3"));
    }

    @Test
    void tellsNothingOfAWriteThatWasLost() {
        writer.ask("SET", "a", "x");
        reader.ask("GET", "a");
        redis.faults().begin(Condition.SILENT_FAILURE);

        writer.ask("SET", "a", "y");
        writer.ask("DEL", "a");
        writer.ask("FLUSHALL");

        assertThat(reader.ask("PING")).isEqualTo("+PONG\r\n");
    }

    @Test
    void losesWhatItShouldTell() {
        reader.ask("CONFIG", "SET", "notify-keyspace-events", "KA");
        reader.ask("SUBSCRIBE", "__keyspace@0__:a");
        reader.ask("GET", "a");
        try (Injection lost =
                redis.faults().inject(Fault.lostInvalidation().onKeys("a").mustFire())) {
            assertThat(writer.ask("SET", "a", "lost")).isEqualTo("+OK\r\n");
            assertThat(lost.hits()).isEqualTo(1);
        }
        assertThat(reader.ask("PING"))
                .as("neither an event nor an invalidation")
                .isEqualTo("+PONG\r\n");

        writer.ask("SET", "a", "not read since");
        assertThat(reader.reply()).contains("__keyspace@0__:a");
        assertThat(reader.ask("GET", "a")).contains("not read since");
        writer.ask("DEL", "a");
        assertThat(reader.reply()).isEqualTo(changed("a"));
    }

    @Test
    void losesWhatItShouldTellOfAPrefix() {
        reader.ask("CLIENT", "TRACKING", "OFF");
        reader.ask("CLIENT", "TRACKING", "ON", "BCAST");
        redis.faults().inject(Fault.lostInvalidation().on("SET"));

        writer.ask("MULTI");
        writer.ask("SET", "lost", "x");
        writer.ask("INCR", "told");
        writer.ask("EXEC");

        assertThat(reader.reply()).isEqualTo(changed("told"));
    }

    @Test
    void tellsOfAnEviction() {
        reader.ask("GET", "a");
        redis.faults().inject(Fault.eviction().on("SET"));

        writer.ask("SET", "a", "x");

        assertThat(reader.reply()).isEqualTo(changed("a"));
    }

    @Test
    void letsClientsForgetAllThatWasDroppedBetweenTests() {
        redis.put("a", "x");
        reader.ask("MGET", "a", "none");

        redis.renew();

        assertThat(reader.reply()).isEqualTo(changed("a"));
        assertThat(reader.reply()).isEqualTo(FORGET_ALL);
        writer.ask("SET", "a", "x");
        assertThat(reader.ask("PING")).isEqualTo("+PONG\r\n");
    }

    @Test
    void tellsNobodyWhoHasGone() {
        reader.ask("GET", "a");
        String id = reader.ask("CLIENT", "ID").substring(1).trim();

        assertThat(writer.ask("INFO", "clients")).contains("tracking_clients:1\r\n");
        writer.ask("CLIENT", "KILL", "ID", id);

        assertThat(writer.ask("SET", "a", "x")).isEqualTo("+OK\r\n");
        assertThat(writer.ask("INFO", "clients")).contains("tracking_clients:0\r\n");
    }

    @Test
    @Tag("real-server")
    void showsThoseClientsAsRedisDoes() {
        try (RealRedis real = RealRedis.start()) {
            assertThat(shown(redis.port())).isEqualTo(shown(real.port())).contains("flags=tRB redir=@target");
        }
    }

    private static List<String> shown(int port) {
        List<String> shown = new ArrayList<>();
        Pattern interesting = Pattern.compile("flags=\\S+|redir=\\S+");
        try (Wire client = new Wire(port);
                Wire target = new Wire(port);
                Wire other = new Wire(port)) {
            String id = target.ask("CLIENT", "ID").substring(1).trim();
            for (List<String> each : List.of(
                    List.of("PING"),
                    List.of("CLIENT", "TRACKING", "ON"),
                    List.of("CLIENT", "TRACKING", "OFF"),
                    List.of("CLIENT", "TRACKING", "ON", "BCAST", "REDIRECT", id),
                    List.of("CLIENT", "KILL", "ID", id),
                    List.of("SET", "a", "x"),
                    List.of("CLIENT", "NO-EVICT", "ON"),
                    List.of("CLIENT", "TRACKING", "OFF"))) {
                client.ask(each.toArray(String[]::new));
                List<String> parts = new ArrayList<>();
                Matcher matcher = interesting.matcher(client.ask("CLIENT", "INFO"));
                while (matcher.find()) {
                    parts.add(matcher.group().replace("=" + id, "=@target"));
                }
                shown.add(String.join(" ", parts));
            }
            other.ask("PING");
        }
        return shown;
    }
}
