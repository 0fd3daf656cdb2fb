package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.READONLY;
import static dev.cacheproof.fake.redis.Command.Trait.UNNOTICED;

import java.util.List;

/** How much room keys take. */
final class MemoryCommands {

    private MemoryCommands() {}

    static List<Command> all() {
        return List.of(Command.container(
                "memory",
                Command.of("memory|usage", -3, MemoryCommands::usage, READONLY, UNNOTICED)
                        .keys(2, 2, 1)));
    }

    private static Reply usage(Call call) {
        for (int i = 3; i < call.count(); i += 2) {
            if (!call.is(i, "SAMPLES") || i + 1 == call.count()) {
                throw call.syntaxError();
            }
            if (call.integer(i + 1) < 0) {
                throw call.syntaxError();
            }
        }
        Entry entry = call.database().find(call.word(2));
        return entry == null ? Replies.NIL : Replies.integer(Eviction.sizeOf(entry));
    }
}
