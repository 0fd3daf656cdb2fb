package dev.cacheproof.fake.redis;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The words that may follow SET and GETEX. Each word excludes others. */
final class StringOptions {

    private static final long MILLIS_PER_SECOND = 1_000;

    private enum Option {
        NX,
        XX,
        GET,
        KEEPTTL,
        PERSIST,
        EX,
        PX,
        EXAT,
        PXAT
    }

    private static final Set<Option> OF_SET = Set.copyOf(EnumSet.complementOf(EnumSet.of(Option.PERSIST)));
    private static final Set<Option> OF_GETEX = Set.of(Option.PERSIST, Option.EX, Option.PX, Option.EXAT, Option.PXAT);
    private static final Set<Option> WITH_TIME = Set.of(Option.EX, Option.PX, Option.EXAT, Option.PXAT);
    private static final Set<Option> ABOUT_EXPIRY =
            Set.of(Option.KEEPTTL, Option.PERSIST, Option.EX, Option.PX, Option.EXAT, Option.PXAT);

    private final Set<Option> given = EnumSet.noneOf(Option.class);
    private int timeIndex;

    private StringOptions() {}

    static StringOptions ofSet(Call call) {
        return new StringOptions().parse(call, 3, OF_SET);
    }

    static StringOptions ofGetex(Call call) {
        return new StringOptions().parse(call, 2, OF_GETEX);
    }

    private StringOptions parse(Call call, int first, Set<Option> allowed) {
        for (int i = first; i < call.count(); i++) {
            Option option = find(call.word(i), allowed);
            boolean hasTime = option != null && WITH_TIME.contains(option);
            if (option == null || excluded(option) || (hasTime && i + 1 == call.count())) {
                throw call.syntaxError();
            }
            given.add(option);
            if (hasTime) {
                timeIndex = ++i;
            }
        }
        return this;
    }

    private static @Nullable Option find(Bytes word, Set<Option> allowed) {
        for (Option option : allowed) {
            if (word.is(option.name())) {
                return option;
            }
        }
        return null;
    }

    private boolean excluded(Option option) {
        return switch (option) {
            case NX -> given.contains(Option.XX);
            case XX -> given.contains(Option.NX);
            case GET -> false;
            // The same word twice is allowed.
            default -> ABOUT_EXPIRY.stream().anyMatch(other -> other != option && given.contains(other));
        };
    }

    boolean onlyIfAbsent() {
        return given.contains(Option.NX);
    }

    boolean onlyIfPresent() {
        return given.contains(Option.XX);
    }

    boolean returnsOld() {
        return given.contains(Option.GET);
    }

    boolean keepsExpiry() {
        return given.contains(Option.KEEPTTL);
    }

    boolean dropsExpiry() {
        return given.contains(Option.PERSIST);
    }

    boolean isAbsolute() {
        return given.contains(Option.EXAT) || given.contains(Option.PXAT);
    }

    /** Returns when the value expires, in milliseconds since 1970; {@link Entry#NEVER} where no time was given. */
    long expiresAt(Call call) {
        if (timeIndex == 0) {
            return Entry.NEVER;
        }
        boolean seconds = given.contains(Option.EX) || given.contains(Option.EXAT);
        return expiresAt(call, call.integer(timeIndex), seconds ? MILLIS_PER_SECOND : 1, !isAbsolute());
    }

    static long expiresAt(Call call, long time, long unit, boolean relative) {
        if (time <= 0 || time > Long.MAX_VALUE / unit) {
            throw invalid(call);
        }
        long millis = time * unit;
        if (!relative) {
            return millis;
        }
        if (millis > Long.MAX_VALUE - call.now()) {
            throw invalid(call);
        }
        return millis + call.now();
    }

    private static Refusal invalid(Call call) {
        return new Refusal("ERR invalid expire time in '" + call.command().name() + "' command");
    }
}
