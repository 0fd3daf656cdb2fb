package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.READONLY;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Walks through all keys. The order is the fake's own: redis-server's depends on a random seed. */
final class ScanCommands {

    private ScanCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("keys", 2, ScanCommands::keys, READONLY),
                Command.of("scan", -2, ScanCommands::scan, READONLY));
    }

    private static Reply keys(Call call) {
        List<Reply> found = new ArrayList<>();
        for (Entry entry : call.database().all()) {
            if (Glob.finds(call.word(1), entry.key)) {
                found.add(Replies.bulk(entry.key));
            }
        }
        return Replies.array(found);
    }

    private static Reply scan(Call call) {
        Cursor cursor = Cursor.of(call.word(1));
        ScanOptions options = ScanOptions.of(call, 2, true);
        List<Entry> all = call.database().all();
        int from = cursor.equals(Cursor.END)
                ? all.size()
                : cursor.number().min(BigInteger.valueOf(all.size())).intValue();
        int to = (int) Math.max(0, from - options.count());
        List<Reply> found = new ArrayList<>();
        for (int i = from - 1; i >= to; i--) {
            if (options.allows(all.get(i))) {
                found.add(Replies.bulk(all.get(i).key));
            }
        }
        return Cursor.at(to).reply(found);
    }
}
