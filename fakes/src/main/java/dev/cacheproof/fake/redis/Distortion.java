package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.internal.ActiveRule;
import dev.cacheproof.fake.internal.Effect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a command sees or does that a healthy server would not let it: the faults that no client notices. The command itself
 * runs as always, so that its answer looks right; the entries are exchanged before it, or put back after it. Immutable.
 */
record Distortion(
        boolean drop,
        boolean evict,
        boolean miss,
        @Nullable Set<String> missing,
        boolean stale,
        boolean untold,
        List<ActiveRule> rules) {

    static final Distortion NONE = new Distortion(false, false, false, null, false, false, List.of());

    boolean isNone() {
        return !drop && !evict && !miss && !stale && !untold && missing == null;
    }

    /** Says whether clients are told of other entries than there are. */
    boolean misleads() {
        return miss || missing != null || stale;
    }

    static Distortion of(List<ActiveRule> rules) {
        boolean drop = false;
        boolean evict = false;
        boolean miss = false;
        Set<String> missing = null;
        boolean stale = false;
        boolean untold = false;
        for (ActiveRule each : rules) {
            Effect effect = each.rule().effect();
            drop |= effect instanceof Effect.Drop;
            evict |= effect instanceof Effect.Evict;
            miss |= effect instanceof Effect.FalseMiss;
            stale |= effect instanceof Effect.Stale;
            untold |= effect instanceof Effect.Untold;
            missing = effect instanceof Effect.EmptyMiss empty ? empty.markers() : missing;
        }
        return new Distortion(drop, evict, miss, missing, stale, untold, List.copyOf(rules));
    }

    /** Returns what of this a command of a script meets: what is about commands that do such a thing, to such keys. */
    Distortion within(Command command, List<Bytes> request) {
        if (isNone()) {
            return NONE;
        }
        List<String> keys = command.keysOf(request).stream().map(Bytes::text).toList();
        return of(rules.stream()
                .filter(each -> each.rule().fitsEffect(command.kinds()))
                .filter(each -> each.rule().fitsKeys(keys))
                .toList());
    }

    /** Runs a command; the caller holds the engine's lock. */
    Reply around(Engine engine, Database database, List<Bytes> keys, Supplier<Reply> command) {
        if (!untold) {
            return aroundTold(engine, database, keys, command);
        }
        engine.mute(true);
        try {
            return aroundTold(engine, database, keys, command);
        } finally {
            engine.mute(false);
        }
    }

    private Reply aroundTold(Engine engine, Database database, List<Bytes> keys, Supplier<Reply> command) {
        if (drop) {
            return dropped(engine, database, keys, command);
        }
        if (miss || missing != null || stale) {
            return misled(engine.now(), database, keys, command);
        }
        Reply reply = command.get();
        if (evict) {
            keys.forEach(database::evict);
        }
        return reply;
    }

    private static Reply dropped(Engine engine, Database database, List<Bytes> keys, Supplier<Reply> command) {
        if (keys.isEmpty()) {
            // Removes everything: so everything is put back.
            Map<Database, List<Saved>> all = new LinkedHashMap<>();
            engine.databases().forEach(each -> all.put(each, each.saveAll()));
            Reply reply = quietly(engine, command);
            all.forEach((each, saved) -> quietly(each, () -> saved.forEach(each::restore)));
            return reply;
        }
        List<Saved> before = keys.stream().map(database::save).toList();
        Reply reply = database.changes().quietly(command);
        quietly(database, () -> before.forEach(database::restore));
        return reply;
    }

    private static Reply quietly(Engine engine, Supplier<Reply> command) {
        Supplier<Reply> quiet = command;
        for (Database each : engine.databases()) {
            Supplier<Reply> inner = quiet;
            quiet = () -> each.changes().quietly(inner);
        }
        return quiet.get();
    }

    private static void quietly(Database database, Runnable action) {
        database.changes().quietly(() -> {
            action.run();
            return true;
        });
    }

    private Reply misled(long now, Database database, List<Bytes> keys, Supplier<Reply> command) {
        List<Saved> before = keys.stream().map(database::save).toList();
        quietly(database, () -> before.forEach(each -> database.restore(shown(now, database, each))));
        Reply reply = database.changes().quietly(command);
        quietly(database, () -> before.forEach(database::restore));
        return reply;
    }

    private Saved shown(long now, Database database, Saved present) {
        Saved seen = stale ? database.past(present) : present;
        boolean hidden = miss || seen.isGone(now) || (missing != null && isMissing(seen, missing));
        return hidden ? Saved.absent(present.key()) : seen;
    }

    private static boolean isMissing(Saved seen, Set<String> markers) {
        return seen.value() instanceof Text value
                && (value.bytes().length() == 0
                        || markers.contains(value.bytes().text()));
    }
}
