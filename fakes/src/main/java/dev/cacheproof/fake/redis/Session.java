package dev.cacheproof.fake.redis;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the server knows about one connection. Guarded by the engine's lock, but for what is volatile. */
final class Session {

    /** How the server reaches the client's end. */
    interface Link {
        String remoteAddress();

        String localAddress();

        /** Says whether the thread that asks is the one that runs the command. */
        default boolean isCallers() {
            return false;
        }

        /** Called with the engine's lock held, so it must not wait. */
        void disconnect();

        /**
         * Sees to it that what began on this connection ends in time: a wait, or the life of a key where somebody is to be
         * told. Called without any lock of the engine's.
         */
        void expectEnd();

        /** Goes on with what has been waited for; called with the engine's lock held, so it must not wait. */
        void wake();

        /** Goes on with what a fault has held back that has ended; called on the serving thread, without any lock. */
        void settle();
    }

    record Queued(Command command, List<Bytes> arguments, Distortion distortion) {}

    record Watched(Database database, Bytes key) {}

    final long id;
    final Link link;
    final long connectedAt;

    /** Read by the connection when it writes a reply. */
    volatile int protocol = 2;

    volatile boolean authenticated;

    /** Set when the connection ends as soon as its replies are sent. */
    volatile boolean closing;

    int database;

    /** What the last command found, and did not find, of the keys that it read. */
    int hits;

    int misses;

    /** What was not found in an entry that was: a miss to whoever asked, but not to the server's statistics. */
    int absent;

    @Nullable
    Bytes name;

    String library = "";
    String libraryVersion = "";
    String lastCommand = "NULL";
    long usedAt;
    boolean evictable = true;
    Answers answers = Answers.ON;

    /** What the client waits for; written where all that wait are kept. */
    @Nullable
    Waiting waiting;

    /** Set while commands of a transaction run, which wait for nothing. */
    boolean inExec;

    /** What the client has subscribed to. */
    private final Map<PubSub.Kind, Set<Bytes>> subscriptions = new EnumMap<>(PubSub.Kind.class);

    private volatile boolean isSubscriber;

    /** What the client is told before the reply to its last command. Used by whoever runs its commands. */
    final List<Reply> ahead = new ArrayList<>();

    /** What it is told behind that reply. Used by whoever runs its commands. */
    final List<Reply> behind = new ArrayList<>();

    /** What the client is to be told and nobody has looked at yet. */
    private final List<Reply> pushes = new ArrayList<>();

    private @Nullable List<Queued> queue;
    private boolean broken;
    private boolean overtaken;
    private final Set<Watched> watched = new LinkedHashSet<>();

    /** What CLIENT REPLY asked for. */
    enum Answers {
        ON,
        OFF,
        SKIP_NEXT,
        SKIP_THIS
    }

    Session(long id, Link link, boolean authenticated, long now) {
        this.id = id;
        this.link = link;
        this.authenticated = authenticated;
        this.connectedAt = now;
        this.usedAt = now;
    }

    /** Returns how to show this connection to a person. */
    String label() {
        Bytes given = name;
        return given == null ? "connection " + id : given.text();
    }

    /** Says whether the client is one that does not wait for the answers to the commands of a transaction. */
    boolean isLettuce() {
        return library.equalsIgnoreCase("lettuce");
    }

    /** Returns what the client has subscribed to, to be changed only where all subscriptions are kept. */
    Set<Bytes> subscriptions(PubSub.Kind kind) {
        return subscriptions.computeIfAbsent(kind, any -> new LinkedHashSet<>());
    }

    void subscriptionsChanged() {
        isSubscriber = subscriptions.values().stream().anyMatch(each -> !each.isEmpty());
    }

    /** Says whether the client has subscribed to something. Any thread may ask. */
    boolean isSubscriber() {
        return isSubscriber;
    }

    /** Says whether the client may do but little, since it could not tell messages from replies. */
    boolean isLimited() {
        return isSubscriber && protocol == 2;
    }

    /** Tells the client something that is no reply. */
    void push(Reply reply) {
        pushes.add(new Reply.Versioned(protocol, reply));
        if (pushes.size() == 1) {
            link.wake();
        }
    }

    /** Returns what the client is to be told, once. */
    List<Reply> takePushes() {
        if (pushes.isEmpty()) {
            return List.of();
        }
        List<Reply> taken = List.copyOf(pushes);
        pushes.clear();
        return taken;
    }

    boolean inTransaction() {
        return queue != null;
    }

    int queued() {
        return queue == null ? -1 : queue.size();
    }

    /** Says whether a command waits for EXEC that a server refuses which is out of memory. */
    boolean needsRoom() {
        return queue != null && queue.stream().anyMatch(each -> each.command.is(Command.Trait.DENYOOM));
    }

    void beginTransaction() {
        queue = new ArrayList<>();
    }

    void enqueue(Command command, List<Bytes> arguments, Distortion distortion) {
        if (queue != null) {
            queue.add(new Queued(command, arguments, distortion));
        }
    }

    /** Notes that a command was refused, so that EXEC refuses them all. */
    void breakTransaction() {
        broken |= queue != null;
    }

    boolean isBroken() {
        return broken;
    }

    boolean isOvertaken() {
        return overtaken;
    }

    void watchedKeyChanged() {
        overtaken = true;
    }

    /** Ends the transaction and forgets the watched keys; returns what was queued. */
    List<Queued> endTransaction() {
        List<Queued> commands = queue == null ? List.of() : queue;
        queue = null;
        broken = false;
        unwatch();
        return commands;
    }

    void watch(Database in, Bytes key) {
        if (watched.add(new Watched(in, key))) {
            in.changes().watch(key, this);
        }
    }

    void unwatch() {
        watched.forEach(each -> each.database().changes().unwatch(each.key(), this));
        watched.clear();
        overtaken = false;
    }
}
