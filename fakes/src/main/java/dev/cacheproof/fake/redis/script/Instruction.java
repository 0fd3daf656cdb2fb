package dev.cacheproof.fake.redis.script;

import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Lua;
import org.luaj.vm2.LuaClosure;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;

/**
 * One instruction that is about to run: refused with the error of Lua 5.1 where that would raise one, and its operands made
 * such that luaj computes what Lua 5.1 does.
 */
final class Instruction {

    private static final int LONGEST = 64 << 20;

    private final Machine machine;
    private final LuaClosure closure;
    private final int pc;
    private final LuaValue[] stack;
    private final int code;

    Instruction(Machine machine, LuaClosure closure, int pc, LuaValue[] stack) {
        this.machine = machine;
        this.closure = closure;
        this.pc = pc;
        this.stack = stack;
        this.code = closure.p.code[pc];
    }

    static boolean needsPreparation(int code) {
        return switch (Lua.GET_OPCODE(code)) {
            case Lua.OP_MOVE, Lua.OP_LOADK, Lua.OP_JMP, Lua.OP_FORLOOP, Lua.OP_TEST, Lua.OP_EQ, Lua.OP_GETUPVAL ->
                false;
            default -> true;
        };
    }

    void prepare() {
        int a = Lua.GETARG_A(code);
        switch (Lua.GET_OPCODE(code)) {
            case Lua.OP_GETTABLE, Lua.OP_SELF -> read(Lua.GETARG_B(code));
            case Lua.OP_GETTABUP -> readUpvalue(Lua.GETARG_B(code));
            case Lua.OP_SETTABLE -> write(stack[a], a);
            case Lua.OP_SETTABUP -> writeUpvalue(a);
            case Lua.OP_ADD -> compute(LuaValue.ADD);
            case Lua.OP_SUB -> compute(LuaValue.SUB);
            case Lua.OP_MUL -> compute(LuaValue.MUL);
            case Lua.OP_DIV -> compute(LuaValue.DIV);
            case Lua.OP_MOD -> compute(LuaValue.MOD);
            case Lua.OP_POW -> compute(LuaValue.POW);
            case Lua.OP_UNM -> negate(Lua.GETARG_B(code));
            case Lua.OP_LEN -> measure(Lua.GETARG_B(code));
            case Lua.OP_CONCAT -> concatenate(Lua.GETARG_B(code), Lua.GETARG_C(code));
            case Lua.OP_LT -> compare(LuaValue.LT);
            case Lua.OP_LE -> compare(LuaValue.LE);
            case Lua.OP_CALL -> call(a);
            case Lua.OP_TFORCALL -> call(a);
            case Lua.OP_FORPREP -> loop(a);
            default -> {}
        }
    }

    private LuaValue operand(int index) {
        return Lua.ISK(index) ? closure.p.k[Lua.INDEXK(index)] : stack[index];
    }

    private @Nullable String name(int index) {
        Names.Name name = Lua.ISK(index) ? null : Names.ofRegister(closure.p, pc, index);
        return name == null ? null : name.toString();
    }

    private Raised refuse(String what, LuaValue value, @Nullable String name) {
        return machine.wrong("attempt to " + what + " "
                + (name == null ? "a " + value.typename() + " value" : name + " (a " + value.typename() + " value)"));
    }

    private void read(int register) {
        LuaValue object = stack[register];
        if (Values.isString(object)) {
            machine.index(stack, register);
        } else if (!isIndexed(object, LuaValue.INDEX)) {
            throw refuse("index", object, name(register));
        }
    }

    private static boolean isIndexed(LuaValue object, LuaValue event) {
        return object.istable() || !object.metatag(event).isnil();
    }

    private void readUpvalue(int index) {
        LuaValue object = closure.upValues[index].getValue();
        if (Values.isString(object)) {
            machine.index(closure.upValues[index]);
        } else if (!isIndexed(object, LuaValue.INDEX)) {
            throw refuse("index", object, "upvalue '" + Names.upvalue(closure.p, index) + "'");
        }
    }

    private void write(LuaValue object, int register) {
        if (!isIndexed(object, LuaValue.NEWINDEX)) {
            throw refuse("index", object, name(register));
        }
        requireWritable(object);
    }

    private void writeUpvalue(int index) {
        LuaValue object = closure.upValues[index].getValue();
        if (!isIndexed(object, LuaValue.NEWINDEX)) {
            throw refuse("index", object, "upvalue '" + Names.upvalue(closure.p, index) + "'");
        }
        requireWritable(object);
    }

    private void requireWritable(LuaValue object) {
        if (machine.isProtected(object)) {
            throw machine.wrong("Attempt to modify a readonly table");
        }
        if (object.istable() && object.metatag(LuaValue.NEWINDEX).isnil()) {
            requireKey(operand(Lua.GETARG_B(code)));
        }
    }

    private void requireKey(LuaValue key) {
        if (key.isnil()) {
            throw machine.wrong("table index is nil");
        }
        if (Values.isNumber(key) && Double.isNaN(key.todouble())) {
            throw machine.wrong("table index is NaN");
        }
    }

