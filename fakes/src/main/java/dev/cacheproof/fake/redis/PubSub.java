package dev.cacheproof.fake.redis;

import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who has subscribed to what. Guarded by the engine's lock. */
final class PubSub {

    /** What a client may subscribe to. */
    enum Kind {
        CHANNEL("subscribe", "message"),
        PATTERN("psubscribe", "pmessage"),
        SHARD_CHANNEL("ssubscribe", "smessage");

        private final String command;
        private final String message;

        Kind(String command, String message) {
            this.command = command;
            this.message = message;
        }
    }

    private final Map<Kind, Map<Bytes, Set<Session>>> subscribers = new EnumMap<>(Kind.class);

    PubSub() {
        for (Kind each : Kind.values()) {
            subscribers.put(each, new LinkedHashMap<>());
        }
    }

    private Map<Bytes, Set<Session>> of(Kind kind) {
        return subscribers.getOrDefault(kind, Map.of());
    }

    void subscribe(Session session, Kind kind, Bytes name) {
        session.subscriptions(kind).add(name);
        session.subscriptionsChanged();
        of(kind).computeIfAbsent(name, any -> new LinkedHashSet<>()).add(session);
        session.push(confirmation(session, kind, kind.command, Replies.bulk(name)));
    }

    void unsubscribe(Session session, Kind kind, Bytes name) {
        forget(session, kind, name);
        confirmEnd(session, kind, Replies.bulk(name));
    }

    /** Ends all of a kind; tells so where there were none, too. */
    void unsubscribeAll(Session session, Kind kind) {
        List<Bytes> all = List.copyOf(session.subscriptions(kind));
        all.forEach(each -> unsubscribe(session, kind, each));
        if (all.isEmpty()) {
            confirmEnd(session, kind, Replies.NIL);
        }
    }

    private static void confirmEnd(Session session, Kind kind, Reply name) {
        String command =
                kind == Kind.CHANNEL ? "unsubscribe" : kind.command.charAt(0) + "un" + kind.command.substring(1);
        session.push(confirmation(session, kind, command, name));
    }

    private static Reply confirmation(Session session, Kind kind, String command, Reply name) {
        int count = kind == Kind.SHARD_CHANNEL
                ? session.subscriptions(kind).size()
                : session.subscriptions(Kind.CHANNEL).size()
                        + session.subscriptions(Kind.PATTERN).size();
        return new Reply.Push(List.of(Replies.bulk(command), name, Replies.integer(count)));
    }

    private void forget(Session session, Kind kind, Bytes name) {
        session.subscriptions(kind).remove(name);
        session.subscriptionsChanged();
        of(kind).computeIfPresent(name, (any, all) -> {
            all.remove(session);
            return all.isEmpty() ? null : all;
        });
    }

    /** Ends all subscriptions of a client that is told nothing of it. */
    void leave(Session session) {
        for (Kind kind : Kind.values()) {
            List.copyOf(session.subscriptions(kind)).forEach(each -> forget(session, kind, each));
        }
    }

    /** Sends a message to all subscribers, and returns how many times it was sent. */
    int publish(Kind kind, Bytes channel, Bytes message) {
        int count = 0;
        for (Session each : of(kind).getOrDefault(channel, Set.of())) {
            each.push(
                    new Reply.Push(List.of(Replies.bulk(kind.message), Replies.bulk(channel), Replies.bulk(message))));
            count++;
        }
        if (kind == Kind.SHARD_CHANNEL) {
            return count;
        }
        for (Map.Entry<Bytes, Set<Session>> pattern : of(Kind.PATTERN).entrySet()) {
            if (!Glob.matches(pattern.getKey(), channel)) {
                continue;
            }
            for (Session each : pattern.getValue()) {
                each.push(new Reply.Push(List.of(
                        Replies.bulk(Kind.PATTERN.message),
                        Replies.bulk(pattern.getKey()),
                        Replies.bulk(channel),
                        Replies.bulk(message))));
                count++;
            }
        }
        return count;
    }

    /** Returns what has subscribers. */
    Collection<Bytes> names(Kind kind) {
        return of(kind).keySet();
    }

    int count(Kind kind, Bytes name) {
        return of(kind).getOrDefault(name, Set.of()).size();
    }
}
