package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.DELETE;
import static dev.cacheproof.fake.redis.Command.Trait.DENYOOM;
import static dev.cacheproof.fake.redis.Command.Trait.READONLY;
import static dev.cacheproof.fake.redis.Command.Trait.WRITE;

import dev.cacheproof.fake.redis.MemberRange.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What lies between two members of a sorted set, two scores or two words. */
final class SortedSetRangeCommands {

    private SortedSetRangeCommands() {}

    static List<Command> all() {
        return List.of(
                range("zrange", null, null),
                range("zrevrange", Kind.RANK, true),
                range("zrangebyscore", Kind.SCORE, false),
                range("zrevrangebyscore", Kind.SCORE, true),
                range("zrangebylex", Kind.LEXICAL, false),
                range("zrevrangebylex", Kind.LEXICAL, true),
                Command.of("zrangestore", -5, SortedSetRangeCommands::zrangestore, WRITE, DENYOOM)
                        .keys(1, 2, 1),
                Command.of("zcount", 4, call -> count(call, Kind.SCORE), READONLY)
                        .key(),
                Command.of("zlexcount", 4, call -> count(call, Kind.LEXICAL), READONLY)
                        .key(),
                remove("zremrangebyrank", Kind.RANK),
                remove("zremrangebyscore", Kind.SCORE),
                remove("zremrangebylex", Kind.LEXICAL));
    }

    private static Command range(String name, @Nullable Kind kind, @Nullable Boolean reverse) {
        return Command.of(name, -4, call -> range(call, Query.of(call, 1, kind, reverse)), READONLY)
                .key();
    }

    private static Command remove(String name, Kind kind) {
        return Command.of(name, 4, call -> remove(call, kind), WRITE, DELETE).key();
    }

    /**
     * What is asked for.
     *
     * @param most how many members at most; no bound where it is negative
     */
    private record Query(MemberRange range, boolean reverse, long offset, long most, boolean withScores) {

        /**
         * Reads one from the words behind a key.
         *
         * @param kind null where a word may tell it
         * @param reverse null where a word may ask for it
         */
        static Query of(Call call, int key, @Nullable Kind kind, @Nullable Boolean reverse) {
            boolean isStored = key > 1;
            Kind by = kind;
            Boolean back = reverse;
            long offset = 0;
            long most = -1;
            boolean withScores = false;
            for (int i = key + 3; i < call.count(); i++) {
                if (!isStored && call.is(i, "WITHSCORES")) {
                    withScores = true;
                } else if (call.is(i, "LIMIT") && i + 2 < call.count()) {
                    offset = call.integer(i + 1);
                    most = call.integer(i + 2);
                    i += 2;
                } else if (back == null && call.is(i, "REV")) {
                    back = true;
                } else if (by == null && call.is(i, "BYLEX")) {
                    by = Kind.LEXICAL;
                } else if (by == null && call.is(i, "BYSCORE")) {
                    by = Kind.SCORE;
                } else {
                    throw call.syntaxError();
                }
            }
            Kind known = by == null ? Kind.RANK : by;
            requireSense(known, most, withScores);
            boolean turned = back != null && back;
            boolean isSwapped = turned && known != Kind.RANK;
            MemberRange range = MemberRange.of(known, call, key + (isSwapped ? 2 : 1), key + (isSwapped ? 1 : 2));
            return new Query(range, turned, offset, most, withScores);
        }

        private static void requireSense(Kind kind, long most, boolean withScores) {
            if (most != -1 && kind == Kind.RANK) {
                throw new Refusal(
                        "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or" + " BYLEX");
            }
            if (withScores && kind == Kind.LEXICAL) {
                throw new Refusal("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
            }
        }

        List<Scored> members(@Nullable SortedSetValue set) {
            if (set == null) {
                return List.of();
            }
            List<Scored> members = new ArrayList<>(range.in(set, reverse));
            if (reverse) {
                Collections.reverse(members);
            }
            if (range instanceof MemberRange.Ranks) {
                // Has no bound, and redis-server forgets where to begin.
                return members;
            }
            if (offset < 0 || offset >= members.size()) {
                return List.of();
            }
            List<Scored> behind = members.subList((int) offset, members.size());
            return most < 0 || most >= behind.size() ? behind : behind.subList(0, (int) most);
        }
    }

    private static Reply range(Call call, Query query) {
        List<Scored> members = query.members(call.read(SortedSetValue.class, call.word(1)));
        return query.withScores()
                ? new Reply.Couples(SortedSetCommands.scored(members))
                : Replies.bulks(members.stream().map(Scored::member).toList());
    }

    private static Reply zrangestore(Call call) {
        Query query = Query.of(call, 2, null, null);
        List<Scored> members = query.members(call.read(SortedSetValue.class, call.word(2)));
        // Of ranks alone, redis-server knows beforehand how many there are.
        SortedSetValue target = SortedSetValue.sized(query.range() instanceof MemberRange.Ranks ? members.size() : 0);
        members.forEach(each -> target.put(each.member(), each.score()));
        return store(call, target);
    }

    /** Writes what a command has found under its first key, or removes that where nothing was found. */
    static Reply store(Call call, SortedSetValue found) {
        call.database()
                .storeResult(
                        call.word(1),
                        found,
                        KeyspaceEvents.Kind.SORTED_SET,
                        call.command().name());
        return Replies.integer(found.size());
    }

    private static Reply count(Call call, Kind kind) {
        MemberRange range = MemberRange.of(kind, call, 2, 3);
        SortedSetValue set = call.read(SortedSetValue.class, call.word(1));
        return set == null ? Replies.ZERO : Replies.integer(range.in(set, false).size());
    }

    private static Reply remove(Call call, Kind kind) {
        MemberRange range = MemberRange.of(kind, call, 2, 3);
        SortedSetValue set = call.toChange(SortedSetValue.class, call.word(1), SortedSetValue::new);
        List<Scored> removed = List.copyOf(range.in(set, false));
        if (!removed.isEmpty()) {
            removed.forEach(each -> set.remove(each.member()));
            call.database()
                    .store(
                            call.word(1),
                            set,
                            KeyspaceEvents.Kind.SORTED_SET,
                            call.command().name());
        }
        return Replies.integer(removed.size());
    }
}