    private void compute(LuaValue event) {
        LuaValue left = operand(Lua.GETARG_B(code));
        LuaValue right = operand(Lua.GETARG_C(code));
        Double leftNumber = Values.number(left);
        if (leftNumber != null && Values.number(right) != null) {
            computeAsNumber(Lua.GETARG_B(code), left);
            computeAsNumber(Lua.GETARG_C(code), right);
            return;
        }
        if (left.metatag(event).isnil() && right.metatag(event).isnil()) {
            throw leftNumber == null
                    ? refuse("perform arithmetic on", left, name(Lua.GETARG_B(code)))
                    : refuse("perform arithmetic on", right, name(Lua.GETARG_C(code)));
        }
    }

    /** A string that is a number to C is none to luaj in some forms, or another one. */
    private void computeAsNumber(int index, LuaValue operand) {
        Double number = Values.isString(operand) ? Values.number(operand) : null;
        if (number != null) {
            substitute(index, LuaValue.valueOf(number));
        }
    }

    private void negate(int register) {
        LuaValue object = operand(register);
        if (Values.number(object) == null && object.metatag(LuaValue.UNM).isnil()) {
            throw refuse("perform arithmetic on", object, name(register));
        }
        computeAsNumber(register, object);
    }

    private void measure(int register) {
        LuaValue object = operand(register);
        if (!object.istable()
                && !Values.isString(object)
                && object.metatag(LuaValue.LEN).isnil()) {
            throw refuse("get length of", object, name(register));
        }
    }

    /** The operands are copies, made for this instruction: a number among them can become the string that Lua makes of it. */
    private void concatenate(int first, int last) {
        long length = 0;
        for (int i = first; i <= last; i++) {
            LuaString string = Values.string(stack[i]);
            if (string != null) {
                length += string.m_length;
            }
        }
        requireLength(machine, length);
        for (int i = last - 1; i >= first; i--) {
            LuaValue left = stack[i];
            LuaValue right = stack[i + 1];
            if (!left.metatag(LuaValue.CONCAT).isnil()
                    || !right.metatag(LuaValue.CONCAT).isnil()) {
                break;
            }
            if (Values.string(left) == null || Values.string(right) == null) {
                int wrong = Values.string(left) == null ? i : i + 1;
                throw refuse("concatenate", stack[wrong], name(wrong));
            }
        }
        for (int i = first; i <= last; i++) {
            LuaString string = Values.string(stack[i]);
            if (string != null) {
                stack[i] = string;
            }
        }
    }

    static void requireLength(Machine machine, long length) {
        if (length > LONGEST) {
            throw machine.wrong("a string of " + length + " bytes is more than the fake makes");
        }
        machine.spend(length / Long.SIZE);
    }

    private void compare(LuaValue event) {
        LuaValue left = operand(Lua.GETARG_B(code));
        LuaValue right = operand(Lua.GETARG_C(code));
        boolean comparable = left.type() == right.type() && (Values.isNumber(left) || Values.isString(left));
        if (comparable && Values.isString(left)) {
            // Numbers that compare as the strings do stand for them, since luaj takes bytes for numbers with a sign.
            int order = Integer.signum(Values.compare(left, right));
            substitute(Lua.GETARG_B(code), LuaValue.valueOf(order));
            if (Lua.GETARG_B(code) != Lua.GETARG_C(code)) {
                substitute(Lua.GETARG_C(code), LuaValue.ZERO);
            }
            return;
        }
        if (comparable || (left.type() == right.type() && !left.metatag(event).isnil())) {
            return;
        }
        String one = left.typename();
        String other = right.typename();
        throw machine.wrong(
                one.equals(other)
                        ? "attempt to compare two " + one + " values"
                        : "attempt to compare " + one + " with " + other);
    }

    private void substitute(int index, LuaValue value) {
        if (Lua.ISK(index)) {
            machine.substitute(closure.p.k, Lua.INDEXK(index), value);
        } else if (index == Lua.GETARG_A(code)
                && Lua.GET_OPCODE(code) != Lua.OP_LT
                && Lua.GET_OPCODE(code) != Lua.OP_LE) {
            // The result takes its place.
            stack[index] = value;
        } else {
            machine.substitute(stack, index, value);
        }
    }

    private void call(int register) {
        LuaValue object = stack[register];
        if (!object.isfunction() && object.metatag(LuaValue.CALL).isnil()) {
            boolean iterates = Lua.GET_OPCODE(code) == Lua.OP_TFORCALL;
            throw refuse("call", object, iterates ? null : name(register));
        }
    }

    private void loop(int register) {
        String[] names = {"initial value", "limit", "step"};
        for (int i = 0; i < names.length; i++) {
            Double number = Values.number(stack[register + i]);
            if (number == null) {
                throw machine.wrong("'for' " + names[i] + " must be a number");
            }
            stack[register + i] = LuaValue.valueOf(number);
        }
    }
}
