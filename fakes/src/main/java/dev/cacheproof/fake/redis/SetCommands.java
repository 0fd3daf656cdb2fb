package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.DELETE;
import static dev.cacheproof.fake.redis.Command.Trait.DENYOOM;
import static dev.cacheproof.fake.redis.Command.Trait.READONLY;
import static dev.cacheproof.fake.redis.Command.Trait.WRITE;

import dev.cacheproof.fake.redis.KeyspaceEvents.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sets, and what several of them have in common. */
final class SetCommands {

    private SetCommands() {}

    /** What becomes of the members of several sets. */
    private enum Algebra {
        INTERSECTION,
        UNION,
        DIFFERENCE
    }

    static List<Command> all() {
        return List.of(
                Command.of("sadd", -3, SetCommands::sadd, WRITE, DENYOOM).key(),
                Command.of("srem", -3, SetCommands::srem, WRITE, DELETE).key(),
                Command.of("smove", 4, SetCommands::smove, WRITE).keys(1, 2, 1),
                Command.of("scard", 2, call -> Replies.integer(members(call).size()), READONLY)
                        .key(),
                Command.of("sismember", 3, SetCommands::sismember, READONLY).key(),
                Command.of("smismember", -3, SetCommands::smismember, READONLY).key(),
                Command.of("smembers", 2, call -> new Reply.Members(Replies.bulks(members(call))), READONLY)
                        .key(),
                Command.of("spop", -2, SetCommands::spop, WRITE, DELETE).key(),
                Command.of("srandmember", -2, SetCommands::srandmember, READONLY)
                        .key(),
                Command.of("sscan", -3, SetCommands::sscan, READONLY).key(),
                algebra("sinter", Algebra.INTERSECTION),
                algebra("sunion", Algebra.UNION),
                algebra("sdiff", Algebra.DIFFERENCE),
                store("sinterstore", Algebra.INTERSECTION),
                store("sunionstore", Algebra.UNION),
                store("sdiffstore", Algebra.DIFFERENCE),
                Command.of("sintercard", -3, SetCommands::sintercard, READONLY).countedKeys(1));
    }

    private static Command algebra(String name, Algebra algebra) {
        return Command.of(
                        name,
                        -2,
                        call -> new Reply.Members(Replies.bulks(result(algebra, read(call, call.wordsFrom(1))))),
                        READONLY)
                .keys(1, -1, 1);
    }

    private static Command store(String name, Algebra algebra) {
        return Command.of(name, -3, call -> store(call, algebra), WRITE, DENYOOM)
                .keys(1, -1, 1);
    }

    private static Reply sadd(Call call) {
        SetValue set = toChange(call, call.word(1));
        int added = 0;
        for (Bytes member : call.wordsFrom(2)) {
            added += set.add(member) ? 1 : 0;
        }
        if (added > 0) {
            call.database().store(call.word(1), set, Kind.SET, "sadd");
        }
        return Replies.integer(added);
    }

    private static SetValue toChange(Call call, Bytes key) {
        return call.toChange(SetValue.class, key, SetValue::new);
    }

    private static Reply srem(Call call) {
        SetValue set = toChange(call, call.word(1));
        int removed = 0;
        for (Bytes member : call.wordsFrom(2)) {
            removed += set.remove(member) ? 1 : 0;
        }
        if (removed > 0) {
            call.database().store(call.word(1), set, Kind.SET, "srem");
        }
        return Replies.integer(removed);
    }

    private static Reply smove(Call call) {
        if (call.find(SetValue.class, call.word(1)) == null) {
            return Replies.ZERO;
        }
        SetValue from = toChange(call, call.word(1));
        SetValue to = toChange(call, call.word(2));
        Bytes member = call.word(3);
        if (from == to || !from.contains(member)) {
            return from.contains(member) ? Replies.ONE : Replies.ZERO;
        }
        from.remove(member);
        call.database().storeAfter(Kind.SET, "srem", call.word(1), from);
        if (to.add(member)) {
            call.database().store(call.word(2), to, Kind.SET, "sadd");
        }
        return Replies.ONE;
    }

