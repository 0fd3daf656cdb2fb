package dev.cacheproof.fake.redis.script;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The library {@code redis}: how a script reaches the server. */
final class RedisFunctions {

    private static final int REPLICA = 2;
    private static final int ALL = 3;
    private static final int WARNING = 3;

    /** For how many instructions a command counts. */
    private static final int COST = 100;

    private final Host host;
    private final Machine machine;
    private int protocol = 2;

    RedisFunctions(Host host, Machine machine) {
        this.host = host;
        this.machine = machine;
    }

    void begin() {
        protocol = 2;
    }

    int protocol() {
        return protocol;
    }

    LibraryTable library() {
        Library library = new Library(machine)
                .add("call", call -> run(call, true))
                .add("pcall", call -> run(call, false))
                .add("error_reply", this::errorReply)
                .add("status_reply", this::statusReply)
                .add("sha1hex", this::sha1hex)
                .add("log", this::log)
                .add("setresp", this::setresp)
                .add("replicate_commands", call -> LuaValue.TRUE)
                .add("set_repl", this::setRepl)
                // Nobody debugs a script in the fake, nor does anybody see a log.
                .add("breakpoint", call -> LuaValue.FALSE)
                .add("debug", call -> LuaValue.NONE)
                .add("acl_check_cmd", this::checkCommand);
        return addConstants(library).table();
    }

    private Library addConstants(Library library) {
        String[] levels = {"LOG_DEBUG", "LOG_VERBOSE", "LOG_NOTICE", "LOG_WARNING"};
        for (int i = 0; i < levels.length; i++) {
            library.add(levels[i], LuaValue.valueOf(i));
        }
        int number = 0;
        for (String part : host.version().split("\\.", -1)) {
            number = number << Byte.SIZE | Integer.parseInt(part);
        }
        return library.add("REPL_NONE", LuaValue.valueOf(0))
                .add("REPL_AOF", LuaValue.valueOf(1))
                .add("REPL_SLAVE", LuaValue.valueOf(REPLICA))
                .add("REPL_REPLICA", LuaValue.valueOf(REPLICA))
                .add("REPL_ALL", LuaValue.valueOf(ALL))
                .add("REDIS_VERSION", NumberText.bytes(host.version()))
                .add("REDIS_VERSION_NUM", LuaValue.valueOf(number));
    }

    private Varargs run(Arguments call, boolean raising) {
        if (call.count() == 0) {
            return failed(failure("ERR Please specify at least one argument for this redis lib call"), raising);
        }
        List<byte[]> words = words(call);
        if (words.size() < call.count()) {
            return failed(failure("ERR Lua redis lib command arguments must be strings or integers"), raising);
        }
        machine.spend(COST);
        Answer answer = host.call(words, protocol);
        LuaValue value = Answers.toLua(answer);
        return answer instanceof Answer.Failure ? failed(value, raising) : value;
    }

    private Varargs failed(LuaValue error, boolean raising) {
        if (raising) {
            throw machine.raise(error);
        }
        return error;
    }

    /** Reads the words up to one that is none. */
    private static List<byte[]> words(Arguments call) {
        List<byte[]> words = new ArrayList<>();
        for (int i = 1; i <= call.count(); i++) {
            LuaValue value = call.value(i);
            if (Values.isNumber(value)) {
                words.add(NumberText.general(value.todouble(), 17).getBytes(StandardCharsets.US_ASCII));
            } else if (Values.isString(value)) {
                LuaString string = (LuaString) value;
                byte[] bytes = new byte[string.m_length];
                string.copyInto(0, bytes, 0, bytes.length);
                words.add(bytes);
            } else {
                return words;
            }
        }
        return words;
    }

    private Varargs errorReply(Arguments call) {
        if (call.count() != 1 || !Values.isString(call.value(1))) {
            return failure("ERR wrong number or type of arguments");
        }
        String text = Answers.line(call.value(1));
        String plain = (text.startsWith("-") ? text.substring(1) : text).replaceAll("[\r\n]+$", "");
        return failure(text.indexOf(' ') >= 0 ? plain : "ERR " + plain);
    }

    private static LuaTable failure(String text) {
        return Answers.single("err", NumberText.bytes(text));
    }

    private Varargs statusReply(Arguments call) {
        return call.count() == 1 && Values.isString(call.value(1))
                ? Answers.single("ok", call.value(1))
                : failure("ERR wrong number or type of arguments");
    }

    private Varargs sha1hex(Arguments call) {
        if (call.count() != 1) {
            throw wrong("wrong number of arguments");
        }
        LuaString text = Values.string(call.value(1));
        byte[] bytes = text == null ? new byte[0] : NumberText.text(text).getBytes(StandardCharsets.ISO_8859_1);
        return NumberText.bytes(Lua51.sha(bytes));
    }

    /** Raises an error of the server's, which has a code, and no position in its text. */
    private Raised wrong(String text) {
        return machine.raise(failure("ERR " + text));
    }

    private Varargs log(Arguments call) {
        if (call.count() < 2) {
            throw wrong("redis.log() requires two arguments or more.");
        }
        if (!Values.isNumber(call.value(1))) {
            throw wrong("First argument must be a number (log level).");
        }
        if (call.integer(1) < 0 || call.integer(1) > WARNING) {
            throw wrong("Invalid debug level.");
        }
        return LuaValue.NONE;
    }

    private Varargs setresp(Arguments call) {
        if (call.count() != 1) {
            throw wrong("redis.setresp() requires one argument.");
        }
        Double wanted = Values.number(call.value(1));
        if (wanted == null || (wanted.intValue() != 2 && wanted.intValue() != 3)) {
            throw wrong("RESP version must be 2 or 3.");
        }
        protocol = wanted.intValue();
        return LuaValue.NONE;
    }

    private Varargs setRepl(Arguments call) {
        if (call.count() != 1) {
            throw wrong("redis.set_repl() requires two arguments.");
        }
        Double flags = Values.number(call.value(1));
        if (flags != null && (flags.longValue() & ~ALL) != 0) {
            throw wrong("Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.");
        }
        return LuaValue.NONE;
    }

    private Varargs checkCommand(Arguments call) {
        if (call.count() == 0) {
            throw wrong("Please specify at least one argument for this redis lib call");
        }
        List<byte[]> words = words(call);
        if (words.size() < call.count()) {
            throw wrong("Lua redis lib command arguments must be strings or integers");
        }
        if (!host.knows(words)) {
            throw wrong("Invalid command passed to redis.acl_check_cmd()");
        }
        return LuaValue.TRUE;
    }
}
