package dev.cacheproof.fake.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The CLIENT commands: what clients say about themselves, and what one may ask about all of them. */
final class ClientCommands {

    private static final String NO_ID = "ERR client-id should be greater than 0";
    private static final String NO_SUCH_CLIENT = "ERR No such client";

    private ClientCommands() {}

    static List<Command> all() {
        List<Command> all = new ArrayList<>(List.of(
                Command.of("client|setinfo", 4, ClientCommands::setinfo),
                Command.of("client|setname", 3, ClientCommands::setname),
                Command.of("client|getname", 2, ClientCommands::getname),
                Command.of("client|id", 2, call -> Replies.integer(call.session().id)),
                Command.of("client|info", 2, call -> Replies.text(describe(call, call.session()) + "\n")),
                Command.of("client|list", -2, ClientCommands::list),
                Command.of("client|kill", -3, ClientCommands::kill),
                Command.of("client|unblock", -3, ClientCommands::unblock),
                Command.of("client|no-evict", 3, ClientCommands::noEvict),
                Command.of("client|reply", 3, ClientCommands::reply)));
        all.addAll(TrackingCommands.all());
        return List.of(Command.container("client", all.toArray(Command[]::new)).refusedInScripts());
    }

    /** Is newer than the rest: redis-server knows it since 7.2, and every current client sends it. */
    private static Reply setinfo(Call call) {
        if (call.is(2, "LIB-NAME")) {
            call.session().library = call.word(3).text();
        } else if (call.is(2, "LIB-VER")) {
            call.session().libraryVersion = call.word(3).text();
        } else {
            throw new Refusal("ERR Unrecognized option '" + call.word(2).printed() + "'");
        }
        return Replies.OK;
    }

    private static Reply setname(Call call) {
        Bytes name = validName(call.word(2));
        call.session().name = name.length() == 0 ? null : name;
        return Replies.OK;
    }

    static Bytes validName(Bytes name) {
        for (byte each : name.array()) {
            if (each < '!' || each > '~') {
                throw new Refusal("ERR Client names cannot contain spaces, newlines or special characters.");
            }
        }
        return name;
    }

    private static Reply getname(Call call) {
        Bytes name = call.session().name;
        return name == null ? Replies.NIL : Replies.bulk(name);
    }

    private static Reply list(Call call) {
        List<Session> sessions = call.engine().sessions();
        if (call.count() == 4 && call.is(2, "TYPE")) {
            requireType(call, 3);
            sessions =
                    sessions.stream().filter(each -> call.is(3, typeOf(each))).toList();
        } else if (call.count() > 3 && call.is(2, "ID")) {
            List<Session> wanted = new ArrayList<>();
            for (int i = 3; i < call.count(); i++) {
                long id = call.integer(i, "ERR Invalid client ID");
                sessions.stream().filter(each -> each.id == id).forEach(wanted::add);
            }
            sessions = wanted;
        } else if (call.count() != 2) {
            throw call.syntaxError();
        }
        StringBuilder lines = new StringBuilder();
        sessions.forEach(each -> lines.append(describe(call, each)).append('\n'));
        return Replies.text(lines.toString());
    }

    private static String typeOf(Session session) {
        return session.isSubscriber() ? "PUBSUB" : "NORMAL";
    }

    private static void requireType(Call call, int index) {
        for (String type : List.of("NORMAL", "REPLICA", "SLAVE", "MASTER", "PUBSUB")) {
            if (call.is(index, type)) {
                return;
            }
        }
        throw new Refusal("ERR Unknown client type '" + call.word(index).printed() + "'");
    }

    private static String describe(Call call, Session session) {
        long now = call.now();
        CachingClient caching = call.engine().tracking().find(session);
        return "id=" + session.id
                + " addr=" + session.link.remoteAddress()
                + " laddr=" + session.link.localAddress()
                + " fd=" + (session.id + 7)
                + " name=" + (session.name == null ? "" : session.name.text())
                + " age=" + Math.max(0, now - session.connectedAt) / 1_000
                + " idle=" + Math.max(0, now - session.usedAt) / 1_000
                + " flags=" + flags(session, caching)
                + " db=" + session.database
                + " sub=" + session.subscriptions(PubSub.Kind.CHANNEL).size()
                + " psub=" + session.subscriptions(PubSub.Kind.PATTERN).size()
                + " ssub=" + session.subscriptions(PubSub.Kind.SHARD_CHANNEL).size()
                + " multi=" + session.queued()
                + " qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=1024 rbp=0 obl=0 oll=0 omem=0 tot-mem=0 events=r"
                + " cmd=" + session.lastCommand
                + " user=default redir=" + TrackingCommands.redirection(caching) + " resp=" + session.protocol
                + " lib-name=" + session.library
                + " lib-ver=" + session.libraryVersion;
    }

