package dev.cacheproof.fake.redis;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A client that waits until there is something under one of several keys. Guarded by the engine's lock, but for its outcome. */
final class Waiting implements Pending {

    /** The end of what ends only when there is something. */
    static final long NEVER = Long.MAX_VALUE;

    private static final BigDecimal MILLIS = BigDecimal.valueOf(1_000);

    /** Takes what has come under a key. */
    @FunctionalInterface
    interface Service {
        Reply take(Call call, Bytes key);
    }

    final Call call;
    final Class<? extends Value> type;
    final Set<Bytes> keys;

    /** The last millisecond that it lasts, since 1970; {@link #NEVER} where that is not limited. */
    final long end;

    final Reply inVain;
    final Service service;
    final long startedAtNanos = System.nanoTime();

    /** Tells those that end at the same time apart. Written where all of them are kept. */
    long number;

    private boolean silent;
    private volatile @Nullable Reply outcome;

    Waiting(Call call, Class<? extends Value> type, List<Bytes> keys, long end, Reply inVain, Service service) {
        this.call = call;
        this.type = type;
        this.keys = new LinkedHashSet<>(keys);
        this.end = end;
        this.inVain = inVain;
        this.service = service;
    }

    /** Reads a time-out in seconds; returns the end. */
    static long end(Call call, int index) {
        BigDecimal seconds = CounterCommands.number(call.word(index), "ERR timeout is not a float or out of range");
        BigDecimal millis =
                seconds == null ? null : LongDouble.multiply(seconds, MILLIS).setScale(0, RoundingMode.CEILING);
        if (millis == null || millis.signum() < 0 || millis.compareTo(BigDecimal.valueOf(NEVER)) > 0) {
            // What is too large overflows in redis-server.
            throw new Refusal("ERR timeout is negative");
        }
        long duration = millis.longValue();
        return duration == 0 || duration > NEVER - call.now() ? NEVER : call.now() + duration;
    }

    @Override
    public boolean isLimited() {
        return end != NEVER;
    }

    @Override
    public boolean comesSoon() {
        return false;
    }

    @Override
    public void silence() {
        silent = true;
    }

    void finish(Reply reply) {
        outcome = silent ? Replies.NOTHING : reply;
    }

    @Override
    public @Nullable Reply outcome() {
        return outcome;
    }
}
