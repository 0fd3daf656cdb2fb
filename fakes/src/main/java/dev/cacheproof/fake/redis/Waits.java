package dev.cacheproof.fake.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The clients that wait. As in redis-server, what appears under a key is given to those who wait for it in the order in which
 * they began to, as soon as the command, or the transaction, is over that has brought it. Guarded by the engine's lock.
 */
final class Waits {

    private record Place(Database database, Bytes key) {}

    private final Engine engine;

    /** How long a clock may stand still in real time while somebody waits for the end of a time-out. */
    private final Duration longestStandstill;

    private final Map<Place, Set<Waiting>> byPlace = new HashMap<>();
    private final TreeSet<Waiting> limited =
            new TreeSet<>(Comparator.<Waiting>comparingLong(each -> each.end).thenComparingLong(each -> each.number));

    /** What has appeared and nobody has been given yet. */
    private final Set<Place> appeared = new LinkedHashSet<>();

    private long numbers;
    private int size;
    private Instant seen = Instant.MIN;
    private long seenAtNanos;

    Waits(Engine engine, Duration longestStandstill) {
        this.engine = engine;
        this.longestStandstill = longestStandstill;
    }

    void begin(Waiting waiting) {
        waiting.number = numbers++;
        size++;
        for (Bytes key : waiting.keys) {
            Place place = new Place(waiting.call.database(), key);
            byPlace.computeIfAbsent(place, any -> new LinkedHashSet<>()).add(waiting);
        }
        if (waiting.isLimited()) {
            limited.add(waiting);
        }
        waiting.call.session().waiting = waiting;
    }

    /** Counts the clients that wait. */
    int size() {
        return size;
    }

    /** Notes that there is a key that was not there before. */
    void appeared(Database database, Bytes key) {
        Place place = new Place(database, key);
        if (byPlace.containsKey(place)) {
            appeared.add(place);
        }
    }

    /** Gives what has appeared to those who wait for it. What they do with it may let more appear. */
    void serve() {
        while (!appeared.isEmpty()) {
            Place place = appeared.iterator().next();
            appeared.remove(place);
            for (Waiting each : List.copyOf(byPlace.getOrDefault(place, Set.of()))) {
                Entry entry = place.database().find(place.key());
                if (entry == null) {
                    break;
                }
                if (each.type.isInstance(entry.value)) {
                    finish(each, engine.take(each, place.key()));
                }
            }
        }
    }

    /** Lets a client wait no more, and tells it why. */
    void finish(Waiting waiting, Reply reply) {
        forget(waiting);
        waiting.finish(reply);
        waiting.call.session().link.wake();
    }

    /** Lets a client wait no more; has no effect on one that does not. */
    void leave(Session session) {
        Waiting waiting = session.waiting;
        if (waiting != null) {
            forget(waiting);
        }
    }

    private void forget(Waiting waiting) {
        size--;
        limited.remove(waiting);
        waiting.call.session().waiting = null;
        for (Bytes key : waiting.keys) {
            byPlace.computeIfPresent(new Place(waiting.call.database(), key), (place, all) -> {
                all.remove(waiting);
                return all.isEmpty() ? null : all;
            });
        }
    }

    /** Returns the last millisecond of the wait that ends first; null where none is limited. */
    @Nullable
    Long nextEnd() {
        return limited.isEmpty() ? null : Long.valueOf(limited.first().end);
    }

    /** Ends those whose time is over, in the order of time, and says whether there were any. */
    boolean endDue() {
        boolean any = false;
        while (!limited.isEmpty() && limited.first().end < engine.now()) {
            finish(limited.first(), limited.first().inVain);
            any = true;
        }
        return any;
    }

    /**
     * Ends those whose time is over, or that wait for a clock that stands still.
     *
     * @return how long to wait in real time before the next look; null where there is nothing to look at
     */
    @Nullable
    Duration look() {
        endDue();
        Instant now = engine.instant();
        if (!now.equals(seen)) {
            seen = now;
            seenAtNanos = System.nanoTime();
        }
        Duration next = null;
        for (Waiting each : new ArrayList<>(limited)) {
            long since = each.startedAtNanos - seenAtNanos > 0 ? each.startedAtNanos : seenAtNanos;
            Duration left = longestStandstill.minusNanos(System.nanoTime() - since);
            if (left.isNegative()) {
                finish(each, Replies.error(standstill(each)));
                continue;
            }
            Duration ahead = Duration.ofMillis(Math.min(each.end - engine.now(), longestStandstill.toMillis()) + 1);
            Duration earlier = left.compareTo(ahead) < 0 ? left.plusNanos(1) : ahead;
            next = next == null || earlier.compareTo(next) < 0 ? earlier : next;
        }
        return next;
    }

    private String standstill(Waiting waiting) {
        return "ERR Waited " + longestStandstill.toMillis() + " ms in vain for " + engine.clock() + " to move on by "
                + Duration.ofMillis(waiting.end - engine.now() + 1) + ": it is frozen at " + engine.instant()
                + ". Call advance(...), or resume().";
    }
}
