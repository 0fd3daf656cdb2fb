package dev.cacheproof.fake.redis.script;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apiguardian.api.API;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.compiler.LuaC;

/**
 * The Lua of one server. Scripts see what they see in redis-server 7.0, which has Lua 5.1, and nothing of the machine. They
 * run for a number of instructions, not for a time, so that a script without an end fails in each run alike.
 *
 * <p>Made equal, though luaj knows Lua 5.2: the libraries, the texts and the lines of errors, how numbers print and compare,
 * in which order tables are walked, how long a table with holes is, random numbers, what is a syntax error. Refused with a
 * text that says so: {@code goto} and {@code _ENV} as names, coroutines, weak tables, a dump of a function, strings of more
 * than 64 MiB, what nests deeper than the stack of the thread. Other than there: zero has no sign, what is not a number
 * prints as {@code -nan}, a tail call takes a place on the stack, which overflows at 1000 calls, {@code __len} works on
 * tables, functions that take any arguments have no local {@code arg}, and addresses and the order of keys that are tables
 * are those of this process. An error that is a table without a text, with which redis-server 7.0 crashes, is an empty one.
 *
 * <p>Used by one thread at a time.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Lua51 {

    private static final String NAME = "@user_script";

    private final Machine machine;
    private final ScriptGlobals globals;
    private final RedisFunctions redis;

    /**
     * Makes the environment of scripts.
     *
     * @param host runs their commands
     */
    public Lua51(Host host) {
        LibraryTable strings = new LibraryTable();
        this.machine = new Machine(strings);
        this.globals = new ScriptGlobals(machine);
        this.redis = new RedisFunctions(host, machine);
        LuaC.install(globals);
        globals.debuglib = machine;
        BaseFunctions.addTo(globals, machine);
        StringFunctions.addTo(new Library(machine, strings));
        globals.rawset("string", strings);
        globals.rawset("table", TableFunctions.library(machine));
        globals.rawset("math", new MathFunctions().library(machine));
        globals.rawset("bit", BitFunctions.library(machine));
        globals.rawset("cjson", JsonFunctions.library(machine));
        globals.rawset("cmsgpack", MessagePack.library(machine));
        globals.rawset("struct", StructFunctions.library(machine));
        globals.rawset("redis", redis.library());
    }

    /**
     * Compiles a script.
     *
     * @param source as the client has sent it
     * @return the script
     * @throws SyntaxError if it is none
     */
    public Script compile(byte[] source) throws SyntaxError {
        String sha = sha(source);
        Flags flags = Flags.read(new String(source, StandardCharsets.ISO_8859_1));
        byte[] body = Arrays.copyOfRange(source, flags.body(), source.length);
        try {
            return new Script(sha, flags, Chunks.compile(globals, body, NAME));
        } catch (SyntaxError e) {
            throw new SyntaxError("Error compiling script (new function): " + e.getMessage());
        }
    }

    /**
     * Returns the digest of a script.
     *
     * @param source as the client has sent it
     * @return 40 digits
     */
    public static String sha(byte[] source) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(source));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Runs a script.
     *
     * @param script what {@link #compile} has returned
     * @param keys what it finds in KEYS
     * @param arguments what it finds in ARGV
     * @return what it returns, or the error that it ends with
     */
    public Answer run(Script script, List<byte[]> keys, List<byte[]> arguments) {
        machine.begin();
        redis.begin();
        globals.rawset("KEYS", strings(keys));
        globals.rawset("ARGV", strings(arguments));
        try {
            return Answers.toAnswer(script.function().invoke(LuaValue.NONE).arg1(), redis.protocol(), 0);
        } catch (LuaError e) {
            return failure(raised(machine, e), script.sha());
        } catch (OutOfBudget e) {
            return new Answer.Failure(String.valueOf(e.getMessage()));
        } catch (StackOverflowError e) {
            return new Answer.Failure("ERR the script nests deeper than the stack of the fake's thread is");
        }
    }

    private static LuaTable strings(List<byte[]> all) {
        LuaTable table = new HashedTable();
        for (int i = 0; i < all.size(); i++) {
            table.rawset(i + 1, LuaString.valueOf(all.get(i)));
        }
        return table;
    }

    private static Answer failure(Raised raised, String sha) {
        LuaTable error = raised.handled();
        LuaString text = Values.string(error.rawget("err"));
        return new Answer.Failure((text == null ? "" : Answers.line(text)) + " script: " + sha + ", on " + raised.source
                + ":" + raised.line + ".");
    }

    /** What luaj raises itself becomes what scripts raise; what is a mistake of the fake's is none of the script's. */
    static Raised raised(Machine machine, LuaError error) {
        if (error instanceof Raised raised) {
            return raised;
        }
        Throwable cause = error.getCause();
        if (cause instanceof RuntimeException exception) {
            throw new IllegalStateException("A script could not run: " + exception, exception);
        }
        return machine.wrong(String.valueOf(error.getMessage()).strip());
    }
}
