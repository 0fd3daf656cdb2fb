package dev.cacheproof.fake.redis;

import static dev.cacheproof.fake.redis.Command.Trait.NO_SCRIPT;
import static dev.cacheproof.fake.redis.Command.Trait.READONLY;
import static dev.cacheproof.fake.redis.Command.Trait.SCRIPT;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Commands that run scripts. */
final class ScriptCommands {

    private static final int SHA_LENGTH = 40;
    private static final String NO_MATCH = "NOSCRIPT No matching script. Please use EVAL.";

    private ScriptCommands() {}

    static List<Command> all() {
        return List.of(
                Command.of("eval", -3, call -> eval(call, false), SCRIPT, NO_SCRIPT)
                        .countedKeys(2),
                Command.of("evalsha", -3, call -> evalsha(call, false), SCRIPT, NO_SCRIPT)
                        .countedKeys(2),
                Command.of("eval_ro", -3, call -> eval(call, true), SCRIPT, READONLY, NO_SCRIPT)
                        .countedKeys(2),
                Command.of("evalsha_ro", -3, call -> evalsha(call, true), SCRIPT, READONLY, NO_SCRIPT)
                        .countedKeys(2),
                Command.container(
                        "script",
                        Command.of("script|load", 3, ScriptCommands::load, NO_SCRIPT),
                        Command.of("script|exists", -3, ScriptCommands::exists, NO_SCRIPT),
                        Command.of("script|flush", -2, ScriptCommands::flush, NO_SCRIPT),
                        Command.of("script|kill", 2, ScriptCommands::kill, NO_SCRIPT),
                        Command.of("script|debug", 3, ScriptCommands::debug, NO_SCRIPT),
                        Command.of("script|help", 2, call -> help())));
    }

    private static Reply eval(Call call, boolean readOnly) {
        int keys = countKeys(call);
        Scripts scripts = call.engine().scripts();
        return scripts.run(call, scripts.load(call.word(1)), keys, readOnly);
    }

    private static Reply evalsha(Call call, boolean readOnly) {
        Scripts scripts = call.engine().scripts();
        Bytes sha = call.word(1).lowerCase();
        if (sha.length() != SHA_LENGTH) {
            throw new Refusal(NO_MATCH);
        }
        int keys = countKeys(call);
        if (!scripts.knows(sha)) {
            throw new Refusal(NO_MATCH);
        }
        return scripts.run(call, sha.text(), keys, readOnly);
    }

    private static int countKeys(Call call) {
        long keys = call.integer(2);
        if (keys > call.count() - 3) {
            throw new Refusal("ERR Number of keys can't be greater than number of args");
        }
        if (keys < 0) {
            throw new Refusal("ERR Number of keys can't be negative");
        }
        return (int) keys;
    }

    private static Reply load(Call call) {
        return Replies.bulk(call.engine().scripts().load(call.word(2)));
    }

    private static Reply exists(Call call) {
        List<Reply> known = new ArrayList<>();
        for (Bytes each : call.wordsFrom(2)) {
            known.add(call.engine().scripts().knows(each.lowerCase()) ? Replies.ONE : Replies.ZERO);
        }
        return Replies.array(known);
    }

    private static Reply flush(Call call) {
        boolean known = call.count() == 2 || (call.count() == 3 && (call.is(2, "SYNC") || call.is(2, "ASYNC")));
        if (!known) {
            throw new Refusal("ERR SCRIPT FLUSH only support SYNC|ASYNC option");
        }
        call.engine().scripts().flush();
        return Replies.OK;
    }

    /** No script runs while another command does: one that takes too long is ended, see {@link Scripts}. */
    private static Reply kill(Call call) {
        throw new Refusal("NOTBUSY No scripts in execution right now.");
    }

    private static Reply debug(Call call) {
        if (call.is(2, "NO")) {
            return Replies.OK;
        }
        if (call.is(2, "YES") || call.is(2, "SYNC")) {
            throw new Refusal("ERR the debugger of scripts is not in this fake");
        }
        throw new Refusal("ERR Use SCRIPT DEBUG YES/SYNC/NO");
    }

    private static Reply help() {
        return Replies.array(Stream.of(
                        "SCRIPT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
                        "DEBUG (YES|SYNC|NO)",
                        "    Set the debug mode for subsequent scripts executed.",
                        "EXISTS <sha1> [<sha1> ...]",
                        "    Return information about the existence of the scripts in the script cache.",
                        "FLUSH [ASYNC|SYNC]",
                        "    Flush the Lua scripts cache. Very dangerous on replicas.",
                        "    When called without the optional mode argument, the behavior is determined by the",
                        "    lazyfree-lazy-user-flush configuration directive. Valid modes are:",
                        "    * ASYNC: Asynchronously flush the scripts cache.",
                        "    * SYNC: Synchronously flush the scripts cache.",
                        "KILL",
                        "    Kill the currently executing Lua script.",
                        "LOAD <script>",
                        "    Load a script into the scripts cache without executing it.",
                        "HELP",
                        "    Prints this help.")
                .map(Replies::status)
                .toList());
    }
}
