package dev.cacheproof.fake.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Listens to all events about keys, of the fake and of redis-server. */
final class Listeners implements AutoCloseable {

    private static final String PONG = "*2\r\n$4\r\npong\r\n$0\r\n\r\n";

    private final Wire ofFake;
    private final Wire ofReal;
    private final Wire control;
    private final String events;

    /** How many messages have been compared. */
    int messages;

    Listeners(int fake, int real, String events) {
        this.ofFake = new Wire(fake);
        this.ofReal = new Wire(real);
        this.control = new Wire(real);
        this.events = events;
        control.ask("CONFIG", "SET", KeyspaceEvents.SETTING, events);
        ofFake.ask("CONFIG", "SET", KeyspaceEvents.SETTING, events);
        ofFake.ask("PSUBSCRIBE", "__key*__:*");
        ofReal.ask("PSUBSCRIBE", "__key*__:*");
    }

    void startAfresh() {
        told(ofFake);
        told(ofReal);
    }

    /** Describes the first difference since it was looked last; null where there is none. */
    @Nullable
    String difference() {
        return events.isEmpty() ? null : difference(told(ofReal), told(ofFake));
    }

    /** Does the same where redis-server need not tell in the order of time, and misses keys that only we have looked at. */
    @Nullable
    String differenceInAnyOrder() {
        if (events.isEmpty()) {
            return null;
        }
        return difference(
                told(ofReal).stream()
                        .filter(each -> !each.contains("keymiss"))
                        .sorted()
                        .toList(),
                told(ofFake).stream().sorted().toList());
    }

    private @Nullable String difference(List<String> expected, List<String> actual) {
        messages += expected.size();
        return expected.equals(actual)
                ? null
                : "redis-server tells: " + Step.quoted(expected.toString()) + "\nthe fake tells:     "
                        + Step.quoted(actual.toString());
    }

    /** Returns what one of them has been told: all that comes before the answer to a later command. */
    private static List<String> told(Wire wire) {
        wire.send(Wire.encode(List.of("PING")));
        List<String> told = new ArrayList<>();
        for (String next = wire.reply(); !next.equals(PONG); next = wire.reply()) {
            told.add(next);
        }
        return told;
    }

    @Override
    public void close() {
        control.ask("CONFIG", "SET", KeyspaceEvents.SETTING, "");
        control.close();
        ofFake.close();
        ofReal.close();
    }
}