    /** Returns the members of the key that a command reads, in their order; none where there is no such key. */
    private static Collection<Bytes> members(Call call) {
        SetValue set = call.read(SetValue.class, call.word(1));
        return set == null ? List.of() : set.members();
    }

    private static Reply sismember(Call call) {
        SetValue set = call.read(SetValue.class, call.word(1));
        return set != null && set.contains(call.word(2)) ? Replies.ONE : Replies.ZERO;
    }

    private static Reply smismember(Call call) {
        SetValue set = call.read(SetValue.class, call.word(1));
        List<Reply> found = new ArrayList<>();
        for (Bytes member : call.wordsFrom(2)) {
            found.add(set != null && set.contains(member) ? Replies.ONE : Replies.ZERO);
        }
        return Replies.array(found);
    }

    private static Reply spop(Call call) {
        if (call.count() > 3) {
            throw call.syntaxError();
        }
        boolean several = call.count() == 3;
        long count = several ? call.natural(2) : 1;
        SetValue set = toChange(call, call.word(1));
        List<Bytes> chosen = List.copyOf(RandomChoice.some(call, set.members(), count));
        chosen.forEach(set::remove);
        if (!chosen.isEmpty()) {
            call.database().storeAfter(Kind.SET, "spop", call.word(1), set);
        }
        if (several) {
            return new Reply.Members(Replies.bulks(chosen));
        }
        return chosen.isEmpty() ? Replies.NIL : Replies.bulk(chosen.get(0));
    }

    private static Reply srandmember(Call call) {
        if (call.count() > 3) {
            throw call.syntaxError();
        }
        if (call.count() == 3) {
            long count = RandomChoice.count(call, 2);
            return Replies.bulks(RandomChoice.some(call, members(call), count));
        }
        Collection<Bytes> members = members(call);
        return members.isEmpty() ? Replies.NIL : Replies.bulk(RandomChoice.one(call, members));
    }

    private static Reply sscan(Call call) {
        Cursor cursor = Cursor.of(call.word(2));
        SetValue set = call.read(SetValue.class, call.word(1));
        if (set == null) {
            return Cursor.END.reply(List.of());
        }
        ScanOptions options = ScanOptions.of(call, 3, false);
        List<Bytes> members = List.copyOf(set.members());
        Cursor.Page page = set.isTable() ? cursor.page(members, options.count()) : Cursor.whole(members);
        return page.next()
                .reply(page.elements().stream()
                        .filter(options::allows)
                        .map(Replies::bulk)
                        .toList());
    }

    /** Reads several sets, in their order; null for one that is not there. Refuses a key that holds something else. */
    private static List<@Nullable SetValue> read(Call call, List<Bytes> keys) {
        List<@Nullable SetValue> sets = new ArrayList<>();
        keys.forEach(key -> sets.add(call.read(SetValue.class, key)));
        return sets;
    }

    private static Set<Bytes> result(Algebra algebra, List<@Nullable SetValue> sets) {
        SetValue first = sets.get(0);
        Set<Bytes> result = new LinkedHashSet<>(first == null ? List.of() : first.members());
        for (SetValue each : sets.subList(1, sets.size())) {
            Collection<Bytes> members = each == null ? List.of() : each.members();
            switch (algebra) {
                case INTERSECTION -> result.removeIf(member -> each == null || !each.contains(member));
                case UNION -> result.addAll(members);
                case DIFFERENCE -> members.forEach(result::remove);
            }
        }
        return result;
    }

    private static Reply store(Call call, Algebra algebra) {
        SetValue result = SetValue.of(result(algebra, read(call, call.wordsFrom(2))));
        call.database()
                .storeResult(call.word(1), result, Kind.SET, call.command().name());
        return Replies.integer(result.size());
    }

    private static Reply sintercard(Call call) {
        int keys = call.keyCount(1);
        long limit = 0;
        for (int i = 2 + keys; i < call.count(); i += 2) {
            if (!call.is(i, "LIMIT") || i + 1 == call.count()) {
                throw call.syntaxError();
            }
            limit = call.natural(i + 1, "ERR LIMIT can't be negative");
        }
        int size = result(Algebra.INTERSECTION, read(call, call.words().subList(2, 2 + keys)))
                .size();
        return Replies.integer(limit == 0 ? size : Math.min(limit, size));
    }
}
