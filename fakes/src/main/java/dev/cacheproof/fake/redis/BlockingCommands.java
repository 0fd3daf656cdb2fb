package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.DELETE;
import static dev.cacheproof.fake.redis.Command.Trait.DENYOOM;
import static dev.cacheproof.fake.redis.Command.Trait.NO_SCRIPT;
import static dev.cacheproof.fake.redis.Command.Trait.WRITE;

import dev.cacheproof.fake.redis.ListValue.End;
import java.util.List;

/** The commands on lists and sorted sets that wait where there is nothing. */
final class BlockingCommands {

    private BlockingCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("blpop", -3, call -> pop(call, End.LEFT), WRITE, DELETE, NO_SCRIPT)
                        .keys(1, -2, 1),
                Command.of("brpop", -3, call -> pop(call, End.RIGHT), WRITE, DELETE, NO_SCRIPT)
                        .keys(1, -2, 1),
                Command.of("blmpop", -5, BlockingCommands::blmpop, WRITE, DELETE, NO_SCRIPT)
                        .countedKeys(2),
                Command.of("blmove", 6, BlockingCommands::blmove, WRITE, DENYOOM, NO_SCRIPT)
                        .keys(1, 2, 1),
                Command.of("brpoplpush", 4, call -> move(call, End.RIGHT, End.LEFT, 3), WRITE, DENYOOM, NO_SCRIPT)
                        .keys(1, 2, 1),
                Command.of("bzpopmin", -3, call -> pop(call, SortedSetCommands.End.MIN), WRITE, DELETE, NO_SCRIPT)
                        .keys(1, -2, 1),
                Command.of("bzpopmax", -3, call -> pop(call, SortedSetCommands.End.MAX), WRITE, DELETE, NO_SCRIPT)
                        .keys(1, -2, 1),
                Command.of("bzmpop", -5, BlockingCommands::bzmpop, WRITE, DELETE, NO_SCRIPT)
                        .countedKeys(2));
    }

    private static Reply pop(Call call, End end) {
        int last = call.count() - 1;
        return take(
                call,
                ListValue.class,
                call.words().subList(1, last),
                Waiting.end(call, last),
                (taker, key) -> Replies.bulks(
                        List.of(key, ListCommands.pop(taker, key, end, 1).get(0))));
    }

    /** Takes from the first key that is there, or waits until one is. */
    private static Reply take(
            Call call, Class<? extends Value> type, List<Bytes> keys, long end, Waiting.Service service) {
        for (Bytes key : keys) {
            if (call.find(type, key) != null) {
                return service.take(call, key);
            }
        }
        return call.await(new Waiting(call, type, keys, end, Replies.NIL_ARRAY, service), Replies.NIL_ARRAY);
    }

    private static Reply blmpop(Call call) {
        MultiPop<End> pop = MultiPop.of(call, 2, End.values());
        return take(
                call,
                ListValue.class,
                pop.keys(),
                Waiting.end(call, 1),
                (taker, key) -> ListCommands.popped(taker, key, pop));
    }

    private static Reply blmove(Call call) {
        return move(call, MultiPop.end(call, 3, End.values()), MultiPop.end(call, 4, End.values()), 5);
    }

    private static Reply move(Call call, End from, End to, int timeout) {
        long end = Waiting.end(call, timeout);
        Waiting.Service service = (taker, any) -> ListCommands.move(taker, from, to);
        if (call.find(ListValue.class, call.word(1)) != null) {
            return service.take(call, call.word(1));
        }
        Waiting waiting = new Waiting(call, ListValue.class, List.of(call.word(1)), end, Replies.NIL_ARRAY, service);
        return call.await(waiting, Replies.NIL);
    }

    private static Reply pop(Call call, SortedSetCommands.End end) {
        int last = call.count() - 1;
        return take(
                call,
                SortedSetValue.class,
                call.words().subList(1, last),
                Waiting.end(call, last),
                (taker, key) -> SortedSetCommands.poppedOne(taker, key, end));
    }

    private static Reply bzmpop(Call call) {
        MultiPop<SortedSetCommands.End> pop = MultiPop.of(call, 2, SortedSetCommands.End.values());
        return take(
                call,
                SortedSetValue.class,
                pop.keys(),
                Waiting.end(call, 1),
                (taker, key) -> SortedSetCommands.popped(taker, key, pop));
    }
}
