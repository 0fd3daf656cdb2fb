package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.redis.script.Answer;
import dev.cacheproof.fake.redis.script.Host;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs the commands of scripts, for a client of its own that waits for nothing. Guarded by the engine's lock. */
final class ScriptHost implements Host {

    private final Engine engine;
    private @Nullable Call outer;
    private @Nullable Session session;
    private boolean readOnly;

    ScriptHost(Engine engine) {
        this.engine = engine;
    }

    /** Lets a script run for a client. */
    Answer within(Call call, boolean mayOnlyRead, Supplier<Answer> script) {
        Session caller = call.session();
        Session own = new Session(caller.id, caller.link, true, call.now());
        own.database = caller.database;
        own.inExec = true;
        outer = call;
        session = own;
        readOnly = mayOnlyRead;
        try {
            return script.get();
        } finally {
            caller.absent += own.absent;
            outer = null;
            session = null;
        }
    }

    @Override
    public Answer call(List<byte[]> words, int protocol) {
        Call script = outer;
        Session own = session;
        if (script == null || own == null) {
            throw new IllegalStateException("no script runs");
        }
        List<Bytes> request = words.stream().map(Bytes::new).toList();
        Command command = find(request);
        String refusal = refusal(command, request);
        if (command == null || refusal != null) {
            return new Answer.Failure(String.valueOf(refusal));
        }
        own.protocol = protocol;
        Distortion distortion = script.distortion().within(command, request);
        return ScriptReplies.toAnswer(engine.run(own, command, request, distortion), protocol);
    }

    @Override
    public boolean knows(List<byte[]> words) {
        Command command = find(words.stream().map(Bytes::new).toList());
        return command != null;
    }

    private static @Nullable Command find(List<Bytes> request) {
        Command command = CommandTable.find(request);
        // A container that was not told which of its commands.
        boolean whole = command != null && (command.runs() || request.size() < 2);
        return whole ? command : null;
    }

    private @Nullable String refusal(@Nullable Command command, List<Bytes> request) {
        if (command == null) {
            String name = request.get(0).lowerCase().text();
            return RealCommands.contains(name) && CommandTable.find(request.get(0)) == null
                    ? "ERR " + name.toUpperCase(Locale.ROOT)
                            + " is not in this fake yet, though redis-server 7.0 knows it"
                    : "ERR Unknown Redis command called from script";
        }
        if (!command.takes(request.size())) {
            return "ERR Wrong number of args calling Redis command from script";
        }
        if (command.is(Command.Trait.NO_SCRIPT)) {
            return "ERR This Redis command is not allowed from script";
        }
        boolean changes = command.is(Command.Trait.WRITE) || command.is(Command.Trait.REPLICATED);
        return readOnly && changes ? "ERR Write commands are not allowed from read-only scripts." : null;
    }

    @Override
    public String version() {
        return ServerCommands.VERSION;
    }
}
