package dev.cacheproof.fake.redis;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What ZADD and ZINCRBY are asked for: members and their scores, or what these grow by. */
record ScoreUpdate(Set<Option> options, List<Scored> given) {

    /** Which members are written, and what is told of it. */
    private enum Option {
        NX,
        XX,
        GT,
        LT,
        CH,
        INCR
    }

    /**
     * Reads it from the words behind the key.
     *
     * @param increment whether scores grow, also where no word asks for it
     */
    static ScoreUpdate of(Call call, boolean increment) {
        Set<Option> options = increment ? EnumSet.of(Option.INCR) : EnumSet.noneOf(Option.class);
        int first = 2;
        for (Option next = option(call, first); next != null; next = option(call, first)) {
            options.add(next);
            first++;
        }
        requireSense(call, options, call.count() - first);
        List<Scored> given = new ArrayList<>();
        for (int i = first; i < call.count(); i += 2) {
            double score = SortedSetCommands.number(call.word(i), "ERR value is not a valid float");
            given.add(new Scored(call.word(i + 1), score));
        }
        return new ScoreUpdate(options, given);
    }

    private static @Nullable Option option(Call call, int index) {
        for (Option each : Option.values()) {
            if (index < call.count() && call.is(index, each.name())) {
                return each;
            }
        }
        return null;
    }

    private static void requireSense(Call call, Set<Option> options, int words) {
        if (words == 0 || words % 2 != 0) {
            throw call.syntaxError();
        }
        if (options.contains(Option.NX) && options.contains(Option.XX)) {
            throw new Refusal("ERR XX and NX options at the same time are not compatible");
        }
        Set<Option> exclusive = EnumSet.of(Option.NX, Option.GT, Option.LT);
        exclusive.retainAll(options);
        if (exclusive.size() > 1) {
            throw new Refusal("ERR GT, LT, and/or NX options at the same time are not compatible");
        }
        if (options.contains(Option.INCR) && words > 2) {
            throw new Refusal("ERR INCR option supports a single increment-element pair");
        }
    }

    Reply run(Call call) {
        SortedSetValue set = SortedSetCommands.toChange(call, call.word(1));
        int added = 0;
        int updated = 0;
        Reply sum = Replies.NIL;
        for (Scored each : given) {
            Double old = set.score(each.member());
            double score = old != null && options.contains(Option.INCR) ? each.score() + old : each.score();
            if (!isAllowed(old, score)) {
                continue;
            }
            if (Double.isNaN(score)) {
                throw new Refusal("ERR resulting score is not a number (NaN)");
            }
            if (old == null || old != score) {
                set.put(each.member(), score);
                added += old == null ? 1 : 0;
                updated += old == null ? 0 : 1;
            }
            sum = Replies.real(score);
        }
        if (added + updated > 0) {
            String event = options.contains(Option.INCR) ? "zincr" : "zadd";
            call.database().store(call.word(1), set, KeyspaceEvents.Kind.SORTED_SET, event);
        }
        if (options.contains(Option.INCR)) {
            return sum;
        }
        return Replies.integer(options.contains(Option.CH) ? added + updated : added);
    }

    private boolean isAllowed(@Nullable Double old, double score) {
        if (old == null) {
            return !options.contains(Option.XX);
        }
        return !options.contains(Option.NX)
                && !(options.contains(Option.GT) && score <= old)
                && !(options.contains(Option.LT) && score >= old);
    }
}
