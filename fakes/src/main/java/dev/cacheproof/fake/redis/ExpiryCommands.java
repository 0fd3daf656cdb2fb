package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.READONLY;
import static dev.cacheproof.fake.redis.Command.Trait.UNNOTICED;
import static dev.cacheproof.fake.redis.Command.Trait.WRITE;

import dev.cacheproof.fake.redis.KeyspaceEvents.Kind;
import java.util.List;

/** When keys go by themselves. */
final class ExpiryCommands {

    private static final long MILLIS_PER_SECOND = 1_000;
    private static final long NO_KEY = -2;
    private static final long NO_EXPIRY = -1;

    private ExpiryCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("expire", -3, call -> expire(call, call.now(), MILLIS_PER_SECOND), WRITE)
                        .key(),
                Command.of("pexpire", -3, call -> expire(call, call.now(), 1), WRITE)
                        .key(),
                Command.of("expireat", -3, call -> expire(call, 0, MILLIS_PER_SECOND), WRITE)
                        .key(),
                Command.of("pexpireat", -3, call -> expire(call, 0, 1), WRITE).key(),
                Command.of("ttl", 2, call -> remaining(call, MILLIS_PER_SECOND), READONLY, UNNOTICED)
                        .key(),
                Command.of("pttl", 2, call -> remaining(call, 1), READONLY, UNNOTICED)
                        .key(),
                Command.of("expiretime", 2, call -> time(call, MILLIS_PER_SECOND), READONLY, UNNOTICED)
                        .key(),
                Command.of("pexpiretime", 2, call -> time(call, 1), READONLY, UNNOTICED)
                        .key(),
                Command.of("persist", 2, ExpiryCommands::persist, WRITE).key());
    }

    private static Reply expire(Call call, long base, long unit) {
        Conditions conditions = Conditions.of(call);
        long time = call.integer(2);
        if (time > Long.MAX_VALUE / unit || time < Long.MIN_VALUE / unit || time * unit > Long.MAX_VALUE - base) {
            throw new Refusal("ERR invalid expire time in '" + call.command().name() + "' command");
        }
        long expiresAt = time * unit + base;
        Entry entry = call.find(call.word(1));
        if (entry == null || !conditions.allow(entry.expiresAt, expiresAt)) {
            return Replies.ZERO;
        }
        if (expiresAt <= call.now()) {
            call.database().delete(entry.key);
        } else {
            call.database().expireAt(entry, expiresAt);
            call.event(Kind.GENERIC, "expire", entry.key);
        }
        return Replies.ONE;
    }

    /** The words behind the time: set it only if there is none, if there is one, if it is later, or earlier. */
    private record Conditions(boolean nx, boolean xx, boolean gt, boolean lt) {

        static Conditions of(Call call) {
            boolean nx = false;
            boolean xx = false;
            boolean gt = false;
            boolean lt = false;
            for (int i = 3; i < call.count(); i++) {
                nx |= call.is(i, "NX");
                xx |= call.is(i, "XX");
                gt |= call.is(i, "GT");
                lt |= call.is(i, "LT");
                if (!call.is(i, "NX") && !call.is(i, "XX") && !call.is(i, "GT") && !call.is(i, "LT")) {
                    throw new Refusal("ERR Unsupported option " + call.word(i).printed());
                }
            }
            if (nx && (xx || gt || lt)) {
                throw new Refusal("ERR NX and XX, GT or LT options at the same time are not compatible");
            }
            if (gt && lt) {
                throw new Refusal("ERR GT and LT options at the same time are not compatible");
            }
            return new Conditions(nx, xx, gt, lt);
        }

        /** A key that stays counts as one that expires at the end of time. */
        boolean allow(long current, long wanted) {
            boolean stays = current == Entry.NEVER;
            return !((nx && !stays)
                    || (xx && stays)
                    || (gt && (stays || wanted <= current))
                    || (lt && !stays && wanted >= current));
        }
    }

    private static Reply remaining(Call call, long unit) {
        Entry entry = call.read(call.word(1));
        if (entry == null || !entry.expires()) {
            return Replies.integer(entry == null ? NO_KEY : NO_EXPIRY);
        }
        return Replies.integer(rounded(Math.max(0, entry.expiresAt - call.now()), unit));
    }

    private static Reply time(Call call, long unit) {
        Entry entry = call.read(call.word(1));
        if (entry == null || !entry.expires()) {
            return Replies.integer(entry == null ? NO_KEY : NO_EXPIRY);
        }
        return Replies.integer(rounded(entry.expiresAt, unit));
    }

    private static long rounded(long millis, long unit) {
        return unit == 1 ? millis : millis / unit + (millis % unit >= unit / 2 ? 1 : 0);
    }

    private static Reply persist(Call call) {
        Entry entry = call.find(call.word(1));
        if (entry == null || !entry.expires()) {
            return Replies.ZERO;
        }
        call.database().expireAt(entry, Entry.NEVER);
        call.event(Kind.GENERIC, "persist", entry.key);
        return Replies.ONE;
    }
}
