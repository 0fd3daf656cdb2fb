package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.TestClock;
import dev.cacheproof.fake.internal.ActiveRule;
import dev.cacheproof.fake.internal.Effect;
import dev.cacheproof.fake.internal.FaultPlan;
import dev.cacheproof.fake.internal.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A command that the fake gets wrong ends the connection that brought it, and neither the server nor any other. */
class DefectTests {

    private static final String PING = Wire.encode(List.of("PING"));

    private final TestClock clock = TestClock.create();

    /** How often the time may still be asked for; then it cannot be told any more, which is the defect; below 0, always. */
    private final AtomicInteger asksLeft = new AtomicInteger(-1);

    private final FaultPlan plan = new FaultPlan(() -> {
        if (asksLeft.get() >= 0 && asksLeft.getAndDecrement() == 0) {
            throw new IllegalStateException("a defect, made by a test");
        }
        return clock.instant();
    });
    private final TcpServer server =
            TcpServer.start(new Engine(clock, null), plan, new CommandJournal("defects", null), 0);

    @AfterEach
    void stop() {
        server.close();
    }

    private void inject(Effect effect, Rule.Phase phase) {
        Rule rule = new Rule(effect, phase, Set.of(), null, null, 0, 0, 0, 1, 1, 0, Duration.ZERO, null, false);
        plan.add(new ActiveRule(rule, "rule", Instant.EPOCH));
    }

    private void assertLives() {
        plan.rules().forEach(plan::remove);
        try (Wire next = new Wire(server.port())) {
            assertThat(next.ask("PING")).isEqualTo("+PONG\r\n");
        }
    }

    @Test
    void whenAClientConnects() {
        inject(new Effect.Disconnect(), Rule.Phase.CONNECT);
        asksLeft.set(0);
        try (Wire wire = new Wire(server.port())) {
            assertThat(wire.reply()).isEqualTo("(closed)");
        }
        assertLives();
    }

    @Test
    void whenACommandArrives() {
        try (Wire wire = new Wire(server.port());
                Wire other = new Wire(server.port())) {
            assertThat(wire.ask("PING") + other.ask("PING")).isEqualTo("+PONG\r\n+PONG\r\n");
            inject(new Effect.Disconnect(), Rule.Phase.AFTER_APPLYING);
            asksLeft.set(0);
            wire.send(PING);
            assertThat(wire.reply()).isEqualTo("(closed)");
            plan.rules().forEach(plan::remove);
            assertThat(other.ask("PING")).isEqualTo("+PONG\r\n");
        }
        assertLives();
    }

    @Test
    void whenADelayIsOver() {
        inject(new Effect.Delay(Duration.ofMillis(1)), Rule.Phase.BEFORE_APPLYING);
        asksLeft.set(2);
        try (Wire wire = new Wire(server.port())) {
            wire.send(PING + PING);
            assertThat(wire.reply()).isEqualTo("(closed)");
        }
        assertLives();
    }

    @Test
    void whenTheServerIsAtWorkForItself() {
        server.perform(() -> {
            throw new IllegalStateException("a defect, made by a test");
        });
        assertLives();
    }
}
