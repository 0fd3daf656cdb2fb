package dev.cacheproof.cache;

import dev.cacheproof.Operation;
import dev.cacheproof.Operation.Outcome;
import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes what is asked of one watched cache into the journal, and counts its reads. Thread-safe. */
final class CacheJournal {

    private final Recorder recorder;
    private final LongAdder reads = new LongAdder();

    CacheJournal(String id) {
        this.recorder = Recorder.watching(Operation.Kind.CACHE, id);
    }

    long reads() {
        return reads.sum();
    }

    /** Records a read; the answer tells whether it was a hit. */
    <T extends @Nullable Object> T read(
            String command, @Nullable Object key, Supplier<T> read, Function<T, Boolean> isHit) {
        reads.increment();
        return record(
                command,
                key,
                read,
                answer -> Outcome.of(isHit.apply(answer) ? Outcome.Status.HIT : Outcome.Status.MISS));
    }

    <T extends @Nullable Object> T write(String command, @Nullable Object key, Supplier<T> write) {
        return record(command, key, write, answer -> Outcome.of(Outcome.Status.DONE));
    }

    /** Records a write that the cache was spared. */
    void notWritten(String command, @Nullable Object key) {
        Outcome outcome = new Outcome(Outcome.Status.FAILED, "not written, because a reset has overtaken the load");
        record(command, key, () -> true, answer -> outcome);
    }

    private <T extends @Nullable Object> T record(
            String command, @Nullable Object key, Supplier<T> call, Function<T, Outcome> outcome) {
        if (Recorder.isIdle()) {
            return call.get();
        }
        Recording recording = recorder.begin(recorder.request(command, String.valueOf(key)));
        String refusal = recording.refusal();
        if (refusal != null) {
            throw new IllegalStateException(command + " was refused by a gate: " + refusal);
        }
        try {
            T answer = call.get();
            recording.end(outcome.apply(answer));
            return answer;
        } catch (Throwable thrown) {
            recording.end(Outcome.failed(thrown));
            throw thrown;
        }
    }
}
