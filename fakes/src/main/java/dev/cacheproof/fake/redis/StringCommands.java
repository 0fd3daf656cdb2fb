package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.DELETE;
import static dev.cacheproof.fake.redis.Command.Trait.DENYOOM;
import static dev.cacheproof.fake.redis.Command.Trait.GETS;
import static dev.cacheproof.fake.redis.Command.Trait.READONLY;
import static dev.cacheproof.fake.redis.Command.Trait.WRITE;

import dev.cacheproof.fake.redis.KeyspaceEvents.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Strings. */
final class StringCommands {

    private static final long LONGEST = 512L * 1_024 * 1_024;

    private StringCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("get", 2, StringCommands::get, READONLY).key(),
                Command.of("set", -3, StringCommands::set, WRITE, DENYOOM).key(),
                Command.of("setnx", 3, StringCommands::setnx, WRITE, DENYOOM).key(),
                Command.of("setex", 4, call -> setWithExpiry(call, 1_000), WRITE, DENYOOM)
                        .key(),
                Command.of("psetex", 4, call -> setWithExpiry(call, 1), WRITE, DENYOOM)
                        .key(),
                Command.of("getex", -2, StringCommands::getex, WRITE, GETS).key(),
                Command.of("getdel", 2, StringCommands::getdel, WRITE, DELETE).key(),
                Command.of("getset", 3, StringCommands::getset, WRITE, DENYOOM).key(),
                Command.of("mget", -2, StringCommands::mget, READONLY).keys(1, -1, 1),
                Command.of("mset", -3, StringCommands::mset, WRITE, DENYOOM).keys(1, -1, 2),
                Command.of("msetnx", -3, StringCommands::msetnx, WRITE, DENYOOM).keys(1, -1, 2),
                Command.of("append", 3, StringCommands::append, WRITE, DENYOOM).key(),
                Command.of("strlen", 2, StringCommands::strlen, READONLY).key(),
                Command.of("setrange", 4, StringCommands::setrange, WRITE, DENYOOM)
                        .key(),
                Command.of("getrange", 4, StringCommands::getrange, READONLY).key(),
                Command.of("substr", 4, StringCommands::getrange, READONLY).key());
    }

    private static Reply value(@Nullable Entry entry) {
        return entry == null ? Replies.NIL : Replies.bulk(entry.text());
    }

    private static Reply get(Call call) {
        return value(call.read(call.word(1)));
    }

    private static Reply set(Call call) {
        StringOptions options = StringOptions.ofSet(call);
        Database database = call.database();
        Bytes key = call.word(1);
        long expiresAt = options.expiresAt(call);
        Entry old = options.returnsOld() ? call.read(key) : call.find(key);
        Reply oldValue = options.returnsOld() ? value(old) : Replies.NIL;
        if (old == null ? options.onlyIfPresent() : options.onlyIfAbsent()) {
            return oldValue;
        }
        Text value = Text.of(call.word(2));
        Entry entry = options.keepsExpiry() ? database.replace(key, value) : database.put(key, value);
        call.event(Kind.STRING, "set", key);
        if (expiresAt != Entry.NEVER) {
            expireAt(call, entry, expiresAt);
        }
        return options.returnsOld() ? oldValue : Replies.OK;
    }

    private static void expireAt(Call call, Entry entry, long time) {
        call.database().expireAt(entry, time);
        call.event(Kind.GENERIC, "expire", entry.key);
    }

    /** Writes a value that does not expire. */
    private static Entry put(Call call, Bytes key, Bytes value) {
        Entry entry = call.database().put(key, Text.of(value));
        call.event(Kind.STRING, "set", key);
        return entry;
    }

    private static Reply setnx(Call call) {
        if (call.find(call.word(1)) != null) {
            return Replies.ZERO;
        }
        put(call, call.word(1), call.word(2));
        return Replies.ONE;
    }

    private static Reply setWithExpiry(Call call, int unit) {
        long expiresAt = StringOptions.expiresAt(call, call.integer(2), unit, true);
        expireAt(call, put(call, call.word(1), call.word(3)), expiresAt);
        return Replies.OK;
    }

    private static Reply getex(Call call) {
        StringOptions options = StringOptions.ofGetex(call);
        Entry entry = call.read(call.word(1));
        if (entry == null) {
            return Replies.NIL;
        }
        Reply reply = value(entry);
        long expiresAt = options.expiresAt(call);
        if (expiresAt != Entry.NEVER) {
            if (options.isAbsolute() && expiresAt <= call.now()) {
                call.database().delete(entry.key);
            } else {
                expireAt(call, entry, expiresAt);
            }
        } else if (options.dropsExpiry() && entry.expires()) {
            call.database().expireAt(entry, Entry.NEVER);
            call.event(Kind.GENERIC, "persist", entry.key);
        }
        return reply;
    }

    private static Reply getdel(Call call) {
        Reply reply = value(call.read(call.word(1)));
        call.database().delete(call.word(1));
        return reply;
    }

    private static Reply getset(Call call) {
        Reply reply = value(call.read(call.word(1)));
        put(call, call.word(1), call.word(2));
        return reply;
    }

    private static Reply mget(Call call) {
        List<Reply> values = new ArrayList<>();
        for (Bytes key : call.wordsFrom(1)) {
            Entry entry = call.read(key);
            values.add(entry != null && entry.value instanceof Text text ? Replies.bulk(text.bytes()) : Replies.NIL);
        }
        return Replies.array(values);
    }

    private static Reply mset(Call call) {
        requirePairs(call);
        putPairs(call);
        return Replies.OK;
    }

    private static Reply msetnx(Call call) {
        requirePairs(call);
        for (int i = 1; i < call.count(); i += 2) {
            if (call.find(call.word(i)) != null) {
                return Replies.ZERO;
            }
        }
        putPairs(call);
        return Replies.ONE;
    }

    private static void requirePairs(Call call) {
        if (call.count() % 2 == 0) {
            throw call.wrongArity();
        }
    }

    private static void putPairs(Call call) {
        for (int i = 1; i < call.count(); i += 2) {
            put(call, call.word(i), call.word(i + 1));
        }
    }

    private static Reply append(Call call) {
        Entry entry = call.find(call.word(1));
        byte[] more = call.word(2).array();
        if (entry == null) {
            call.database().put(call.word(1), Text.of(call.word(2)));
            call.event(Kind.STRING, "append", call.word(1));
            return Replies.integer(more.length);
        }
        byte[] old = entry.text().array();
        requireLength(old.length + (long) more.length);
        byte[] joined = Arrays.copyOf(old, old.length + more.length);
        System.arraycopy(more, 0, joined, old.length, more.length);
        call.database().replace(entry.key, Text.raw(joined));
        call.event(Kind.STRING, "append", entry.key);
        return Replies.integer(joined.length);
    }

    private static void requireLength(long length) {
        if (length > LONGEST) {
            throw new Refusal("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
        }
    }

    private static Reply strlen(Call call) {
        Entry entry = call.read(call.word(1));
        return Replies.integer(entry == null ? 0 : entry.text().length());
    }

    private static Reply setrange(Call call) {
        long offset = call.integer(2);
        if (offset < 0) {
            throw new Refusal("ERR offset is out of range");
        }
        Entry entry = call.find(call.word(1));
        byte[] piece = call.word(3).array();
        byte[] old = entry == null ? new byte[0] : entry.text().array();
        if (piece.length == 0) {
            return Replies.integer(old.length);
        }
        requireLength(offset > LONGEST ? offset : offset + piece.length);
        byte[] written = Arrays.copyOf(old, Math.max(old.length, (int) offset + piece.length));
        System.arraycopy(piece, 0, written, (int) offset, piece.length);
        call.database().replace(call.word(1), Text.raw(written));
        call.event(Kind.STRING, "setrange", call.word(1));
        return Replies.integer(written.length);
    }

    private static Reply getrange(Call call) {
        long start = call.integer(2);
        long end = call.integer(3);
        Entry entry = call.read(call.word(1));
        byte[] value = entry == null ? new byte[0] : entry.text().array();
        if (start < 0 && end < 0 && start > end) {
            return Replies.bulk(new byte[0]);
        }
        start = Math.max(0, start < 0 ? value.length + start : start);
        end = Math.min(value.length - 1, Math.max(0, end < 0 ? value.length + end : end));
        return Replies.bulk(start > end ? new byte[0] : Arrays.copyOfRange(value, (int) start, (int) end + 1));
    }
}
