package dev.cacheproof.fake.redis;

import dev.cacheproof.Deadline;
import dev.cacheproof.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the same steps of several clients on the fake and on redis-server, and finds the first difference: in what one of them
 * is told, or in who waits. Nobody is waited for by the time of day: that a client waits, CLIENT LIST shows, and what others
 * are told has reached them when a later command was answered.
 */
final class ClientsComparison implements AutoCloseable {

    private static final int CONNECTIONS = 4;
    private static final int LEAST_ID = 100;
    private static final Pattern BLOCKED = Pattern.compile(" flags=P?x?b");
    /** Tell several channels in an order of their own. */
    private static final Set<String> ANY_ORDER =
            Set.of("UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "PUBSUB", "EXEC");

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final TestClock clock = TestClock.create();
    private final FakeRedis fake;
    private final RealRedis real;
    private boolean isRedirected;
    private final Side ours;
    private final Side theirs;
    private final Listeners listeners;

    /** How many clients have been given what they had waited for, or waited in vain. */
    int ends;

    /** How many clients have been told that what they keep has changed. */
    int invalidations;

    ClientsComparison(RealRedis real, int protocol) {
        this.real = real;
        clock.freeze();
        this.fake = FakeRedis.builder().clock(clock).start();
        this.ours = new Side(fake.port(), protocol);
        this.theirs = new Side(real.port(), protocol);
        // Not to what expires, or is missing: the server may find that later.
        this.listeners = new Listeners(fake.port(), real.port(), "KEg$lshzn");
    }

    /** One of the servers, and who waits there for an answer. */
    private static final class Side {

        Wire control;
        final List<Wire> wires = new ArrayList<>();
        final List<String> ids = new ArrayList<>();
        final boolean[] waits = new boolean[CONNECTIONS];
        final int protocol;

        Side(int port, int protocol) {
            this.protocol = protocol;
            control = new Wire(port);
            while (Integer.parseInt(control.ask("CLIENT", "ID").substring(1).trim()) < LEAST_ID) {
                // Told apart from other numbers, the connections' own are comparable.
                control.close();
                control = new Wire(port);
            }
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

        /** Sends a command, and waits until it is answered or waits. */
        void send(int connection, List<String> words) throws InterruptedException {
            List<String> resolved = words.stream()
                    .map(word -> word.startsWith("@id") ? ids.get(word.charAt(3) - '0') : word)
                    .toList();
            Wire wire = wires.get(connection);
            wire.send(Wire.encode(resolved));
            Deadline.after(LIMIT)
                    .await(() -> wire.isAnswered() || isBlocked(connection), () -> "an answer to " + resolved);
        }

        private boolean isBlocked(int connection) {
            return BLOCKED.matcher(control.ask("CLIENT", "LIST", "ID", ids.get(connection)))
                    .find();
        }

        /** Returns what each client has been told, and who waits. */
        List<String> state() {
            List<String> state = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                waits[i] = isBlocked(i);
                String told = wires.get(i).replies();
                for (String id : ids) {
                    told = told.replace(":" + id + "\r\n", ":@id" + ids.indexOf(id) + "\r\n");
                }
                state.add(i + (waits[i] ? " waits: " : ": ") + told);
            }
            return state;
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
        listeners.startAfresh();
        isRedirected = steps.stream().anyMatch(step -> step.words().contains("REDIRECT"));
        for (Step step : steps) {
            boolean[] waited = theirs.waits.clone();
            if (step.isTime()) {
                clock.advance(Duration.ofMillis(step.millis()));
                showTime();
                // The server looks at time-outs whenever it has answered somebody, and at keys when they are touched.
                for (String database : List.of("1", "0")) {
                    theirs.control.ask("SELECT", database);
                    theirs.control.ask("EXISTS", "a", "b", "c");
                }
            } else if (!waited[step.connection()]) {
                theirs.send(step.connection(), step.words());
                ours.send(step.connection(), step.words());
            }
            List<String> expected = theirs.state();
            List<String> actual = ours.state();
            for (int i = 0; i < CONNECTIONS; i++) {
                invalidations += expected.get(i).contains("invalidate\r\n*1") ? 1 : 0;
                ends += waited[i] && !theirs.waits[i] ? 1 : 0;
                if (!comparable(step, expected.get(i)).equals(comparable(step, actual.get(i)))) {
                    return "at: " + step + "\nredis-server: " + Step.quoted(expected.get(i)) + "\nthe fake:     "
                            + Step.quoted(actual.get(i));
                }
            }
            String told = listeners.difference();
            if (told != null) {
                return "at: " + step + "\n" + told;
            }
        }
        return null;
    }

    private String comparable(Step step, String told) {
        String same = told.replaceAll("\\$2\r\nid\r\n:\\d+", "\\$2\r\nid\r\n:?");
        // What others' caches are told on a connection stands anywhere among its own replies.
        boolean anyOrder = (!step.isTime() && ANY_ORDER.contains(step.words().get(0)))
                || (isRedirected && told.contains("\r\ninvalidate\r\n"));
        return anyOrder
                ? Stream.of(same.replaceFirst(": ", "\r\n").split("\r\n", -1))
                        .sorted()
                        .toList()
                        .toString()
                : same;
    }

    private void showTime() {
        real.setTime(ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
    }

    @Override
    public void close() {
        listeners.close();
        ours.close();
        theirs.close();
        fake.close();
    }
}
