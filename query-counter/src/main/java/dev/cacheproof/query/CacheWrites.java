package dev.cacheproof.query;

import dev.cacheproof.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the commands of a run have left of one entry, one after the other. */
record CacheWrites(Entry entry, List<Left> left) {

    /** An entry of one server. */
    record Entry(String source, String key) {}

    /**
     * The entry as one command has left it.
     *
     * @param write what was left
     * @param command the command
     * @param roundTrip the number of its first command
     * @param isReadLater whether a later command has read it
     */
    record Left(Operation.Write write, Operation command, long roundTrip, boolean isReadLater) {}

    /** Finds the entries that commands have written, in the order in which they were first. */
    static List<CacheWrites> of(List<Operation> commands, Predicate<String> keys) {
        Map<Entry, List<Left>> left = new LinkedHashMap<>();
        Map<Operation, Long> roundTrips = roundTrips(commands);
        Set<Entry> readLater = new LinkedHashSet<>();
        for (int i = commands.size() - 1; i >= 0; i--) {
            Operation command = commands.get(i);
            // What a command is given of what it leaves, such as INCR, is of use; SET ... GET is given what was before.
            boolean usesItself =
                    !command.shape().startsWith("SET ") && !command.shape().startsWith("GETSET ");
            if (usesItself) {
                note(command, readLater);
            }
            for (Operation.Write write : command.writes()) {
                Entry entry = new Entry(command.source(), write.key());
                if (keys.test(write.key())) {
                    left.computeIfAbsent(entry, absent -> new ArrayList<>())
                            .add(new Left(
                                    write,
                                    command,
                                    roundTrips.getOrDefault(command, command.sequence()),
                                    readLater.contains(entry)));
                }
            }
            note(command, readLater);
        }
        List<CacheWrites> writes = new ArrayList<>();
        left.forEach((entry, each) -> {
            Collections.reverse(each);
            writes.add(new CacheWrites(entry, each));
        });
        Collections.reverse(writes);
        return writes;
    }

    private static void note(Operation command, Set<Entry> readLater) {
        command.found().forEach(key -> readLater.add(new Entry(command.source(), key)));
    }

    /** A client waits before each command but those of a pipeline; others, of other clients, may come in between. */
    private static Map<Operation, Long> roundTrips(List<Operation> commands) {
        Map<List<Object>, Long> begun = new LinkedHashMap<>();
        Map<Operation, Long> roundTrips = new LinkedHashMap<>();
        for (Operation command : commands) {
            List<Object> client = List.of(command.source(), command.connection());
            long first = command.isPipelined() ? begun.getOrDefault(client, command.sequence()) : command.sequence();
            begun.put(client, first);
            roundTrips.put(command, first);
        }
        return roundTrips;
    }

    Left last() {
        return left.get(left.size() - 1);
    }

    /** Returns what was left when each round trip was over. */
    private List<Left> leftByRoundTrips() {
        List<Left> ends = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            if (i == left.size() - 1
                    || left.get(i).roundTrip() != left.get(i + 1).roundTrip()) {
                ends.add(left.get(i));
            }
        }
        return ends;
    }

    /** Returns what was left without a time to live when its round trip was over; null where nothing was. */
    @Nullable
    Left lastingOne() {
        return leftByRoundTrips().stream()
                .filter(each -> each.write().timeToLive() == null)
                .findFirst()
                .orElse(null);
    }

    /** Returns what was left with the longest time to live; null where none had one. */
    @Nullable
    Left longestLiving() {
        Left longest = null;
        for (Left each : leftByRoundTrips()) {
            Duration timeToLive = each.write().timeToLive();
            Duration soFar = longest == null ? null : longest.write().timeToLive();
            if (timeToLive != null && (soFar == null || timeToLive.compareTo(soFar) > 0)) {
                longest = each;
            }
        }
        return longest;
    }

    Left largest() {
        Left largest = left.get(0);
        for (Left each : left) {
            largest = each.write().bytes() > largest.write().bytes() ? each : largest;
        }
        return largest;
    }
}
