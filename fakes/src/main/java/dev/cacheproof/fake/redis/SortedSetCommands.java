package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.DELETE;
import static dev.cacheproof.fake.redis.Command.Trait.DENYOOM;
import static dev.cacheproof.fake.redis.Command.Trait.READONLY;
import static dev.cacheproof.fake.redis.Command.Trait.WRITE;

import dev.cacheproof.fake.redis.KeyspaceEvents.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sorted sets: members and their scores. Those about ranges, about several sets, and those that wait stand elsewhere. */
final class SortedSetCommands {

    private SortedSetCommands() {}

    /** Where members are taken from. */
    enum End {
        MIN,
        MAX
    }

    static List<Command> all() {
        return List.of(
                Command.of("zadd", -4, call -> ScoreUpdate.of(call, false).run(call), WRITE, DENYOOM)
                        .key(),
                Command.of("zincrby", 4, call -> ScoreUpdate.of(call, true).run(call), WRITE, DENYOOM)
                        .key(),
                Command.of("zrem", -3, SortedSetCommands::zrem, WRITE, DELETE).key(),
                Command.of("zpopmin", -2, call -> pop(call, End.MIN), WRITE, DELETE)
                        .key(),
                Command.of("zpopmax", -2, call -> pop(call, End.MAX), WRITE, DELETE)
                        .key(),
                Command.of("zmpop", -4, SortedSetCommands::zmpop, WRITE, DELETE).countedKeys(1),
                Command.of("zcard", 2, call -> Replies.integer(members(call).size()), READONLY)
                        .key(),
                Command.of("zscore", 3, SortedSetCommands::zscore, READONLY).key(),
                Command.of("zmscore", -3, SortedSetCommands::zmscore, READONLY).key(),
                Command.of("zrank", 3, call -> rank(call, false), READONLY).key(),
                Command.of("zrevrank", 3, call -> rank(call, true), READONLY).key(),
                Command.of("zrandmember", -2, SortedSetCommands::zrandmember, READONLY)
                        .key(),
                Command.of("zscan", -3, SortedSetCommands::zscan, READONLY).key());
    }

    static double number(Bytes word, String otherwise) {
        Double number = Doubles.parse(word);
        if (number == null) {
            throw new Refusal(otherwise);
        }
        return number;
    }

    static SortedSetValue toChange(Call call, Bytes key) {
        return call.toChange(SortedSetValue.class, key, SortedSetValue::new);
    }

    private static Reply zrem(Call call) {
        SortedSetValue set = toChange(call, call.word(1));
        int removed = 0;
        for (Bytes member : call.wordsFrom(2)) {
            removed += set.remove(member) ? 1 : 0;
        }
        if (removed > 0) {
            call.database().storeAfter(Kind.SORTED_SET, "zrem", call.word(1), set);
        }
        return Replies.integer(removed);
    }

    private static Reply pop(Call call, End end) {
        if (call.count() > 3) {
            throw call.syntaxError();
        }
        boolean several = call.count() == 3;
        List<Reply> popped = scored(pop(call, call.word(1), end, several ? call.natural(2) : 1));
        return several ? new Reply.Couples(popped) : Replies.array(popped);
    }

    /** Removes up to so many members from an end, the outermost first. */
    private static List<Scored> pop(Call call, Bytes key, End end, long count) {
        SortedSetValue set = toChange(call, key);
        int size = set.size();
        int most = (int) Math.min(count, size);
        List<Scored> popped = new ArrayList<>(
                end == End.MIN ? set.members().subList(0, most) : set.members().subList(size - most, size));
        if (end == End.MAX) {
            Collections.reverse(popped);
        }
        popped.forEach(each -> set.remove(each.member()));
        if (!popped.isEmpty()) {
            call.database().storeAfter(Kind.SORTED_SET, end == End.MIN ? "zpopmin" : "zpopmax", key, set);
        }
        return popped;
    }

    /** Returns members and their scores in turn. */
    static List<Reply> scored(List<Scored> members) {
        List<Reply> replies = new ArrayList<>();
        for (Scored each : members) {
            replies.add(Replies.bulk(each.member()));
            replies.add(Replies.real(each.score()));
        }
        return replies;
    }

