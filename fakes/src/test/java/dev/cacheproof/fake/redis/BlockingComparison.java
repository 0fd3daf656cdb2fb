package dev.cacheproof.fake.redis;

import dev.cacheproof.Deadline;
import dev.cacheproof.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs the same steps on the fake and on redis-server where some of them wait, and finds the first difference: in a reply, or
 * in who waits. Nobody is waited for by the time of day: that a client waits, CLIENT LIST shows.
 */
final class BlockingComparison implements AutoCloseable {

    private static final int CONNECTIONS = 4;
    private static final Pattern BLOCKED = Pattern.compile(" flags=x?b");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final TestClock clock = TestClock.create();
    private final FakeRedis fake;
    private final RealRedis real;
    private final Side ours;
    private final Side theirs;

    /** How many clients have been given what they had waited for, or waited in vain. */
    int ends;

    BlockingComparison(RealRedis real, int protocol) {
        this.real = real;
        clock.freeze();
        this.fake = FakeRedis.builder().clock(clock).start();
        this.ours = new Side(fake.port(), protocol);
        this.theirs = new Side(real.port(), protocol);
    }

    /** One of the servers, and who waits there for an answer. */
    private static final class Side {

        final Wire control;
        final List<Wire> wires = new ArrayList<>();
        final List<String> ids = new ArrayList<>();
        final boolean[] waits = new boolean[CONNECTIONS];
        final int protocol;

        Side(int port, int protocol) {
            this.protocol = protocol;
            control = new Wire(port);
            for (int i = 0; i < CONNECTIONS; i++) {
                wires.add(new Wire(port));
                ids.add(wires.get(i).ask("CLIENT", "ID").substring(1).trim());
            }
        }

        void startAfresh() {
            for (int i = 0; i < CONNECTIONS; i++) {
                if (waits[i]) {
                    control.ask("CLIENT", "UNBLOCK", ids.get(i));
                    wires.get(i).reply();
                    waits[i] = false;
                }
                wires.get(i).ask("RESET");
                wires.get(i).ask("HELLO", String.valueOf(protocol));
            }
            control.ask("FLUSHALL");
        }

        /** Sends a command; returns its answer, or that it waits. */
        String ask(int connection, List<String> words) throws InterruptedException {
            List<String> resolved = words.stream()
                    .map(word -> word.startsWith("@id") ? ids.get(word.charAt(3) - '0') : word)
                    .toList();
            Wire wire = wires.get(connection);
            wire.send(Wire.encode(resolved));
            Deadline.after(LIMIT)
                    .await(() -> wire.isAnswered() || isBlocked(connection), () -> "an answer to " + resolved);
            waits[connection] = !wire.isAnswered() && isBlocked(connection);
            return waits[connection] ? "(waits)" : wire.reply();
        }

        boolean isBlocked(int connection) {
            return BLOCKED.matcher(control.ask("CLIENT", "LIST", "ID", ids.get(connection)))
                    .find();
        }

        /** Returns what those have been answered who waited until now, each behind its number. */
        String ended() {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < CONNECTIONS; i++) {
                if (waits[i] && !isBlocked(i)) {
                    waits[i] = false;
                    text.append(i).append(": ").append(wires.get(i).reply());
                }
            }
            return text.toString();
        }

        void close() {
            wires.forEach(Wire::close);
            control.close();
        }
    }

    /** Describes the first difference; null where there is none. A step on a connection that waits is left out. */
    @Nullable
    String difference(List<Step> steps) throws InterruptedException {
        showTime();
        ours.startAfresh();
        theirs.startAfresh();
        for (Step step : steps) {

            String expected = "";
            String actual = "";
            if (step.isTime()) {
                clock.advance(Duration.ofMillis(step.millis()));
                showTime();
                // The server looks at time-outs whenever it has answered somebody.
                theirs.control.ask("EXISTS", "a", "b", "c");
            } else if (!ours.waits[step.connection()]) {
                expected = theirs.ask(step.connection(), step.words());
                actual = ours.ask(step.connection(), step.words());
            }
            String ended = theirs.ended();
            ends += ended.isEmpty() ? 0 : 1;
            String difference = compare(step, expected, actual) + compare(step, ended, ours.ended());
            if (!difference.isEmpty()) {
                return difference;
            }
        }
        return null;
    }

    private static String compare(Step step, String expected, String actual) {
        return expected.equals(actual)
                ? ""
                : "at: " + step + "\nredis-server: " + Step.quoted(expected) + "\nthe fake:     " + Step.quoted(actual)
                        + "\n";
    }

    private void showTime() {
        real.setTime(ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
    }

    @Override
    public void close() {
        ours.close();
        theirs.close();
        fake.close();
    }
}
