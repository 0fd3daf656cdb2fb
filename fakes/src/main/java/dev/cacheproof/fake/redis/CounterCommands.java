package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.DENYOOM;
import static dev.cacheproof.fake.redis.Command.Trait.WRITE;

import dev.cacheproof.fake.redis.KeyspaceEvents.Kind;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Strings that are numbers. */
final class CounterCommands {

    static final String NO_FLOAT = "ERR value is not a valid float";
    static final String NO_RESULT = "ERR increment would produce NaN or Infinity";

    private CounterCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("incr", 2, call -> add(call, 1), WRITE, DENYOOM).key(),
                Command.of("decr", 2, call -> add(call, -1), WRITE, DENYOOM).key(),
                Command.of("incrby", 3, call -> add(call, call.integer(2)), WRITE, DENYOOM)
                        .key(),
                Command.of("decrby", 3, CounterCommands::decrby, WRITE, DENYOOM).key(),
                Command.of("incrbyfloat", 3, CounterCommands::incrbyfloat, WRITE, DENYOOM)
                        .key());
    }

    private static Reply decrby(Call call) {
        long step = call.integer(2);
        if (step == Long.MIN_VALUE) {
            throw new Refusal("ERR decrement would overflow");
        }
        return add(call, -step);
    }

    private static Reply add(Call call, long step) {
        Entry entry = call.find(call.word(1));
        Long old = entry == null ? Long.valueOf(0) : Numbers.strictLong(entry.text());
        if (old == null) {
            throw new Refusal(Refusal.NO_INTEGER);
        }
        long sum = sum(old, step);
        call.database().replace(call.word(1), Text.of(sum));
        call.event(Kind.STRING, "incrby", call.word(1));
        return Replies.integer(sum);
    }

    static long sum(long old, long step) {
        long sum = old + step;
        if (((old ^ sum) & (step ^ sum)) < 0) {
            throw new Refusal("ERR increment or decrement would overflow");
        }
        return sum;
    }

    private static Reply incrbyfloat(Call call) {
        Entry entry = call.find(call.word(1));
        BigDecimal old = entry == null ? BigDecimal.ZERO : number(entry.text(), NO_FLOAT);
        BigDecimal step = number(call.word(2), NO_FLOAT);
        if (old == null || step == null) {
            throw new Refusal(NO_RESULT);
        }
        Bytes sum = Bytes.of(LongDouble.print(LongDouble.add(old, step)));
        call.database().replace(call.word(1), Text.plain(sum));
        call.event(Kind.STRING, "incrbyfloat", call.word(1));
        return Replies.bulk(sum);
    }

    /** Reads a number; null for an infinite one. */
    static @Nullable BigDecimal number(Bytes bytes, String otherwise) {
        String text = bytes.text();
        BigDecimal number = LongDouble.parse(text);
        if (number == null && !LongDouble.isInfinite(text)) {
            throw new Refusal(otherwise);
        }
        return number;
    }
}
