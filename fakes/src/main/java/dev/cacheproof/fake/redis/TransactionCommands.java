package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.IMMEDIATE;
import static dev.cacheproof.fake.redis.Command.Trait.NO_SCRIPT;

import java.util.ArrayList;
import java.util.List;

/** Commands that run together, or not at all. */
final class TransactionCommands {

    private TransactionCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("multi", 1, TransactionCommands::multi, IMMEDIATE, NO_SCRIPT),
                Command.of("exec", 1, TransactionCommands::exec, IMMEDIATE, NO_SCRIPT),
                Command.of("discard", 1, TransactionCommands::discard, IMMEDIATE, NO_SCRIPT),
                Command.of("watch", -2, TransactionCommands::watch, IMMEDIATE, NO_SCRIPT)
                        .keys(1, -1, 1),
                Command.of("unwatch", 1, TransactionCommands::unwatch, NO_SCRIPT));
    }

    private static Reply multi(Call call) {
        if (call.session().inTransaction()) {
            throw new Refusal("ERR MULTI calls can not be nested");
        }
        call.session().beginTransaction();
        return Replies.OK;
    }

    private static Reply exec(Call call) {
        Session session = call.session();
        if (!session.inTransaction()) {
            throw new Refusal("ERR EXEC without MULTI");
        }
        boolean broken = session.isBroken();
        boolean overtaken = session.isOvertaken();
        List<Session.Queued> commands = session.endTransaction();
        if (broken) {
            throw new Refusal("EXECABORT Transaction discarded because of previous errors.");
        }
        if (overtaken) {
            return Replies.NIL_ARRAY;
        }
        session.inExec = true;
        try {
            List<Reply> replies = new ArrayList<>();
            for (Session.Queued each : commands) {
                Reply reply = call.engine().run(session, each.command(), each.arguments(), each.distortion());
                // HELLO and RESET, too, may stand in a transaction: what follows is then written in another version.
                Reply versioned = new Reply.Versioned(session.protocol, reply);
                List<Reply> told = new ArrayList<>(session.takePushes());
                told.add(versioned);
                replies.add(new Reply.Sequence(told));
            }
            return Replies.array(replies);
        } finally {
            session.inExec = false;
        }
    }

    private static Reply discard(Call call) {
        if (!call.session().inTransaction()) {
            throw new Refusal("ERR DISCARD without MULTI");
        }
        call.session().endTransaction();
        return Replies.OK;
    }

    private static Reply watch(Call call) {
        if (call.session().inTransaction()) {
            throw new Refusal("ERR WATCH inside MULTI is not allowed");
        }
        // A key that changed before it was watched again stays changed.
        for (Bytes key : call.wordsFrom(1)) {
            call.session().watch(call.database(), key);
        }
        return Replies.OK;
    }

    private static Reply unwatch(Call call) {
        call.session().unwatch();
        return Replies.OK;
    }
}
