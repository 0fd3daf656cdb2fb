package dev.cacheproof.fake.redis;

import dev.cacheproof.TestClock;
import dev.cacheproof.fake.internal.Attempt;
import dev.cacheproof.fake.redis.RespFrames.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The server behind a proxy: each client has a connection of its own to it, and is answered what that answers. Thread-safe. */
final class Upstream implements Backend {

    /** What would leave a request without its one answer, or turns the connection into something else. */
    private static final Set<String> NEVER_PASSED = Set.of("monitor", "sync", "psync", "client|reply");

    private static final Set<String> SUBSCRIPTIONS =
            Set.of("subscribe", "psubscribe", "ssubscribe", "unsubscribe", "punsubscribe", "sunsubscribe");

    private static final Set<String> BLOCKING = Set.of(
            "blpop",
            "brpop",
            "blmpop",
            "blmove",
            "brpoplpush",
            "bzpopmin",
            "bzpopmax",
            "bzmpop",
            "xread",
            "xreadgroup",
            "wait",
            "waitaof");

    private final InetSocketAddress server;
    private final TestClock clock;
    private final Map<Long, Client> clients = new ConcurrentHashMap<>();
    private final Exchange.History history = new Exchange.History();
    private final AtomicLong numbers = new AtomicLong();

    Upstream(InetSocketAddress server, TestClock clock) {
        this.server = server;
        this.clock = clock;
    }

    @Override
    public Session open(Session.Link link) {
        Session session = new Session(numbers.incrementAndGet(), link, true, clock.millis());
        Client client = new Client(session);
        clients.put(session.id, client);
        try {
            client.line = new UpstreamLine(server, "fake-redis-upstream-" + session.id, client);
        } catch (IOException notConnected) {
            // As far as the client can tell: nobody answers there.
            System.getLogger(Upstream.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "The server behind the proxy, " + server + ", cannot be reached",
                            notConnected);
            session.closing = true;
        }
        return session;
    }

    @Override
    public @Nullable Reply execute(
            Session session, List<Bytes> words, Distortion distortion, @Nullable Footprint trace) {
        Command command = CommandTable.find(words);
        String name = command == null ? words.get(0).lowerCase().text() : command.name();
        if (NEVER_PASSED.contains(name)) {
            return Replies.error(
                    "ERR " + name.toUpperCase(Locale.ROOT).replace('|', ' ') + " cannot go through a proxy");
        }
        Client client = clients.get(session.id);
        UpstreamLine line = client == null ? null : client.line;
        if (client == null || line == null) {
            return Replies.NOTHING;
        }
        if (trace != null) {
            trace.await(command, words, session.database);
        }
        if (trace != null && command != null) {
            trace.ask(command, words, session.database);
        }
        if (client.isBroken && name.equals("exec")) {
            return new Reply.Awaited(client.abort(line));
        }
        boolean changes = command != null && (command.is(Command.Trait.WRITE) || command.is(Command.Trait.SCRIPT));
        if (distortion.isNone() && !(changes && history.isKept())) {
            return new Reply.Awaited(client.ask(line, name, command, words));
        }
        return client.distort(line, history, new Asked(command, name, words), distortion);
    }

    @Override
    public List<Reply> takePushes(Session session) {
        Client client = clients.get(session.id);
        return client == null ? List.of() : client.locked(session::takePushes);
    }

    @Override
    public List<Session> connected() {
        return clients.values().stream().map(client -> client.session).toList();
    }

    @Override
    public void keepHistory(boolean keep) {
        history.keep(keep);
    }

    @Override
    public Optional<Duration> lookAtWaits() {
        return Optional.empty();
    }

    @Override
    public void close(Session session) {
        Client client = clients.remove(session.id);
        UpstreamLine line = client == null ? null : client.line;
        if (line != null) {
            line.close();
        }
    }

    private record Asked(@Nullable Command command, String name, List<Bytes> words) {}

    /** One client, as the server behind the proxy sees it. */
    private static final class Client implements UpstreamLine.Listener {
        private static final int NONE = -1;

