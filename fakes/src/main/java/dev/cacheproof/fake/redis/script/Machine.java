package dev.cacheproof.fake.redis.script;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Lua;
import org.luaj.vm2.LuaClosure;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Prototype;
import org.luaj.vm2.UpValue;
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

    private static final LuaValue[] NO_STACK = {};

    private final LuaTable strings;
    private @Nullable LuaClosure[] closures = new LuaClosure[16];
    private int[] counters = new int[16];
    private LuaValue[][] stacks = new LuaValue[16][];
    private int depth;
    private long left = BUDGET;

    /** Put back what the running instruction was given something else in place of. */
    private final Deque<Runnable> restorations = new ArrayDeque<>();

    /** What the last instruction was given in place of a string that was indexed, and has to be put back. */
    private @Nullable LuaValue indexed;

    private @Nullable UpValue indexedVariable;

    Machine(LuaTable strings) {
        this.strings = strings;
    }

    void begin() {
        left = BUDGET;
        depth = 0;
        indexed = null;
        indexedVariable = null;
        restorations.clear();
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
    }

    /** Calls a function from one that is no Lua, which has no lines. */
    Varargs callback(LuaValue function, Varargs arguments) {
        int before = depth;
        push(null, NO_STACK);
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

    private void push(@Nullable LuaClosure closure, LuaValue[] stack) {
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
        LuaClosure closure = Objects.requireNonNull(closures[frame]);
        int[] code = closure.p.code;
        int before = counters[frame];
        counters[frame] = pc;
        // First of all: what was given to an instruction must not stay, least of all in the constants of a script.
        if (before >= 0) {
            finish(code[before], stack);
        }
        spend(1);
        if (Instruction.needsPreparation(code[pc])) {
            new Instruction(this, closure, pc, stack).prepare();
        }
    }

    private void finish(int done, LuaValue[] stack) {
        int a = Lua.GETARG_A(done);
        while (!restorations.isEmpty()) {
            restorations.pop().run();
        }
        if (Lua.GET_OPCODE(done) == Lua.OP_NEWTABLE) {
            stack[a] = new HashedTable(size(Lua.GETARG_B(done)), size(Lua.GETARG_C(done)));
        } else if (indexed != null && indexedVariable != null) {
            indexedVariable.setValue(indexed);
            indexedVariable = null;
            indexed = null;
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

    /** Lets an instruction find the functions of strings in a variable of an outer function that holds a string. */
    void index(UpValue variable) {
        indexedVariable = variable;
        indexed = variable.getValue();
        variable.setValue(strings);
    }

    /** Gives an instruction another operand, until it has run. */
    void substitute(LuaValue[] where, int index, LuaValue value) {
        LuaValue original = where[index];
        restorations.push(() -> where[index] = original);
        where[index] = value;
    }

    /** Lets an instruction find the functions of strings in a register that holds a string. */
    void index(LuaValue[] stack, int register) {
        indexed = stack[register];
        stack[register] = strings;
    }

    /** Says whether scripts may not write into a table: the globals, and each library. */
    boolean isProtected(LuaValue table) {
        return table instanceof ScriptGlobals || table instanceof LibraryTable;
    }

    /** Makes an error with the position in front that a level of calls is at. */
    Raised wrong(String text) {
        return raise(NumberText.bytes(where(1) + text));
    }

    Raised raise(LuaValue value) {
        Prototype code = code(depth - 1);
        return code == null
                ? new Raised(value, "=[C]", -1)
                : new Raised(value, NumberText.text(code.source), line(code, depth - 1));
    }

    /** Returns what a frame runs; null where that is no Lua. */
    private @Nullable Prototype code(int frame) {
        LuaClosure closure = frame < 0 ? null : closures[frame];
        return closure == null ? null : closure.p;
    }

    String where(int level) {
        int frame = depth - level;
        Prototype code = level <= 0 ? null : code(frame);
        if (code == null || (level > 1 && isTailCall(code, counters[frame]))) {
            return "";
        }
        return Chunks.shortName(NumberText.text(code.source)) + ":" + line(code, frame) + ": ";
    }

    /** Says whether a frame waits for a call that, in Lua, has taken its place. */
    private static boolean isTailCall(Prototype code, int pc) {
        return pc >= 0 && pc + 1 < code.code.length && Chunks.isTail(code.code[pc], code.code[pc + 1]);
    }

    private int line(Prototype code, int frame) {
        int pc = counters[frame];
        return pc >= 0 && pc < code.lineinfo.length ? code.lineinfo[pc] : -1;
    }

    /** Returns by what name the function was called that is running, and is no Lua; null where that is not known. */
    Names.@Nullable Name calledName() {
        Prototype code = code(depth - 1);
        if (code == null) {
            return null;
        }
        int pc = counters[depth - 1];
        int instruction = code.code[pc];
        return Lua.GET_OPCODE(instruction) == Lua.OP_CALL
                ? Names.ofRegister(code, pc, Lua.GETARG_A(instruction))
                : null;
    }
}
