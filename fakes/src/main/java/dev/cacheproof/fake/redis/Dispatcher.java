package dev.cacheproof.fake.redis;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a request before its command runs, in the order of redis-server's {@code processCommand}. */
final class Dispatcher {

    private static final int LONGEST_NAME = 128;
    private static final String FULL = "OOM command not allowed when used memory > 'maxmemory'.";
    private static final Set<String> ALWAYS_ALLOWED = Set.of("discard", "multi", "quit", "reset");

    private Dispatcher() {}

    /** Answers a request; null where the client asked for no answer. The caller holds the engine's lock. */
    static @Nullable Reply dispatch(Engine engine, Session session, List<Bytes> words, Distortion distortion) {
        Session.Answers before = session.answers;
        Reply reply = answer(engine, session, words, distortion);
        session.usedAt = engine.now();
        if (session.answers == Session.Answers.ON) {
            return reply;
        }
        if (before == Session.Answers.SKIP_THIS) {
            session.answers = Session.Answers.ON;
        } else if (session.answers == Session.Answers.SKIP_NEXT) {
            session.answers = Session.Answers.SKIP_THIS;
        }
        if (reply instanceof Reply.Awaited awaited) {
            awaited.pending().silence();
            return reply;
        }
        return null;
    }

    private static Reply answer(Engine engine, Session session, List<Bytes> words, Distortion distortion) {
        Command command = CommandTable.find(words.get(0));
        if (command == null) {
            if (words.get(0).is("POST") || words.get(0).is("HOST:")) {
                // A browser that was tricked into talking to a cache must not be listened to.
                session.closing = true;
                return Replies.NOTHING;
            }
            return refuseUnknown(
                    session,
                    words.get(0).lowerCase().text(),
                    "ERR unknown command '" + words.get(0).printed(LONGEST_NAME) + "', with args beginning with: "
                            + beginning(words));
        }
        if (command.hasSubcommands() && words.size() > 1) {
            Command subcommand = command.subcommand(words.get(1));
            if (subcommand == null) {
                return refuseUnknown(
                        session,
                        command.name() + "|" + words.get(1).lowerCase().text(),
                        "ERR unknown subcommand '" + words.get(1).printed(LONGEST_NAME) + "'. Try "
                                + command.name().toUpperCase(Locale.ROOT) + " HELP.");
            }
            command = subcommand;
        }
        return checked(engine, session, command, words, distortion);
    }

    private static Reply checked(
            Engine engine, Session session, Command command, List<Bytes> words, Distortion distortion) {
        if (!command.takes(words.size())) {
            return refuse(session, command, "wrong number of arguments for '" + command.name() + "' command");
        }
        if (!session.authenticated && !command.is(Command.Trait.NO_AUTH)) {
            return refuse(session, "NOAUTH Authentication required.");
        }
        if (engine.eviction().isFull() && needsRoom(session, command)) {
            return refuseForRoom(session, command);
        }
        if (session.isLimited() && !command.is(Command.Trait.SUBSCRIBER)) {
            return refuse(
                    session,
                    command,
                    "Can't execute '" + command.name()
                            + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET"
                            + " are allowed in this context");
        }
        session.lastCommand = command.name();
        if (session.inTransaction()) {
            if (command.is(Command.Trait.NO_MULTI)) {
                return refuse(session, "ERR Command not allowed inside a transaction");
            }
            if (!command.is(Command.Trait.IMMEDIATE)) {
                session.enqueue(command, words, distortion);
                return Replies.QUEUED;
            }
        }
        return engine.run(session, command, words, distortion);
    }

    /** Says whether it may take room, as all does that has to wait for EXEC. */
    private static boolean needsRoom(Session session, Command command) {
        boolean isExec = command.name().equals("exec");
        return command.is(Command.Trait.DENYOOM)
                || (isExec && session.needsRoom())
                || (session.inTransaction() && !isExec && !ALWAYS_ALLOWED.contains(command.name()));
    }

    private static Reply refuseForRoom(Session session, Command command) {
        if (command.name().equals("exec")) {
            session.endTransaction();
            return Replies.error("EXECABORT Transaction discarded because of: " + FULL);
        }
        return refuse(session, FULL);
    }

    private static Reply refuse(Session session, Command command, String error) {
        if (command.name().equals("exec")) {
            session.endTransaction();
            return Replies.error("EXECABORT Transaction discarded because of: " + error);
        }
        return refuse(session, "ERR " + error);
    }

    private static Reply refuse(Session session, String error) {
        session.breakTransaction();
        return Replies.error(error);
    }

    private static Reply refuseUnknown(Session session, String name, String error) {
        session.breakTransaction();
        return new Reply.Failure(error, name);
    }

    /** Quotes the arguments until there are 128 characters. */
    private static String beginning(List<Bytes> words) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < words.size() && text.length() < LONGEST_NAME; i++) {
            String word = words.get(i).printed(LONGEST_NAME - text.length());
            text.append('\'').append(word).append("' ");
        }
        return text.toString();
    }
}
