package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Deadline;
import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Lettuce makes of the most important faults. */
@SuppressWarnings("NullAway.Init")
class LettuceFaultTests {

    private final FakeRedis redis = FakeRedis.start();
    private final RedisClient client = RedisClient.create(redis.uri());
    private StatefulRedisConnection<String, String> connection;
    private RedisCommands<String, String> commands;

    @BeforeEach
    void connect() {
        connection = client.connect();
        commands = connection.sync();
    }

    @AfterEach
    void stop() {
        redis.faults().clear();
        connection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        redis.close();
    }

    @Test
    void countsTwiceWhereTheConnectionEndsAfterTheCommandRan() {
        redis.faults()
                .inject(Fault.disconnect().on("INCR").first(1).afterApplying().mustFire());

        assertThat(commands.incr("n")).as("Lettuce sends it again").isEqualTo(2);
    }

    @Test
    void failsWhereTheConnectionIsReset() {
        redis.faults().inject(Fault.reset().on("INCR").first(1));

        assertThatThrownBy(() -> commands.incr("n")).isInstanceOf(RedisException.class);
    }

    @Test
    void isToldOfAnError() {
        redis.faults().begin(Condition.MISCONFIGURED);

        assertThatThrownBy(() -> commands.get("k"))
                .isInstanceOf(RedisCommandExecutionException.class)
                .hasMessage("NOAUTH Authentication required.");
    }

    @Test
    void noticesNothingOfASilentFailure() {
        commands.set("k", "old");
        redis.faults().begin(Condition.SILENT_FAILURE);

        assertThat(commands.set("k", "new")).isEqualTo("OK");
        assertThat(commands.unlink("k")).isEqualTo(1);
        assertThat(commands.get("k")).isEqualTo("old");
    }

    @Test
    void getsTheRightAnswersWhenAHangEnds() throws Exception {
        commands.mset(Map.of("a", "1", "b", "2"));
        Injection hang = redis.faults().begin(Condition.HANGING);
        RedisFuture<String> first = connection.async().get("a");
        Deadline.after(Duration.ofSeconds(20)).await(() -> hang.hits() == 1, hang::toString);
        hang.close();

        assertThat(commands.get("b")).isEqualTo("2");
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("1");
    }

    @Test
    void canNotConnectWhileTheServerIsDown() {
        redis.faults().begin(Condition.DOWN, Duration.ofMinutes(1));
        assertThatThrownBy(client::connect).isInstanceOf(RedisException.class);
        redis.clock().advance(Duration.ofMinutes(1));

        try (StatefulRedisConnection<String, String> next = client.connect()) {
            assertThat(next.sync().ping()).isEqualTo("PONG");
        }
    }
}
