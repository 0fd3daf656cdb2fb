package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.HANDSHAKE;
import static dev.cacheproof.fake.redis.Command.Trait.IMMEDIATE;
import static dev.cacheproof.fake.redis.Command.Trait.NO_AUTH;
import static dev.cacheproof.fake.redis.Command.Trait.NO_SCRIPT;
import static dev.cacheproof.fake.redis.Command.Trait.SUBSCRIBER;

import java.util.List;

/** What a client says before it gets to work. */
final class ConnectionCommands {

    static final String NO_DATABASE = "ERR DB index is out of range";

    private static final int RESP2 = 2;
    private static final int RESP3 = 3;
    private static final String WRONG_PASSWORD = "WRONGPASS invalid username-password pair or user is disabled.";
    private static final Bytes DEFAULT_USER = Bytes.of("default");

    private ConnectionCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("hello", -1, ConnectionCommands::hello, NO_AUTH, HANDSHAKE, NO_SCRIPT),
                Command.of("auth", -2, ConnectionCommands::auth, NO_AUTH, HANDSHAKE, NO_SCRIPT),
                Command.of("select", 2, ConnectionCommands::select, HANDSHAKE),
                Command.of("ping", -1, ConnectionCommands::ping, SUBSCRIBER),
                Command.of("echo", 2, call -> Replies.bulk(call.word(1))),
                Command.of("quit", -1, ConnectionCommands::quit, NO_AUTH, IMMEDIATE, SUBSCRIBER, NO_SCRIPT),
                Command.of("reset", 1, ConnectionCommands::reset, NO_AUTH, IMMEDIATE, SUBSCRIBER, NO_SCRIPT));
    }

    private static Reply hello(Call call) {
        Session session = call.session();
        int protocol = session.protocol;
        if (call.count() > 1) {
            long wanted = call.integer(1, "ERR Protocol version is not an integer or out of range");
            if (wanted != RESP2 && wanted != RESP3) {
                throw new Refusal("NOPROTO unsupported protocol version");
            }
            protocol = (int) wanted;
        }
        Bytes name = null;
        for (int i = 2; i < call.count(); i++) {
            if (call.is(i, "AUTH") && i + 2 < call.count()) {
                logIn(call, call.word(i + 1), call.word(i + 2));
                i += 2;
            } else if (call.is(i, "SETNAME") && i + 1 < call.count()) {
                name = ClientCommands.validName(call.word(++i));
            } else {
                throw new Refusal(
                        "ERR Syntax error in HELLO option '" + call.word(i).printed() + "'");
            }
        }
        if (!session.authenticated) {
            throw new Refusal(
                    "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto>"
                            + " AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol"
                            + " version at the same time");
        }
        if (name != null) {
            session.name = name.length() == 0 ? null : name;
        }
        session.protocol = protocol;
        return greeting(call);
    }

    private static Reply greeting(Call call) {
        Session session = call.session();
        return Replies.pairs(
                Replies.bulk("server"), Replies.bulk("redis"),
                Replies.bulk("version"), Replies.bulk(call.engine().version()),
                Replies.bulk("proto"), Replies.integer(session.protocol),
                Replies.bulk("id"), Replies.integer(session.id),
                Replies.bulk("mode"), Replies.bulk("standalone"),
                Replies.bulk("role"), Replies.bulk("master"),
                Replies.bulk("modules"), Replies.EMPTY_ARRAY);
    }

    private static Reply auth(Call call) {
        if (call.count() > 3) {
            throw call.syntaxError();
        }
        if (call.count() == 2 && !call.engine().needsPassword()) {
            throw new Refusal(
                    "ERR AUTH <password> called without any password configured for the default user. Are you sure"
                            + " your configuration is correct?");
        }
        logIn(call, call.count() == 2 ? DEFAULT_USER : call.word(1), call.word(call.count() - 1));
        return Replies.OK;
    }

    private static void logIn(Call call, Bytes user, Bytes password) {
        if (!call.engine().accepts(user, password)) {
            throw new Refusal(WRONG_PASSWORD);
        }
        call.session().authenticated = true;
    }

    private static Reply select(Call call) {
        int number = call.smallInteger(1);
        if (!call.engine().hasDatabase(number)) {
            throw new Refusal(NO_DATABASE);
        }
        call.session().database = number;
        return Replies.OK;
    }

    private static Reply ping(Call call) {
        if (call.count() > 2) {
            throw call.wrongArity();
        }
        if (call.session().isLimited()) {
            Reply echo = call.count() == 2 ? Replies.bulk(call.word(1)) : Replies.bulk("");
            return Replies.array(List.of(Replies.bulk("pong"), echo));
        }
        return call.count() == 2 ? Replies.bulk(call.word(1)) : Replies.status("PONG");
    }

    private static Reply quit(Call call) {
        call.session().closing = true;
        return Replies.OK;
    }

    private static Reply reset(Call call) {
        Session session = call.session();
        session.endTransaction();
        call.engine().pubSub().leave(session);
        call.engine().tracking().disable(session);
        session.database = 0;
        session.protocol = RESP2;
        session.name = null;
        session.evictable = true;
        session.answers = Session.Answers.ON;
        session.authenticated = !call.engine().needsPassword();
        return Replies.status("RESET");
    }
}
