package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.DELETE;
import static dev.cacheproof.fake.redis.Command.Trait.DENYOOM;
import static dev.cacheproof.fake.redis.Command.Trait.READONLY;
import static dev.cacheproof.fake.redis.Command.Trait.UNNOTICED;
import static dev.cacheproof.fake.redis.Command.Trait.WRITE;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys, whatever their values. */
final class KeyCommands {

    private static final int SHARED_REFERENCES = Integer.MAX_VALUE;
    private static final int MOST_USES = 255;
    private static final String SWITCHING =
            " Please note that when switching between policies at runtime LRU and LFU data"
                    + " will take some time to adjust.";
    private static final String NO_KEY = "ERR no such key";

    private KeyCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("del", -2, KeyCommands::del, WRITE, DELETE).keys(1, -1, 1),
                Command.of("unlink", -2, KeyCommands::del, WRITE, DELETE).keys(1, -1, 1),
                Command.of("exists", -2, KeyCommands::exists, READONLY, UNNOTICED)
                        .keys(1, -1, 1),
                Command.of("touch", -2, KeyCommands::exists, READONLY).keys(1, -1, 1),
                Command.of("type", 2, KeyCommands::type, READONLY, UNNOTICED).key(),
                Command.of("rename", 3, KeyCommands::rename, WRITE).keys(1, 2, 1),
                Command.of("renamenx", 3, KeyCommands::renamenx, WRITE).keys(1, 2, 1),
                Command.of("copy", -3, KeyCommands::copy, WRITE, DENYOOM).keys(1, 2, 1),
                Command.of("randomkey", 1, KeyCommands::randomkey, READONLY),
                Command.container(
                        "object",
                        Command.of("object|encoding", 3, KeyCommands::encoding, READONLY)
                                .keys(2, 2, 1),
                        Command.of("object|refcount", 3, KeyCommands::refcount, READONLY)
                                .keys(2, 2, 1),
                        Command.of("object|idletime", 3, KeyCommands::idletime, READONLY)
                                .keys(2, 2, 1),
                        Command.of("object|freq", 3, KeyCommands::freq, READONLY)
                                .keys(2, 2, 1)));
    }

    private static Reply del(Call call) {
        int removed = 0;
        for (Bytes key : call.wordsFrom(1)) {
            removed += call.database().delete(key) ? 1 : 0;
        }
        return Replies.integer(removed);
    }

    private static Reply exists(Call call) {
        int found = 0;
        for (Bytes key : call.wordsFrom(1)) {
            found += call.read(key) != null ? 1 : 0;
        }
        return Replies.integer(found);
    }

    private static Reply type(Call call) {
        Entry entry = call.read(call.word(1));
        return Replies.status(entry == null ? "none" : entry.value.type());
    }

    private static Reply rename(Call call) {
        move(call, existing(call, 1, NO_KEY));
        return Replies.OK;
    }

    private static Reply renamenx(Call call) {
        Entry entry = existing(call, 1, NO_KEY);
        if (call.find(call.word(2)) != null) {
            return Replies.ZERO;
        }
        move(call, entry);
        return Replies.ONE;
    }

    private static Entry existing(Call call, int index, String otherwise) {
        Entry entry = call.find(call.word(index));
        if (entry == null) {
            throw new Refusal(otherwise);
        }
        return entry;
    }

    private static void move(Call call, Entry from) {
        if (!from.key.equals(call.word(2))) {
            call.database().rename(from, call.word(2));
        }
    }

    private static Reply copy(Call call) {
        int target = call.session().database;
        boolean replace = false;
        for (int i = 3; i < call.count(); i++) {
            if (call.is(i, "REPLACE")) {
                replace = true;
            } else if (call.is(i, "DB") && i + 1 < call.count()) {
                target = call.smallInteger(++i);
                if (!call.engine().hasDatabase(target)) {
                    throw new Refusal(ConnectionCommands.NO_DATABASE);
                }
            } else {
                throw call.syntaxError();
            }
        }
        if (target == call.session().database && call.word(1).equals(call.word(2))) {
            throw new Refusal("ERR source and destination objects are the same");
        }
        Database to = call.engine().database(target);
        Entry from = call.read(call.word(1));
        if (from == null || (to.contains(call.word(2)) && !replace)) {
            return Replies.ZERO;
        }
        to.copy(from, call.word(2));
        return Replies.ONE;
    }

    private static Reply randomkey(Call call) {
        Entry entry = call.database().random();
        return entry == null ? Replies.NIL : Replies.bulk(entry.key);
    }

    /** Reads a key of which nobody is told that it is missing. */
    private static @Nullable Entry look(Call call) {
        return call.engine().read(call.database(), call.word(2), false);
    }

    private static Reply encoding(Call call) {
        Entry entry = look(call);
        return entry == null ? Replies.NIL : Replies.bulk(entry.value.encodingName());
    }

    private static Reply refcount(Call call) {
        Entry entry = look(call);
        boolean isShared = entry != null && entry.value instanceof Text text && text.isShared();
        return entry == null ? Replies.NIL : Replies.integer(isShared ? SHARED_REFERENCES : 1);
    }

    private static Reply idletime(Call call) {
        Entry entry = look(call);
        if (entry == null) {
            return Replies.NIL;
        }
        if (call.engine().eviction().policy().countsUses()) {
            throw new Refusal("ERR An LFU maxmemory policy is selected, idle time not tracked." + SWITCHING);
        }
        return Replies.integer(Math.max(0, call.now() - entry.usedAt) / 1_000);
    }

    private static Reply freq(Call call) {
        Entry entry = look(call);
        if (entry == null) {
            return Replies.NIL;
        }
        if (!call.engine().eviction().policy().countsUses()) {
            throw new Refusal("ERR An LFU maxmemory policy is not selected, access frequency not tracked." + SWITCHING);
        }
        return Replies.integer(Math.min(entry.uses, MOST_USES));
    }
}