        private final Session session;

        /** Guards what the session is to be told. */
        private final ReentrantLock lock = new ReentrantLock();

        private volatile @Nullable UpstreamLine line;

        /** Whether it has begun a transaction, or watches keys for one. Written by the thread that reads the answers. */
        private volatile boolean inTransaction;

        private volatile boolean watches;

        /** The database that its transaction selects. Used by the thread that reads the answers. */
        private int queuedDatabase = NONE;

        /** Whether a command of its transaction was refused here, so that the server must not run the others. */
        private volatile boolean isBroken;

        Client(Session session) {
            this.session = session;
        }

        <T> T locked(Supplier<T> action) {
            lock.lock();
            try {
                return action.get();
            } finally {
                lock.unlock();
            }
        }

        UpstreamReply ask(UpstreamLine line, String name, @Nullable Command command, List<Bytes> words) {
            session.hits = 0;
            session.misses = 0;
            boolean subscribes = SUBSCRIPTIONS.contains(name);
            UpstreamReply[] itself = new UpstreamReply[1];
            UpstreamReply reply = new UpstreamReply(
                    subscribes ? confirmations(name, words) : 1,
                    subscribes ? name : null,
                    BLOCKING.contains(name),
                    frames -> answered(itself[0], new Asked(command, name, words), frames));
            itself[0] = reply;
            if (subscribes) {
                subscribe(name, words);
            }
            send(line, words, reply, reply);
            return reply;
        }

        private static PubSub.Kind kind(String name) {
            return name.startsWith("p")
                    ? PubSub.Kind.PATTERN
                    : name.startsWith("s") && !name.startsWith("sub") ? PubSub.Kind.SHARD_CHANNEL : PubSub.Kind.CHANNEL;
        }

        private int confirmations(String name, List<Bytes> words) {
            return words.size() > 1
                    ? words.size() - 1
                    : Math.max(1, session.subscriptions(kind(name)).size());
        }

        private void subscribe(String name, List<Bytes> words) {
            Set<Bytes> names = session.subscriptions(kind(name));
            if (!name.contains("unsubscribe")) {
                names.addAll(words.subList(1, words.size()));
                session.subscriptionsChanged();
            }
        }

        private void unsubscribe(String name, List<Bytes> words) {
            Set<Bytes> names = session.subscriptions(kind(name));
            if (words.size() > 1) {
                names.removeAll(Set.copyOf(words.subList(1, words.size())));
            } else {
                names.clear();
            }
            session.subscriptionsChanged();
        }

        @Override
        public boolean isLimited() {
            return session.isLimited();
        }

        /** Lets a command run on other entries, or for nothing. */
        Reply distort(UpstreamLine line, Exchange.History history, Asked asked, Distortion distortion) {
            List<Bytes> keys =
                    asked.command() == null ? List.of() : asked.command().keysOf(asked.words());
            if (keys.isEmpty() && distortion.drop()) {
                return Replies.OK; // it removes everything, and nobody is told that it has not
            }
            String where = inTransaction
                    ? " inside of MULTI"
                    : watches
                            ? " of a client that watches keys"
                            : BLOCKING.contains(asked.name()) || keys.isEmpty() ? " " + asked.name() : null;
            if (where != null) {
                if (distortion.isNone()) {
                    return new Reply.Awaited(ask(line, asked.name(), asked.command(), asked.words()));
                }
                isBroken |= inTransaction;
                return Replies.error(
                        "ERR a fault that no client notices cannot strike a command" + where + " through a proxy");
            }
            session.hits = 0;
            session.misses = 0;
            UpstreamReply reply = UpstreamReply.unseen(ignored -> {});
            try {
                new Exchange(
                                line,
                                history,
                                session.database,
                                asked.words(),
                                keys,
                                distortion,
                                frame -> answered(reply, asked, List.of(frame)))
                        .begin();
            } catch (IOException gone) {
                session.closing = true;
                reply.finish(Replies.NOTHING);
            }
            return new Reply.Awaited(reply);
        }

