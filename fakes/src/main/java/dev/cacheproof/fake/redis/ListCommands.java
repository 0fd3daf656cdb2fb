package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.DELETE;
import static dev.cacheproof.fake.redis.Command.Trait.DENYOOM;
import static dev.cacheproof.fake.redis.Command.Trait.READONLY;
import static dev.cacheproof.fake.redis.Command.Trait.WRITE;

import dev.cacheproof.fake.redis.KeyspaceEvents.Kind;
import dev.cacheproof.fake.redis.ListValue.End;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists, but for the commands that wait for an element: {@link BlockingCommands}. */
final class ListCommands {

    private ListCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("lpush", -3, call -> push(call, End.LEFT, true), WRITE, DENYOOM)
                        .key(),
                Command.of("rpush", -3, call -> push(call, End.RIGHT, true), WRITE, DENYOOM)
                        .key(),
                Command.of("lpushx", -3, call -> push(call, End.LEFT, false), WRITE, DENYOOM)
                        .key(),
                Command.of("rpushx", -3, call -> push(call, End.RIGHT, false), WRITE, DENYOOM)
                        .key(),
                Command.of("linsert", 5, ListCommands::linsert, WRITE, DENYOOM).key(),
                Command.of("lset", 4, ListCommands::lset, WRITE, DENYOOM).key(),
                Command.of("lpop", -2, call -> pop(call, End.LEFT), WRITE, DELETE)
                        .key(),
                Command.of("rpop", -2, call -> pop(call, End.RIGHT), WRITE, DELETE)
                        .key(),
                Command.of("lmpop", -4, ListCommands::lmpop, WRITE, DELETE).countedKeys(1),
                Command.of("lrem", 4, ListCommands::lrem, WRITE, DELETE).key(),
                Command.of("ltrim", 4, ListCommands::ltrim, WRITE, DELETE).key(),
                Command.of("lmove", 5, call -> move(call, end(call, 3), end(call, 4)), WRITE, DENYOOM)
                        .keys(1, 2, 1),
                Command.of("rpoplpush", 3, call -> move(call, End.RIGHT, End.LEFT), WRITE, DENYOOM)
                        .keys(1, 2, 1),
                Command.of("llen", 2, call -> Replies.integer(elements(call).size()), READONLY)
                        .key(),
                Command.of("lindex", 3, ListCommands::lindex, READONLY).key(),
                Command.of("lrange", 4, ListCommands::lrange, READONLY).key(),
                Command.of("lpos", -3, ListCommands::lpos, READONLY).key());
    }

    private static Reply push(Call call, End end, boolean create) {
        if (!create && call.find(ListValue.class, call.word(1)) == null) {
            return Replies.ZERO;
        }
        ListValue list = toChange(call, call.word(1));
        call.wordsFrom(2).forEach(element -> list.push(end, element));
        call.database().store(call.word(1), list, Kind.LIST, pushed(end));
        return Replies.integer(list.size());
    }

    private static String pushed(End end) {
        return end == End.LEFT ? "lpush" : "rpush";
    }

    private static ListValue toChange(Call call, Bytes key) {
        return call.toChange(ListValue.class, key, ListValue::new);
    }

    private static Reply linsert(Call call) {
        boolean after = call.is(2, "AFTER");
        if (!after && !call.is(2, "BEFORE")) {
            throw call.syntaxError();
        }
        if (call.find(ListValue.class, call.word(1)) == null) {
            return Replies.ZERO;
        }
        ListValue list = toChange(call, call.word(1));
        int pivot = list.elements().indexOf(call.word(3));
        if (pivot < 0) {
            return Replies.integer(-1);
        }
        list.elements().add(after ? pivot + 1 : pivot, call.word(4));
        call.database().store(call.word(1), list, Kind.LIST, "linsert");
        return Replies.integer(list.size());
    }

    private static Reply lset(Call call) {
        if (call.find(ListValue.class, call.word(1)) == null) {
            throw new Refusal("ERR no such key");
        }
        long index = call.integer(2);
        ListValue list = toChange(call, call.word(1));
        List<Bytes> place = list.range(index, index);
        if (place.isEmpty()) {
            throw new Refusal("ERR index out of range");
        }
        place.set(0, call.word(3));
        call.database().store(call.word(1), list, Kind.LIST, "lset");
        return Replies.OK;
    }

    private static Reply pop(Call call, End end) {
        if (call.count() > 3) {
            throw call.wrongArity();
        }
        boolean several = call.count() == 3;
        long count = several ? call.natural(2) : 1;
        if (call.find(ListValue.class, call.word(1)) == null) {
            return several ? Replies.NIL_ARRAY : Replies.NIL;
        }
        List<Bytes> popped = pop(call, call.word(1), end, count);
        return several ? Replies.bulks(popped) : Replies.bulk(popped.get(0));
    }

    static List<Bytes> pop(Call call, Bytes key, End end, long count) {
        ListValue list = toChange(call, key);
        List<Bytes> popped = list.pop(end, count);
        if (!popped.isEmpty()) {
            popped(call, key, end, list);
        }
        return popped;
    }

    private static void popped(Call call, Bytes key, End end, ListValue left) {
        String event = end == End.LEFT ? "lpop" : "rpop";
        if (call.isServed()) {
            call.database().storeUnseen(Kind.LIST, event, key, left);
        } else {
            call.database().storeAfter(Kind.LIST, event, key, left);
        }
    }

    private static Reply lmpop(Call call) {
        MultiPop<End> pop = MultiPop.of(call, 1, End.values());
        for (Bytes key : pop.keys()) {
            if (call.find(ListValue.class, key) != null) {
                return popped(call, key, pop);
            }
        }
        return Replies.NIL_ARRAY;
    }

    /** Takes elements from a list that is there. */
    static Reply popped(Call call, Bytes key, MultiPop<End> pop) {
        return Replies.array(List.of(Replies.bulk(key), Replies.bulks(pop(call, key, pop.end(), pop.count()))));
    }

    private static End end(Call call, int index) {
        return MultiPop.end(call, index, End.values());
    }

    private static Reply lrem(Call call) {
        long count = call.integer(2);
        ListValue list = toChange(call, call.word(1));
        List<Bytes> elements = list.elements();
        int removed = 0;
        boolean fromRight = count < 0;
        long most = count == 0 || count == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(count);
        for (int i = fromRight ? elements.size() - 1 : 0; i >= 0 && i < elements.size() && removed < most; ) {
            if (elements.get(i).equals(call.word(3))) {
                elements.remove(i);
                removed++;
                i -= fromRight ? 1 : 0;
            } else {
                i += fromRight ? -1 : 1;
            }
        }
        if (removed > 0) {
            call.database().store(call.word(1), list, Kind.LIST, "lrem");
        }
        return Replies.integer(removed);
    }

    private static Reply ltrim(Call call) {
        long start = call.integer(2);
        long stop = call.integer(3);
        if (call.find(ListValue.class, call.word(1)) != null) {
            ListValue list = toChange(call, call.word(1));
            List<Bytes> kept = List.copyOf(list.range(start, stop));
            list.elements().clear();
            list.elements().addAll(kept);
            call.database().storeAfter(Kind.LIST, "ltrim", call.word(1), list);
        }
        return Replies.OK;
    }

    static Reply move(Call call, End from, End to) {
        if (call.find(ListValue.class, call.word(1)) == null) {
            return Replies.NIL;
        }
        ListValue source = toChange(call, call.word(1));
        ListValue target = toChange(call, call.word(2));
        Bytes element = source.pop(from);
        target.push(to, element);
        call.database().store(call.word(2), target, Kind.LIST, pushed(to));
        popped(call, call.word(1), from, source);
        return Replies.bulk(element);
    }

    /** Returns the elements of the key that a command reads; none where there is no such key. */
    private static List<Bytes> elements(Call call) {
        ListValue list = call.read(ListValue.class, call.word(1));
        return list == null ? List.of() : list.elements();
    }

    private static Reply lindex(Call call) {
        ListValue list = call.read(ListValue.class, call.word(1));
        if (list == null) {
            return Replies.NIL;
        }
        long index = call.integer(2);
        List<Bytes> place = list.range(index, index);
        if (place.isEmpty()) {
            call.missed();
            return Replies.NIL;
        }
        return Replies.bulk(place.get(0));
    }

    private static Reply lrange(Call call) {
        long start = call.integer(2);
        long stop = call.integer(3);
        ListValue list = call.read(ListValue.class, call.word(1));
        return list == null ? Replies.EMPTY_ARRAY : Replies.bulks(list.range(start, stop));
    }

    /** What LPOS looks for; a count of null asks for one place, and not for a list of them. */
    private record Search(
            Bytes element, long rank, @Nullable Long count, long longest) {

        static Search of(Call call) {
            long rank = 1;
            Long count = null;
            long longest = 0;
            for (int i = 3; i < call.count(); i += 2) {
                if (i + 1 == call.count()) {
                    throw call.syntaxError();
                }
                if (call.is(i, "RANK")) {
                    rank = call.integer(i + 1);
                    if (rank == 0) {
                        throw new Refusal(
                                "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second"
                                        + " ... or use negative to start from the end of the list");
                    }
                } else if (call.is(i, "COUNT")) {
                    count = call.natural(i + 1, "ERR COUNT can't be negative");
                } else if (call.is(i, "MAXLEN")) {
                    longest = call.natural(i + 1, "ERR MAXLEN can't be negative");
                } else {
                    throw call.syntaxError();
                }
            }
            return new Search(call.word(2), rank, count, longest);
        }

        List<Reply> places(List<Bytes> elements) {
            long most = count == null ? 1 : count == 0 ? Long.MAX_VALUE : count;
            long compared = longest == 0 ? elements.size() : Math.min(longest, elements.size());
            // Of the lowest number there is no opposite: redis-server then takes the first match, too.
            long wanted = rank < 0 ? -rank : rank;
            long matches = 0;
            List<Reply> places = new ArrayList<>();
            for (int i = 0; i < compared && places.size() < most; i++) {
                int place = rank < 0 ? elements.size() - 1 - i : i;
                if (elements.get(place).equals(element) && ++matches >= wanted) {
                    places.add(Replies.integer(place));
                }
            }
            return places;
        }
    }

    private static Reply lpos(Call call) {
        Search search = Search.of(call);
        ListValue list = call.read(ListValue.class, call.word(1));
        List<Reply> places = list == null ? Collections.emptyList() : search.places(list.elements());
        if (search.count() != null) {
            return Replies.array(places);
        }
        return places.isEmpty() ? Replies.NIL : places.get(0);
    }
}