    private static String flags(Session session, @Nullable CachingClient caching) {
        String flags = (session.isSubscriber() ? "P" : "")
                + (session.inTransaction() ? "x" : "")
                + (session.waiting != null ? "b" : "")
                + (caching == null ? "" : caching.flags())
                + (session.isOvertaken() ? "d" : "")
                + (session.evictable ? "" : "e");
        return flags.isEmpty() ? "N" : flags;
    }

    private static Reply kill(Call call) {
        if (call.count() == 3) {
            String address = call.word(2).text();
            for (Session each : call.engine().sessions()) {
                if (each.link.remoteAddress().equals(address)) {
                    end(call, each);
                    return Replies.OK;
                }
            }
            throw new Refusal(NO_SUCH_CLIENT);
        }
        Filter filter = Filter.of(call);
        int killed = 0;
        for (Session each : call.engine().sessions()) {
            if (filter.matches(each, call.session())) {
                end(call, each);
                killed++;
            }
        }
        return Replies.integer(killed);
    }

    private static void end(Call call, Session victim) {
        if (victim == call.session()) {
            // Still gets the answer to this very command.
            victim.closing = true;
        } else {
            // Nothing is given to it, nor told it, that comes before its connection is closed.
            call.engine().close(victim);
            victim.link.disconnect();
        }
    }

    private static Reply unblock(Call call) {
        if (call.count() > 4) {
            throw new Refusal("ERR unknown subcommand or wrong number of arguments for '"
                    + call.word(1).printed() + "'. Try CLIENT HELP.");
        }
        boolean fails = call.count() == 4 && call.is(3, "ERROR");
        if (call.count() == 4 && !fails && !call.is(3, "TIMEOUT")) {
            throw new Refusal("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
        }
        long id = call.integer(2);
        for (Session each : call.engine().sessions()) {
            Waiting waiting = each.waiting;
            if (each.id == id && waiting != null) {
                Reply reply = fails ? Replies.error("UNBLOCKED client unblocked via CLIENT UNBLOCK") : waiting.inVain;
                call.engine().waits().finish(waiting, reply);
                return Replies.ONE;
            }
        }
        return Replies.ZERO;
    }

    /** Which connections CLIENT KILL ends. */
    private record Filter(
            @Nullable Long id,
            @Nullable String remote,
            @Nullable String local,
            @Nullable String type,
            boolean skipMe) {

        static Filter of(Call call) {
            Long id = null;
            String remote = null;
            String local = null;
            String type = null;
            boolean skipMe = true;
            for (int i = 2; i < call.count(); i += 2) {
                if (i + 1 == call.count()) {
                    throw call.syntaxError();
                }
                String value = call.word(i + 1).text();
                switch (call.word(i).text().toUpperCase(Locale.ROOT)) {
                    case "ID" -> id = positiveId(call, i + 1);
                    case "ADDR" -> remote = value;
                    case "LADDR" -> local = value;
                    case "USER" -> requireUser(call, i + 1);
                    case "TYPE" -> {
                        requireType(call, i + 1);
                        type = value.toUpperCase(Locale.ROOT);
                    }
                    case "SKIPME" -> skipMe = !no(call, i + 1);
                    default -> throw call.syntaxError();
                }
            }
            return new Filter(id, remote, local, type, skipMe);
        }

        private static long positiveId(Call call, int index) {
            long id = call.integer(index, NO_ID);
            if (id < 1) {
                throw new Refusal(NO_ID);
            }
            return id;
        }

        private static void requireUser(Call call, int index) {
            if (!call.word(index).text().equals("default")) {
                throw new Refusal("ERR No such user '" + call.word(index).printed() + "'");
            }
        }

        private static boolean no(Call call, int index) {
            if (!call.is(index, "NO") && !call.is(index, "YES")) {
                throw call.syntaxError();
            }
            return call.is(index, "NO");
        }

        boolean matches(Session each, Session caller) {
            return (type == null || type.equals(typeOf(each)))
                    && (id == null || id == each.id)
                    && (remote == null || remote.equals(each.link.remoteAddress()))
                    && (local == null || local.equals(each.link.localAddress()))
                    && !(skipMe && each == caller);
        }
    }

    private static Reply noEvict(Call call) {
        if (!call.is(2, "ON") && !call.is(2, "OFF")) {
            throw call.syntaxError();
        }
        call.session().evictable = call.is(2, "OFF");
        return Replies.OK;
    }

    private static Reply reply(Call call) {
        Session session = call.session();
        if (call.is(2, "ON")) {
            session.answers = Session.Answers.ON;
        } else if (call.is(2, "OFF")) {
            session.answers = Session.Answers.OFF;
        } else if (call.is(2, "SKIP")) {
            if (session.answers != Session.Answers.OFF) {
                session.answers = Session.Answers.SKIP_NEXT;
            }
        } else {
            throw call.syntaxError();
        }
        return Replies.OK;
    }
}
