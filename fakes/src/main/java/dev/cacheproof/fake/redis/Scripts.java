package dev.cacheproof.fake.redis;

import dev.cacheproof.fake.redis.script.Answer;
import dev.cacheproof.fake.redis.script.Lua51;
import dev.cacheproof.fake.redis.script.Script;
import dev.cacheproof.fake.redis.script.SyntaxError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The scripts that clients have sent, and the Lua that runs them: luaj, an optional dependency that nothing loads before a
 * script arrives.
 *
 * <p>A script holds the engine's lock, as it holds up everybody in redis-server. There, one that takes too long makes the
 * server answer BUSY to all others until somebody kills it; here it is ended after a number of instructions, with an error
 * that says so. What it has written stays written, as after every error of a script.
 *
 * <p>To faults, a script is the one command that its client has sent, EVAL or EVALSHA: a fault on {@code SET} does not
 * strike within a script. One that no client notices, such as a write that is lost, acts on those commands within the script
 * that do what the fault is about. Guarded by the engine's lock.
 */
final class Scripts {

    private static final String ABSENT =
            "ERR scripts need the optional dependency org.luaj:luaj-jse, which is not on the class path";

    private final Supplier<Lua51> starter;
    private final ScriptHost host;
    private final Map<Bytes, Script> scripts = new HashMap<>();
    private @Nullable Lua51 lua;

    Scripts(ScriptHost host) {
        this(host, () -> new Lua51(host));
    }

    Scripts(ScriptHost host, Supplier<Lua51> starter) {
        this.host = host;
        this.starter = starter;
    }

    private Lua51 lua() {
        Lua51 started = lua;
        if (started == null) {
            try {
                started = starter.get();
            } catch (NoClassDefFoundError e) {
                throw new Refusal(ABSENT);
            }
            lua = started;
        }
        return started;
    }

    boolean knows(Bytes sha) {
        return scripts.containsKey(sha);
    }

    /**
     * Keeps a script; returns its digest.
     *
     * @throws Refusal if it is no Lua, or there is no luaj
     */
    String load(Bytes source) {
        Lua51 compiler = lua();
        String sha = Lua51.sha(source.array());
        if (!knows(Bytes.of(sha))) {
            try {
                scripts.put(Bytes.of(sha), compiler.compile(source.array()));
            } catch (SyntaxError e) {
                throw new Refusal("ERR " + e.getMessage());
            }
        }
        return sha;
    }

    /** Forgets all scripts, and what they have set in their libraries. */
    void flush() {
        scripts.clear();
        lua = null;
    }

    Reply run(Call call, String sha, int keys, boolean readOnly) {
        Script script = scripts.get(Bytes.of(sha));
        if (script == null) {
            throw new IllegalStateException("no script " + sha);
        }
        if (readOnly && script.isDeclared() && script.mayWrite()) {
            throw new Refusal("ERR Can not execute a script with write flag using *_ro command.");
        }
        List<byte[]> words = call.wordsFrom(3).stream().map(Bytes::array).toList();
        Answer answer = host.within(
                call,
                readOnly || !script.mayWrite(),
                () -> lua().run(script, words.subList(0, keys), words.subList(keys, words.size())));
        return ScriptReplies.toReply(answer);
    }
}
