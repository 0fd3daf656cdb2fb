package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.redis.CachingClient.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients that what they keep in a cache of their own has changed. As in redis-server, a key has the same meaning in all
 * databases, and a client is told once of a key that it has read, until it reads it again. Guarded by the engine's lock.
 */
final class Tracking {

    private static final Reply CHANNEL = Replies.bulk("__redis__:invalidate");

    /** What is told to all clients that have asked for a prefix, when the server has done what it was asked for. */
    private static final class Broadcast {
        final Set<CachingClient> clients = new LinkedHashSet<>();

        /** What has changed, and who has changed it last; nobody where it has expired. */
        final Map<Bytes, @Nullable Session> keys = new TreeMap<>();
    }

    private final Map<Long, Session> sessions;
    private final Map<Session, CachingClient> clients = new LinkedHashMap<>();
    private final Map<Bytes, Set<Session>> readers = new HashMap<>();
    private final Map<Bytes, Broadcast> broadcasts = new TreeMap<>();

    /** What the client is told whose command runs, as soon as it has the reply; null to forget everything. */
    private final List<@Nullable Reply> pending = new ArrayList<>();

    private @Nullable Session current;
    private @Nullable Session writer;
    private boolean isExecuting;

    /** Set while a fault loses what clients should be told. */
    private boolean isMuted;

    /** Read without the lock by those who need not take it where there is nothing to broadcast. */
    private volatile boolean isBroadcastDue;

    /** @param sessions all that are open, by their numbers */
    Tracking(Map<Long, Session> sessions) {
        this.sessions = sessions;
    }

    @Nullable
    CachingClient find(Session session) {
        return clients.get(session);
    }

    int size() {
        return clients.size();
    }

    boolean exists(long id) {
        return sessions.containsKey(id);
    }

    /** Begins to tell a client, or does so from now on as it wants it. */
    void enable(Session session, Set<Option> options, long redirection, List<Bytes> prefixes) {
        CachingClient client = clients.computeIfAbsent(session, CachingClient::new);
        client.isBroken = false;
        client.redirection = redirection;
        client.options.clear();
        client.options.addAll(options);
        if (client.is(Option.BCAST)) {
            for (Bytes prefix : prefixes.isEmpty() ? List.of(Bytes.of("")) : prefixes) {
                client.prefixes.add(prefix);
                broadcasts
                        .computeIfAbsent(prefix, any -> new Broadcast())
                        .clients
                        .add(client);
            }
        }
    }

    /** Tells a client no more; has no effect on one that is told nothing. */
    void disable(Session session) {
        CachingClient client = clients.remove(session);
        if (client != null) {
            for (Bytes prefix : client.prefixes) {
                broadcasts.computeIfPresent(prefix, (any, broadcast) -> {
                    broadcast.clients.remove(client);
                    return broadcast.clients.isEmpty() ? null : broadcast;
                });
            }
        }
    }

    /** Notes whose command has arrived: what has no room goes before it runs. */
    void begin(Session session) {
        current = session;
    }

    /** Notes that the command runs. */
    void execute() {
        writer = current;
        isExecuting = true;
    }

    /** Tells a client of its own changes, after its command: before that, they would stand before the reply. */
    void end(Session session, List<Bytes> words) {
        isExecuting = false;
        if (!pending.isEmpty()) {
            CachingClient client = clients.get(session);
            if (client != null) {
                pending.forEach(each -> tell(client, each));
            }
            pending.clear();
        }
        CachingClient client = clients.isEmpty() ? null : clients.get(session);
        if (client != null && client.isCachingGiven && !session.inTransaction() && !isAboutClient(words)) {
            client.isCachingGiven = false;
        }
    }

    private static boolean isAboutClient(List<Bytes> words) {
        Command command = CommandTable.find(words);
        return command != null && command.name().startsWith("client|");
    }

    /** Notes that what has happened last is over with all its consequences. */
    void rest() {
        current = null;
        writer = null;
    }

    /** Notes who has been given something that it has waited for. */
    void serve(@Nullable Session served) {
        writer = served == null ? current : served;
    }

    /** Loses what clients should be told, or does no more. */
    void mute(boolean muted) {
        isMuted = muted;
    }

    /** Remembers what a client has read. */
    void read(Session session, Command command, List<Bytes> words) {
        CachingClient client = clients.isEmpty() ? null : clients.get(session);
        if (client != null && command.is(Command.Trait.READONLY) && client.remembers() && command.hasItsKeys(words)) {
            command.keysOf(words)
                    .forEach(key -> readers.computeIfAbsent(key, any -> new LinkedHashSet<>())
                            .add(session));
        }
    }

    /** Notes that a key holds something else now. */
    void changed(Bytes key) {
        if (!broadcasts.isEmpty() && !isMuted) {
            broadcasts.forEach((prefix, broadcast) -> {
                if (key.startsWith(prefix)) {
                    broadcast.keys.put(key, writer);
                    isBroadcastDue = true;
                }
            });
        }
        Set<Session> told = readers.isEmpty() ? null : readers.remove(key);
        if (told == null || isMuted) {
            return;
        }
        Reply keys = Replies.array(List.of(Replies.bulk(key)));
        for (Session each : told) {
            CachingClient client = clients.get(each);
            if (client != null && !client.is(Option.BCAST) && !(client.is(Option.NOLOOP) && each == current)) {
                tellOrKeep(client, keys, isExecuting);
            }
        }
    }

    /** Notes that many keys are gone: clients are told to forget everything. */
    void flushed() {
        readers.clear();
        if (!isMuted) {
            clients.values().forEach(each -> tellOrKeep(each, null, true));
        }
    }

    private void tellOrKeep(CachingClient client, @Nullable Reply changed, boolean keepsOwn) {
        if (keepsOwn && client.session == current) {
            pending.add(changed);
        } else {
            tell(client, changed);
        }
    }

    private void tell(CachingClient client, @Nullable Reply changed) {
        Session receiver = client.session;
        if (client.redirection != 0) {
            receiver = sessions.get(client.redirection);
            if (receiver == null) {
                client.isBroken = true;
                if (client.session.protocol > 2) {
                    client.session.push(new Reply.Push(
                            List.of(Replies.bulk("tracking-redir-broken"), Replies.integer(client.redirection))));
                }
                return;
            }
        }
        // That is written in the version that the client itself speaks, wherever it is told.
        Reply keys = changed == null ? new Reply.Versioned(client.session.protocol, Replies.NIL) : changed;
        if (receiver.protocol > 2) {
            receiver.push(new Reply.Push(List.of(Replies.bulk("invalidate"), keys)));
        } else if (client.redirection != 0 && receiver.isSubscriber()) {
            receiver.push(new Reply.Push(List.of(Replies.bulk("message"), CHANNEL, keys)));
        }
    }

    boolean isBroadcastDue() {
        return isBroadcastDue;
    }

    /** Tells those of what has changed who have asked for prefixes. */
    void broadcast() {
        if (isBroadcastDue) {
            isBroadcastDue = false;
            broadcasts.values().stream().filter(each -> !each.keys.isEmpty()).forEach(this::tell);
        }
    }

    private void tell(Broadcast broadcast) {
        for (CachingClient each : broadcast.clients) {
            List<Bytes> keys = new ArrayList<>();
            broadcast.keys.forEach((key, by) -> {
                if (!each.is(Option.NOLOOP) || by != each.session) {
                    keys.add(key);
                }
            });
            if (!keys.isEmpty()) {
                tell(each, Replies.bulks(keys));
            }
        }
        broadcast.keys.clear();
    }
}
