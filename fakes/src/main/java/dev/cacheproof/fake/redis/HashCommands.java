package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.DELETE;
import static dev.cacheproof.fake.redis.Command.Trait.DENYOOM;
import static dev.cacheproof.fake.redis.Command.Trait.READONLY;
import static dev.cacheproof.fake.redis.Command.Trait.WRITE;

import dev.cacheproof.fake.redis.KeyspaceEvents.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hashes: fields and their values under one key. */
final class HashCommands {

    private HashCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("hset", -4, call -> Replies.integer(putAll(call)), WRITE, DENYOOM)
                        .key(),
                Command.of("hmset", -4, HashCommands::hmset, WRITE, DENYOOM).key(),
                Command.of("hsetnx", 4, HashCommands::hsetnx, WRITE, DENYOOM).key(),
                Command.of("hget", 3, HashCommands::hget, READONLY).key(),
                Command.of("hmget", -3, HashCommands::hmget, READONLY).key(),
                Command.of("hgetall", 2, HashCommands::hgetall, READONLY).key(),
                Command.of("hkeys", 2, call -> Replies.bulks(fields(call).keySet()), READONLY)
                        .key(),
                Command.of("hvals", 2, call -> Replies.bulks(fields(call).values()), READONLY)
                        .key(),
                Command.of("hlen", 2, call -> Replies.integer(fields(call).size()), READONLY)
                        .key(),
                Command.of("hstrlen", 3, HashCommands::hstrlen, READONLY).key(),
                Command.of("hexists", 3, HashCommands::hexists, READONLY).key(),
                Command.of("hdel", -3, HashCommands::hdel, WRITE, DELETE).key(),
                Command.of("hincrby", 4, HashCommands::hincrby, WRITE, DENYOOM).key(),
                Command.of("hincrbyfloat", 4, HashCommands::hincrbyfloat, WRITE, DENYOOM)
                        .key(),
                Command.of("hrandfield", -2, HashCommands::hrandfield, READONLY).key(),
                Command.of("hscan", -3, HashCommands::hscan, READONLY).key());
    }

    private static long putAll(Call call) {
        if (call.count() % 2 == 1) {
            throw call.wrongArity();
        }
        HashValue hash = toChange(call);
        int added = 0;
        for (int i = 2; i < call.count(); i += 2) {
            added += hash.put(call.word(i), call.word(i + 1)) ? 1 : 0;
        }
        call.database().store(call.word(1), hash, Kind.HASH, "hset");
        return added;
    }

    private static HashValue toChange(Call call) {
        return call.toChange(HashValue.class, call.word(1), HashValue::new);
    }

    private static Reply hmset(Call call) {
        putAll(call);
        return Replies.OK;
    }

    private static Reply hsetnx(Call call) {
        HashValue hash = toChange(call);
        if (hash.get(call.word(2)) != null) {
            return Replies.ZERO;
        }
        put(call, hash, call.word(3), "hset");
        return Replies.ONE;
    }

    private static void put(Call call, HashValue hash, Bytes value, String event) {
        hash.put(call.word(2), value);
        call.database().store(call.word(1), hash, Kind.HASH, event);
    }

    private static Reply hget(Call call) {
        return value(call, fields(call).get(call.word(2)));
    }

    /** Returns the fields of the key that a command reads; none where there is no such key. */
    private static Map<Bytes, Bytes> fields(Call call) {
        HashValue hash = call.read(HashValue.class, call.word(1));
        return hash == null ? Map.of() : hash.fields();
    }

    private static Reply value(Call call, @Nullable Bytes value) {
        if (value == null) {
            call.missed();
            return Replies.NIL;
        }
        return Replies.bulk(value);
    }

    private static Reply hmget(Call call) {
        Map<Bytes, Bytes> fields = fields(call);
        List<Reply> values = new ArrayList<>();
        for (Bytes field : call.wordsFrom(2)) {
            values.add(value(call, fields.get(field)));
        }
        return Replies.array(values);
    }

    private static Reply hgetall(Call call) {
        List<Reply> all = new ArrayList<>();
        fields(call).forEach((field, value) -> {
            all.add(Replies.bulk(field));
            all.add(Replies.bulk(value));
        });
        return new Reply.Pairs(all);
    }

    private static Reply hstrlen(Call call) {
        Bytes value = fields(call).get(call.word(2));
        return Replies.integer(value == null ? 0 : value.length());
    }

    private static Reply hexists(Call call) {
        return fields(call).containsKey(call.word(2)) ? Replies.ONE : Replies.ZERO;
    }

    private static Reply hdel(Call call) {
        HashValue hash = toChange(call);
        int removed = 0;
        for (Bytes field : call.wordsFrom(2)) {
            removed += hash.remove(field) ? 1 : 0;
        }
        if (removed > 0) {
            call.database().store(call.word(1), hash, Kind.HASH, "hdel");
        }
        return Replies.integer(removed);
    }

    private static Reply hincrby(Call call) {
        long step = call.integer(3);
        HashValue hash = toChange(call);
        Bytes present = hash.get(call.word(2));
        Long old = present == null ? Long.valueOf(0) : Numbers.strictLong(present);
        if (old == null) {
            throw new Refusal("ERR hash value is not an integer");
        }
        long sum = CounterCommands.sum(old, step);
        put(call, hash, Bytes.of(sum), "hincrby");
        return Replies.integer(sum);
    }

    private static Reply hincrbyfloat(Call call) {
        BigDecimal step = CounterCommands.number(call.word(3), CounterCommands.NO_FLOAT);
        if (step == null) {
            throw new Refusal("ERR value is NaN or Infinity");
        }
        HashValue hash = toChange(call);
        Bytes present = hash.get(call.word(2));
        BigDecimal old =
                present == null ? BigDecimal.ZERO : CounterCommands.number(present, "ERR hash value is not a float");
        if (old == null) {
            throw new Refusal(CounterCommands.NO_RESULT);
        }
        Bytes sum = Bytes.of(LongDouble.print(LongDouble.add(old, step)));
        put(call, hash, sum, "hincrbyfloat");
        return Replies.bulk(sum);
    }

    private static Reply hrandfield(Call call) {
        if (call.count() == 2) {
            Map<Bytes, Bytes> fields = fields(call);
            return fields.isEmpty() ? Replies.NIL : Replies.bulk(RandomChoice.one(call, fields.keySet()));
        }
        long count = RandomChoice.count(call, 2);
        boolean withValues = call.count() == 4 && call.is(3, "WITHVALUES");
        if (call.count() > 4 || (call.count() == 4 && !withValues)) {
            throw call.syntaxError();
        }
        if (withValues) {
            RandomChoice.requireHalf(count);
        }
        Map<Bytes, Bytes> fields = fields(call);
        List<Reply> chosen = new ArrayList<>();
        for (Map.Entry<Bytes, Bytes> each : RandomChoice.some(call, fields.entrySet(), count)) {
            chosen.add(Replies.bulk(each.getKey()));
            if (withValues) {
                chosen.add(Replies.bulk(each.getValue()));
            }
        }
        return withValues ? new Reply.Couples(chosen) : Replies.array(chosen);
    }

    private static Reply hscan(Call call) {
        Cursor cursor = Cursor.of(call.word(2));
        HashValue hash = call.read(HashValue.class, call.word(1));
        if (hash == null) {
            return Cursor.END.reply(List.of());
        }
        ScanOptions options = ScanOptions.of(call, 3, false);
        List<Bytes> fields = List.copyOf(hash.fields().keySet());
        Cursor.Page page = hash.isTable() ? cursor.page(fields, options.count()) : Cursor.whole(fields);
        List<Reply> found = new ArrayList<>();
        for (Bytes field : page.elements()) {
            Bytes value = hash.get(field);
            if (value != null && options.allows(field)) {
                found.add(Replies.bulk(field));
                found.add(Replies.bulk(value));
            }
        }
        return page.next().reply(found);
    }
}
