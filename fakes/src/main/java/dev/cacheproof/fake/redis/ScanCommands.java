package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.READONLY;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Walks through all keys. The order is the fake's own: redis-server's depends on a random seed. */
final class ScanCommands {

    private static final Pattern CURSOR = Pattern.compile("([+-]?\\d+)?");
    private static final BigInteger LARGEST_CURSOR = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final long DEFAULT_COUNT = 10;

    /** Matches no key: a set that contains no byte, and everything after it. */
    private static final Bytes NOTHING = Bytes.of("[]?");

    private ScanCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("keys", 2, ScanCommands::keys, READONLY),
                Command.of("scan", -2, ScanCommands::scan, READONLY));
    }

    private static Reply keys(Call call) {
        List<Reply> found = new ArrayList<>();
        for (Entry entry : call.database().all()) {
            if (Glob.matches(call.word(1), entry.key)) {
                found.add(Replies.bulk(entry.key));
            }
        }
        return Replies.array(found);
    }

    private static Reply scan(Call call) {
        BigInteger cursor = cursor(call.word(1));
        long count = DEFAULT_COUNT;
        Bytes pattern = null;
        boolean strings = true;
        for (int i = 2; i < call.count(); i += 2) {
            if (i + 1 == call.count()) {
                throw call.syntaxError();
            } else if (call.is(i, "COUNT")) {
                count = call.integer(i + 1);
                if (count < 1) {
                    throw call.syntaxError();
                }
            } else if (call.is(i, "MATCH")) {
                pattern = call.word(i + 1);
            } else if (call.is(i, "TYPE")) {
                strings = call.is(i + 1, "STRING");
            } else {
                throw call.syntaxError();
            }
        }
        return page(call.database().all(), cursor, count, strings ? pattern : NOTHING);
    }

    private static Reply page(List<Entry> all, BigInteger cursor, long count, @Nullable Bytes pattern) {
        int from = cursor.signum() == 0
                ? all.size()
                : cursor.min(BigInteger.valueOf(all.size())).intValue();
        int to = (int) Math.max(0, from - count);
        List<Reply> found = new ArrayList<>();
        for (int i = from - 1; i >= to; i--) {
            Bytes key = all.get(i).key;
            if (pattern == null || Glob.matches(pattern, key)) {
                found.add(Replies.bulk(key));
            }
        }
        return Replies.array(List.of(Replies.bulk(Bytes.of(to)), Replies.array(found)));
    }

    private static BigInteger cursor(Bytes word) {
        String text = word.printed();
        if (!CURSOR.matcher(text).matches()) {
            throw new Refusal("ERR invalid cursor");
        }
        BigInteger number = text.isEmpty() ? BigInteger.ZERO : new BigInteger(text);
        if (number.abs().compareTo(LARGEST_CURSOR) > 0) {
            throw new Refusal("ERR invalid cursor");
        }
        // C reads a negative number as a huge one.
        return number.signum() < 0 ? number.add(LARGEST_CURSOR).add(BigInteger.ONE) : number;
    }
}