    private static Reply zmpop(Call call) {
        MultiPop<End> pop = MultiPop.of(call, 1, End.values());
        for (Bytes key : pop.keys()) {
            if (call.find(SortedSetValue.class, key) != null) {
                return popped(call, key, pop);
            }
        }
        return Replies.NIL_ARRAY;
    }

    /** Takes members from a sorted set that is there. */
    static Reply popped(Call call, Bytes key, MultiPop<End> pop) {
        List<Reply> popped = new ArrayList<>();
        pop(call, key, pop.end(), pop.count()).forEach(each -> popped.add(Replies.array(scored(List.of(each)))));
        return Replies.array(List.of(Replies.bulk(key), Replies.array(popped)));
    }

    /** Takes one member from a sorted set that is there. */
    static Reply poppedOne(Call call, Bytes key, End end) {
        List<Reply> popped = scored(pop(call, key, end, 1));
        popped.add(0, Replies.bulk(key));
        return Replies.array(popped);
    }

    /** Returns the members of the key that a command reads, in their order; none where there is no such key. */
    private static List<Scored> members(Call call) {
        SortedSetValue set = call.read(SortedSetValue.class, call.word(1));
        return set == null ? List.of() : set.members();
    }

    private static Reply zscore(Call call) {
        SortedSetValue set = call.read(SortedSetValue.class, call.word(1));
        return set == null ? Replies.NIL : score(call, set.score(call.word(2)));
    }

    private static Reply score(Call call, @Nullable Double score) {
        if (score == null) {
            call.missed();
            return Replies.NIL;
        }
        return Replies.real(score);
    }

    private static Reply zmscore(Call call) {
        SortedSetValue set = call.read(SortedSetValue.class, call.word(1));
        List<Reply> scores = new ArrayList<>();
        for (Bytes member : call.wordsFrom(2)) {
            scores.add(set == null ? Replies.NIL : score(call, set.score(member)));
        }
        return Replies.array(scores);
    }

    private static Reply rank(Call call, boolean reverse) {
        SortedSetValue set = call.read(SortedSetValue.class, call.word(1));
        int rank = set == null ? -1 : set.rank(call.word(2));
        if (set == null || rank < 0) {
            call.missed();
            return Replies.NIL;
        }
        return Replies.integer(reverse ? set.size() - 1 - rank : rank);
    }

    private static Reply zrandmember(Call call) {
        if (call.count() == 2) {
            List<Scored> members = members(call);
            return members.isEmpty()
                    ? Replies.NIL
                    : Replies.bulk(RandomChoice.one(call, members).member());
        }
        long count = RandomChoice.count(call, 2);
        boolean withScores = call.count() == 4 && call.is(3, "WITHSCORES");
        if (call.count() > 4 || (call.count() == 4 && !withScores)) {
            throw call.syntaxError();
        }
        if (withScores) {
            RandomChoice.requireHalf(count);
        }
        // Where all are wanted, redis-server tells them from behind.
        List<Scored> members = new ArrayList<>(members(call));
        Collections.reverse(members);
        List<Scored> chosen = RandomChoice.some(call, members, count);
        return withScores
                ? new Reply.Couples(scored(chosen))
                : Replies.bulks(chosen.stream().map(Scored::member).toList());
    }

    private static Reply zscan(Call call) {
        Cursor cursor = Cursor.of(call.word(2));
        SortedSetValue set = call.read(SortedSetValue.class, call.word(1));
        if (set == null) {
            return Cursor.END.reply(List.of());
        }
        ScanOptions options = ScanOptions.of(call, 3, false);
        List<Bytes> members = set.members().stream().map(Scored::member).toList();
        Cursor.Page page = set.isSkiplist() ? cursor.page(members, options.count()) : Cursor.whole(members);
        List<Reply> found = new ArrayList<>();
        for (Bytes member : page.elements()) {
            Double score = set.score(member);
            if (score != null && options.allows(member)) {
                found.add(Replies.bulk(member));
                found.add(Replies.bulk(set.held(score)));
            }
        }
        return page.next().reply(found);
    }
}