        /** Ends a transaction as a server does that has refused one of its commands. */
        UpstreamReply abort(UpstreamLine line) {
            UpstreamReply reply = UpstreamReply.unseen(ignored -> {});
            UpstreamReply discarded = UpstreamReply.unseen(ignored -> {
                endTransaction();
                reply.finish(Replies.error("EXECABORT Transaction discarded because of previous errors."));
                session.link.wake();
            });
            send(line, List.of(Bytes.of("DISCARD")), discarded, reply);
            return reply;
        }

        private void endTransaction() {
            queuedDatabase = NONE;
            inTransaction = false;
            watches = false;
            isBroken = false;
        }

        private void send(UpstreamLine line, List<Bytes> words, UpstreamReply asked, UpstreamReply waitedFor) {
            try {
                line.send(words, asked);
            } catch (IOException gone) {
                session.closing = true;
                waitedFor.finish(Replies.NOTHING);
            }
        }

        private void answered(UpstreamReply reply, Asked asked, List<Frame> frames) {
            if (!frames.get(0).isError()) {
                learn(asked, frames.get(0));
            } else if (asked.name().equals("exec")) {
                endTransaction();
            }
            reply.finish(reply(frames));
            session.link.wake();
        }

        /** Keeps what later replies depend on. */
        private void learn(Asked before, Frame frame) {
            String name = before.name();
            List<Bytes> words = before.words();
            if (inTransaction && frame.isQueued()) {
                // It has not happened yet.
                queuedDatabase =
                        name.equals("select") ? Integer.parseInt(words.get(1).text()) : queuedDatabase;
                return;
            }
            if (name.contains("unsubscribe")) {
                unsubscribe(name, words);
            }
            switch (name) {
                case "hello" ->
                    session.protocol = words.size() > 1 ? (words.get(1).is("3") ? 3 : 2) : session.protocol;
                case "reset" -> reset();
                case "client|setname" -> session.name = words.get(2).length() == 0 ? null : words.get(2);
                case "client|setinfo" ->
                    session.library = words.get(2).is("LIB-NAME") ? words.get(3).text() : session.library;
                case "quit" -> session.closing = true;
                case "select" ->
                    session.database = Integer.parseInt(words.get(1).text());
                case "multi" -> inTransaction = true;
                case "watch" -> watches = true;
                case "unwatch" -> watches = false;
                case "discard" -> endTransaction();
                case "exec" -> {
                    boolean hasRun = frame.elements() > 0;
                    session.database = hasRun && queuedDatabase != NONE ? queuedDatabase : session.database;
                    endTransaction();
                }
                default -> {}
            }
            Command command = before.command();
            if (command != null && command.kinds().contains(Attempt.Kind.READ)) {
                countHits(frame);
            }
        }

        private void reset() {
            endTransaction();
            session.database = 0;
            session.protocol = 2;
            session.name = null;
            for (PubSub.Kind kind : PubSub.Kind.values()) {
                session.subscriptions(kind).clear();
            }
            session.subscriptionsChanged();
        }

        /** A number does not tell whether there was an entry. */
        private void countHits(Frame frame) {
            boolean isMissing = frame.elements() == 0;
            session.misses = isMissing ? 1 : frame.missing();
            session.hits =
                    isMissing || frame.type() == ':' || frame.type() == '+' ? 0 : frame.elements() - frame.missing();
        }

        private static Reply reply(List<Frame> frames) {
            Frame first = frames.get(0);
            if (first.type() == '-') {
                return new Reply.Failure(first.line(), null);
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            frames.forEach(frame -> all.writeBytes(frame.bytes()));
            return new Reply.Raw(all.toByteArray());
        }

        @Override
        public void told(Frame push) {
            locked(() -> {
                session.push(new Reply.Raw(push.bytes()));
                return push;
            });
        }

        @Override
        public void ended(@Nullable Exception defect) {
            if (defect != null) {
                TcpServer.report("A defect of the proxy, whose connection is closed", defect);
            }
            session.link.disconnect();
        }
    }
}
