package dev.cacheproof.fake.redis.script;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.luaj.vm2.Globals;
import org.luaj.vm2.Lua;
import org.luaj.vm2.LuaClosure;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.Prototype;

/** Compiles Lua. */
final class Chunks {

    private static final int LONGEST_NAME = 60;
    private static final int LONGEST_IN_ERROR = 80;
    private static final String DOTS = "...";

    private Chunks() {}

    static LuaClosure compile(Globals globals, byte[] source, String name) throws SyntaxError {
        String text = new String(source, StandardCharsets.ISO_8859_1);
        String translated = Grammar.check(text, shortName(name, LONGEST_IN_ERROR));
        byte[] bytes = translated.getBytes(StandardCharsets.ISO_8859_1);
        try {
            Prototype code = globals.compilePrototype(new ByteArrayInputStream(bytes), "=?");
            rename(code, name);
            return new LuaClosure(code, globals);
        } catch (LuaError e) {
            // By the grammar it is Lua: it has more names than fit into a function, or the like.
            throw new SyntaxError(shortName(name, LONGEST_IN_ERROR)
                    + String.valueOf(e.getMessage()).strip().replaceFirst("^\\?", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The compiler is given a name of its own: it makes another short form of a long one. */
    private static void rename(Prototype code, String name) {
        code.source = NumberText.bytes(name);
        keepFrames(code.code);
        for (Prototype each : code.p) {
            rename(each, name);
        }
    }

    /** Makes plain calls of tail calls: luaj would forget the line of the caller before the call begins. */
    private static void keepFrames(int[] code) {
        for (int i = 0; i < code.length; i++) {
            if (Lua.GET_OPCODE(code[i]) == Lua.OP_TAILCALL) {
                code[i] = (code[i] & ~0x3F) | Lua.OP_CALL;
            }
        }
    }

    /** Says whether a call is one that was a tail call: all that it returns is returned. */
    static boolean isTail(int call, int next) {
        return Lua.GET_OPCODE(call) == Lua.OP_CALL
                && Lua.GETARG_C(call) == 0
                && Lua.GET_OPCODE(next) == Lua.OP_RETURN
                && Lua.GETARG_A(next) == Lua.GETARG_A(call);
    }

    /** Returns the name of a chunk as errors show it. */
    static String shortName(String name) {
        return shortName(name, LONGEST_NAME);
    }

    private static String shortName(String name, int most) {
        if (name.startsWith("=")) {
            return name.substring(1, Math.min(name.length(), most));
        }
        if (name.startsWith("@")) {
            String rest = name.substring(1);
            int longest = most - " '...' ".length() - 1;
            return rest.length() <= longest ? rest : DOTS + rest.substring(rest.length() - longest);
        }
        int longest = most - " [string \"...\"] ".length() - 1;
        int lineEnd = 0;
        while (lineEnd < name.length() && name.charAt(lineEnd) != '\n' && name.charAt(lineEnd) != '\r') {
            lineEnd++;
        }
        int length = Math.min(lineEnd, longest);
        return "[string \"" + name.substring(0, length) + (length < name.length() ? DOTS : "") + "\"]";
    }
}
