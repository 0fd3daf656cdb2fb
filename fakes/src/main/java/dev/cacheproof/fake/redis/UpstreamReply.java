package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.redis.RespFrames.Frame;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a server behind a proxy has been asked, and answers later. Thread-safe. */
final class UpstreamReply implements Pending {

    /** How many replies make the answer: one, but for subscriptions, of which each is confirmed. */
    final int frames;

    /** The word that a confirmation begins with; null where the answer is a reply like all others. */
    final @Nullable String confirmation;

    /** Takes the answer, on the thread that reads it. */
    final Consumer<List<Frame>> answered;

    private final boolean isBlocking;
    private volatile @Nullable Reply outcome;

    UpstreamReply(int frames, @Nullable String confirmation, boolean isBlocking, Consumer<List<Frame>> answered) {
        this.frames = frames;
        this.confirmation = confirmation;
        this.isBlocking = isBlocking;
        this.answered = answered;
    }

    /** Asks for something that the client knows nothing of. */
    static UpstreamReply unseen(Consumer<Frame> answered) {
        return new UpstreamReply(1, null, false, frames -> answered.accept(frames.get(0)));
    }

    void finish(Reply reply) {
        outcome = reply;
    }

    @Override
    public @Nullable Reply outcome() {
        return outcome;
    }

    @Override
    public boolean isLimited() {
        return false;
    }

    @Override
    public boolean comesSoon() {
        return !isBlocking;
    }

    /** Never asked for: a proxy refuses what would leave a command without an answer. */
    @Override
    public void silence() {}
}
