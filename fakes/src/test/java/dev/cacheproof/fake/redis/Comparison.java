package dev.cacheproof.fake.redis;

import dev.cacheproof.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the same steps on the fake and on redis-server, and finds the first reply that differs. */
final class Comparison implements AutoCloseable {

    private static final int CONNECTIONS = 2;
    private static final int DATABASES = 16;
    private static final Set<String> ANY_ORDER =
            Set.of("KEYS", "SCAN", "SMEMBERS", "SPOP", "SRANDMEMBER", "SSCAN", "SINTER", "SUNION", "SDIFF");

    /** Answer in an order of their own, unless the hash is small. */
    private static final Set<String> OF_HASHES = Set.of("HGETALL", "HKEYS", "HVALS", "HSCAN", "HRANDFIELD", "ZSCAN");

    /** From this length on, a field or a value makes a hash a large one. */
    private static final int LONG = 65;

    private final TestClock clock = TestClock.create();
    private final FakeRedis fake;
    private final RealRedis real;
    private final List<Wire> fakes = new ArrayList<>();
    private final List<Wire> reals = new ArrayList<>();
    private final Wire control;
    private final int protocol;
    private final boolean pipelined;
    private final Listeners listeners;

    /** Whether the steps write something so long that redis-server holds a collection in another way. */
    private boolean large;

    int replies;

    Comparison(RealRedis real, int protocol, boolean pipelined) {
        this(real, protocol, pipelined, "");
    }

    /** Compares what listeners to all events are told, too, where events are asked for. */
    Comparison(RealRedis real, int protocol, boolean pipelined, String events) {
        this.real = real;
        this.protocol = protocol;
        this.pipelined = pipelined;
        clock.freeze();
        this.fake = FakeRedis.builder().clock(clock).start();
        this.control = new Wire(real.port());
        for (int i = 0; i < CONNECTIONS; i++) {
            fakes.add(new Wire(fake.port()));
            reals.add(new Wire(real.port()));
        }
        this.listeners = new Listeners(fake.port(), real.port(), events);
    }

    /** Describes the first difference; null where there is none. */
    @Nullable
    String difference(List<Step> steps) {
        startAfresh();
        large = steps.stream().flatMap(step -> step.words().stream()).anyMatch(word -> word.length() >= LONG);
        List<Step> sent = new ArrayList<>();
        for (Step step : steps) {
            if (!sent.isEmpty() && (step.connection() != sent.get(0).connection() || !pipelined)) {
                String difference = compareAll(sent);
                if (difference != null) {
                    return difference;
                }
                sent.clear();
            }
            if (step.isTime()) {
                pass(step.millis());
                String difference = listeners.differenceInAnyOrder();
                if (difference != null) {
                    return "at: " + step + "\n" + difference;
                }
            } else {
                sent.add(step);
            }
        }
        return sent.isEmpty() ? null : compareAll(sent);
    }

    private void startAfresh() {
        showTime();
        control.ask("FLUSHALL");
        fake.clear();
        for (int i = 0; i < CONNECTIONS; i++) {
            for (Wire each : List.of(fakes.get(i), reals.get(i))) {
                each.ask("RESET");
                each.ask("SCRIPT", "FLUSH");
                each.ask("HELLO", String.valueOf(protocol));
            }
        }
        listeners.startAfresh();
    }

    private void pass(long millis) {
        clock.advance(Duration.ofMillis(millis));
        showTime();
        // The server drops what expired when it is touched, or some time later; the fake at once.
        for (int i = 0; i < DATABASES; i++) {
            control.ask("SELECT", String.valueOf(i));
            control.ask("EXISTS", "a", "b", "c", "aa", "k:1");
        }
    }

    private void showTime() {
        real.setTime(ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
    }

    private @Nullable String compareAll(List<Step> sent) {
        String difference = compare(sent);
        String told = listeners.difference();
        return difference != null || told == null ? difference : "at: " + sent + "\n" + told;
    }

    private @Nullable String compare(List<Step> sent) {
        long now = clock.millis();
        Wire ofFake = fakes.get(sent.get(0).connection());
        Wire ofReal = reals.get(sent.get(0).connection());
        StringBuilder bytes = new StringBuilder();
        sent.forEach(step -> bytes.append(Wire.encode(step.resolve(now))));
        ofReal.send(bytes.toString());
        ofFake.send(bytes.toString());
        String difference = null;
        for (Step step : sent) {
            String expected = ofReal.reply();
            String actual = ofFake.reply();
            replies++;
            // HINCRBYFLOAT, too, may write something long.
            large |= expected.charAt(0) == '$' && expected.indexOf("\r\n", LONG) >= 0;
            if (difference == null
                    && !expected.equals(actual)
                    && !comparable(step, expected).equals(comparable(step, actual))) {
                difference = "at: " + step + "\nredis-server: " + Step.quoted(expected) + "\nthe fake:     "
                        + Step.quoted(actual);
            }
        }
        return difference;
    }

    private String comparable(Step step, String reply) {
        String name = step.words().get(0).toUpperCase(Locale.ROOT);
        String same = reply.replaceAll("\\$2\r\nid\r\n:\\d+", "\\$2\r\nid\r\n:?");
        // EXEC also brings what others brought: the lines of the reply, sorted.
        boolean anyOrder = ANY_ORDER.contains(name) || name.equals("EXEC") || (large && OF_HASHES.contains(name));
        return anyOrder ? Stream.of(same.split("\r\n", -1)).sorted().toList().toString() : same;
    }

    /** Counts the messages to listeners that have been compared. */
    int messages() {
        return listeners.messages;
    }

    @Override
    public void close() {
        listeners.close();
        fakes.forEach(Wire::close);
        reals.forEach(Wire::close);
        control.close();
        fake.close();
    }
}
