package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.redis.RespFrames.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Distortion} does to a fake, done to a real server: the entries that a command reads are exchanged before it, and
 * those that it changes are put back after it, in one transaction on the client's own connection. Nobody sees anything in
 * between. What somebody else changes meanwhile makes it begin anew. Used by the threads of one client, one after the other.
 */
final class Exchange {

    /** What keys held when a fault began that shows them as they were. */
    static final class History {
        private final Map<Place, Dump> past = new ConcurrentHashMap<>();
        private volatile boolean kept;

        void keep(boolean keep) {
            kept = keep;
            if (!keep) {
                past.clear();
            }
        }

        boolean isKept() {
            return kept;
        }
    }

    record Place(int database, Bytes key) {}

    /**
     * A value as DUMP tells it.
     *
     * @param value null where there is none
     * @param millis how long it had to live then; negative where it does not expire
     * @param nanos when that was, on the clock of {@link System#nanoTime()}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Dump(byte @Nullable [] value, long millis, long nanos) {

        boolean isGone() {
            return value == null || (millis >= 0 && left() <= 0);
        }

        private long left() {
            return millis - (System.nanoTime() - nanos) / 1_000_000;
        }

        /** Returns how long it lives, as RESTORE takes it. */
        Bytes timeToLive() {
            return Bytes.of(millis < 0 ? 0 : Math.max(1, left()));
        }
    }

    private final UpstreamLine line;
    private final History history;
    private final int database;
    private final List<Bytes> words;
    private final List<Bytes> keys;
    private final Distortion distortion;
    private final Consumer<Frame> answer;
    private final Map<Bytes, Dump> present = new LinkedHashMap<>();
    private final Map<Bytes, Bytes> texts = new LinkedHashMap<>();

    /** What was told last. */
    private byte @Nullable [] dumped;

    private @Nullable Frame refusal;

    Exchange(
            UpstreamLine line,
            History history,
            int database,
            List<Bytes> words,
            List<Bytes> keys,
            Distortion distortion,
            Consumer<Frame> answer) {
        this.line = line;
        this.history = history;
        this.database = database;
        this.words = words;
        this.keys = keys.stream().distinct().toList();
        this.distortion = distortion;
        this.answer = answer;
    }

    /** Asks for what the keys hold; goes on when that is known. */
    void begin() throws IOException {
        present.clear();
        texts.clear();
        refusal = null;
        List<Bytes> watch = new ArrayList<>(List.of(Bytes.of("WATCH")));
        watch.addAll(keys);
        ask(watch, ignored -> {});
        for (Bytes key : keys) {
            ask(List.of(Bytes.of("DUMP"), key), dump -> dumped = dump.block());
            if (distortion.missing() != null) {
                ask(List.of(Bytes.of("GET"), key), text -> keepText(key, text));
            }
            ask(List.of(Bytes.of("PTTL"), key), time -> {
                present.put(key, new Dump(dumped, Long.parseLong(time.line()), System.nanoTime()));
                if (present.size() == keys.size()) {
                    later(this::exchange);
                }
            });
        }
    }

    private void keepText(Bytes key, Frame text) {
        byte[] block = text.block();
        if (block != null) {
            texts.put(key, new Bytes(block));
        }
    }

    private void exchange() throws IOException {
        List<List<Bytes>> before = new ArrayList<>();
        List<List<Bytes>> after = new ArrayList<>();
        present.forEach((key, dump) -> {
            if (history.isKept()) {
                history.past.putIfAbsent(new Place(database, key), dump);
            }
            Dump replacement = replacement(key, dump);
            if (replacement != null) {
                before.add(put(key, replacement));
            }
            if (replacement != null || distortion.drop()) {
                after.add(put(key, dump));
            } else if (distortion.evict()) {
                after.add(List.of(Bytes.of("UNLINK"), key));
            }
        });
        ask(List.of(Bytes.of("MULTI")), ignored -> {});
        for (List<Bytes> each : before) {
            ask(each, ignored -> {});
        }
        ask(words, queued -> refusal = queued.isError() ? queued : null);
        for (List<Bytes> each : after) {
            ask(each, ignored -> {});
        }
        ask(List.of(Bytes.of("EXEC")), executed -> end(executed, before.size()));
    }

    /** Returns what the command is to find in place of what there is; null where that is what it finds. */
    private @Nullable Dump replacement(Bytes key, Dump dump) {
        Dump past = distortion.stale() ? history.past.get(new Place(database, key)) : null;
        Dump seen = past == null ? dump : past;
        Bytes text = texts.get(key);
        boolean isMarker = distortion.missing() != null
                && text != null
                && (text.length() == 0 || distortion.missing().contains(text.text()));
        if (distortion.miss() || isMarker || seen.isGone()) {
            return dump.value() == null ? null : new Dump(null, -1, 0);
        }
        return past;
    }

    private static List<Bytes> put(Bytes key, Dump dump) {
        byte[] value = dump.value();
        return value == null
                ? List.of(Bytes.of("UNLINK"), key)
                : List.of(Bytes.of("RESTORE"), key, dump.timeToLive(), new Bytes(value), Bytes.of("REPLACE"));
    }

    private void end(Frame executed, int index) {
        if (refusal != null) {
            answer.accept(refusal);
        } else if (executed.elements() > 0 && !executed.isError()) {
            answer.accept(executed.element(index));
        } else if (executed.isError()) {
            answer.accept(executed);
        } else {
            later(this::begin);
        }
    }

    private void ask(List<Bytes> request, Consumer<Frame> answered) throws IOException {
        line.send(request, UpstreamReply.unseen(answered));
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /** What fails here has ended the connection, of which its reader tells. */
    private static void later(Step step) {
        try {
            step.run();
        } catch (IOException gone) {
            System.getLogger(Exchange.class.getName()).log(System.Logger.Level.DEBUG, "the server has gone", gone);
        }
    }
}
