package dev.cacheproof.fake.redis.script;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Lua;
import org.luaj.vm2.LuaClosure;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Prototype;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.DebugLib;

/**
 * Looks at each instruction before luaj runs it: counts it, so that no script runs forever, and makes it do what it does in
 * Lua 5.1 where luaj does something else. luaj calls this where it would call its debug library, which scripts do not see.
 */
final class Machine extends DebugLib {

    /** More than any script takes that others can wait for: without an end, a loop is over within a second or so. */
    static final long BUDGET = 10_000_000;

    private static final int DEEPEST = 1_000;
    private static final String TOO_LONG =
            "ERR The script was ended after " + BUDGET + " instructions: the fake waits no"
                    + " longer, where redis-server would, and answer BUSY to other clients";

    private final LuaTable strings;
    private LuaClosure[] closures = new LuaClosure[16];
    private int[] counters = new int[16];
    private LuaValue[][] stacks = new LuaValue[16][];
    private int depth;
    private long left = BUDGET;

    /** What the last instruction was given in place of a string that was indexed, and has to be put back. */
    private @Nullable LuaValue indexed;

    private @Nullable LuaTable protectedTable;

    Machine(LuaTable strings) {
        this.strings = strings;
    }

    void begin() {
        left = BUDGET;
        depth = 0;
        indexed = null;
    }

    /** Counts work that is done outside of instructions. */
    void spend(long work) {
        left -= work;
        if (left < 0) {
            throw new OutOfBudget(TOO_LONG);
        }
    }

    int depth() {
        return depth;
    }

    /** Forgets the calls above one that has caught an error. */
    void unwind(int to) {
        depth = to;
        indexed = null;
    }

    /** Calls a function from one that is no Lua, which has no lines. */
    Varargs callback(LuaValue function, Varargs arguments) {
        int before = depth;
        push(null, null);
        try {
            if (!function.isfunction() && function.metatag(LuaValue.CALL).isnil()) {
                throw wrong("attempt to call a " + function.typename() + " value");
            }
            return function.invoke(arguments);
        } catch (StackOverflowError e) {
            unwind(before);
            throw wrong("stack overflow");
        } finally {
            depth = before;
        }
    }

    private void push(@Nullable LuaClosure closure, LuaValue @Nullable [] stack) {
        if (depth == closures.length) {
            closures = Arrays.copyOf(closures, depth * 2);
            counters = Arrays.copyOf(counters, depth * 2);
            stacks = Arrays.copyOf(stacks, depth * 2);
        }
        if (depth >= DEEPEST) {
            throw wrong("stack overflow");
        }
        closures[depth] = closure;
        stacks[depth] = stack;
        counters[depth] = -1;
        depth++;
    }

    @Override
    public void onCall(LuaFunction function) {
        // Only Lua functions have instructions.
    }

    @Override
    public void onCall(LuaClosure closure, Varargs arguments, LuaValue[] stack) {
        push(closure, stack);
    }

    @Override
    public void onReturn() {
        if (depth > 0) {
            depth--;
        }
    }

    @Override
    public String traceback(int level) {
        return "";
    }

    @Override
    public void onInstruction(int pc, Varargs arguments, int top) {
        int frame = depth - 1;
        LuaValue[] stack = stacks[frame];
        int[] code = closures[frame].p.code;
        int before = counters[frame];
        counters[frame] = pc;
        if (--left < 0) {
            throw new OutOfBudget(TOO_LONG);
        }
        if (before >= 0) {
            finish(code[before], stack);
        }
        if (Instruction.needsPreparation(code[pc])) {
            new Instruction(this, closures[frame], pc, stack).prepare();
        }
    }

    private void finish(int done, LuaValue[] stack) {
        int a = Lua.GETARG_A(done);
        if (Lua.GET_OPCODE(done) == Lua.OP_NEWTABLE) {
            stack[a] = new HashedTable(size(Lua.GETARG_B(done)), size(Lua.GETARG_C(done)));
        } else if (indexed != null) {
            boolean method = Lua.GET_OPCODE(done) == Lua.OP_SELF;
            int b = Lua.GETARG_B(done);
            if (method) {
                stack[a + 1] = indexed;
            }
            if (b != a) {
                stack[b] = indexed;
            }
            indexed = null;
        }
    }

    /** Reads a size as the compiler writes it: three bits and an exponent. */
    private static int size(int encoded) {
        int exponent = encoded >> 3;
        return exponent == 0 ? encoded : ((encoded & 7) + 8) << (exponent - 1);
    }

    /** Lets an instruction find the functions of strings in a register that holds a string. */
    void index(LuaValue[] stack, int register) {
        indexed = stack[register];
        stack[register] = strings;
    }

    void protect(@Nullable LuaTable table) {
        protectedTable = table;
    }

    /** Says whether scripts may not write into a table: the globals, and each library. */
    boolean isProtected(LuaValue table) {
        return table == protectedTable || table instanceof LibraryTable;
    }

    /** Makes an error with the position in front that a level of calls is at. */
    Raised wrong(String text) {
        return raise(NumberText.bytes(where(1) + text));
    }

    Raised raise(LuaValue value) {
        boolean lua = depth > 0 && closures[depth - 1] != null;
        return new Raised(value, lua ? source(closures[depth - 1].p) : "=[C]", lua ? line(depth - 1) : -1);
    }

    String where(int level) {
        int frame = depth - level;
        if (level <= 0 || frame < 0 || closures[frame] == null || isTailCalled(frame, level)) {
            return "";
        }
        return shortSource(closures[frame].p) + ":" + line(frame) + ": ";
    }

    /** Says whether a call has, in Lua, replaced the frame that is asked for. */
    private boolean isTailCalled(int frame, int level) {
        if (level < 2) {
            return false;
        }
        int[] code = closures[frame].p.code;
        int pc = counters[frame];
        return pc >= 0 && pc + 1 < code.length && Chunks.isTail(code[pc], code[pc + 1]);
    }

    private int line(int frame) {
        Prototype code = closures[frame].p;
        int pc = counters[frame];
        return pc >= 0 && pc < code.lineinfo.length ? code.lineinfo[pc] : -1;
    }

    private static String source(Prototype code) {
        return NumberText.text(code.source);
    }

    private static String shortSource(Prototype code) {
        return Chunks.shortName(source(code));
    }

    /** Returns by what name the function was called that is running, and is no Lua; null where that is not known. */
    Names.@Nullable Name calledName() {
        if (depth == 0 || closures[depth - 1] == null) {
            return null;
        }
        Prototype code = closures[depth - 1].p;
        int pc = counters[depth - 1];
        int instruction = code.code[pc];
        return Lua.GET_OPCODE(instruction) == Lua.OP_CALL
                ? Names.ofRegister(code, pc, Lua.GETARG_A(instruction))
                : null;
    }
}
