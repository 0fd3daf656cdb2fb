package dev.cacheproof.fake.redis.script;

import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Lua;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Prototype;

/** Finds by what name a script knows what is in a register, for the texts of errors. */
final class Names {

    private static final String ENVIRONMENT = "_ENV";

    private Names() {}

    /**
     * A name.
     *
     * @param kind such as local, global, field
     * @param name the name
     */
    record Name(String kind, String name) {
        @Override
        public String toString() {
            return kind + " '" + name + "'";
        }
    }

    static @Nullable Name ofRegister(Prototype code, int pc, int register) {
        LuaString local = code.getlocalname(register + 1, pc);
        if (local != null) {
            return new Name("local", NumberText.text(local));
        }
        int setter = findSetter(code, pc, register);
        if (setter < 0) {
            return null;
        }
        int instruction = code.code[setter];
        return switch (Lua.GET_OPCODE(instruction)) {
            case Lua.OP_MOVE -> {
                int from = Lua.GETARG_B(instruction);
                yield from < Lua.GETARG_A(instruction) ? ofRegister(code, setter, from) : null;
            }
            case Lua.OP_GETTABUP -> {
                boolean global = upvalue(code, Lua.GETARG_B(instruction)).equals(ENVIRONMENT);
                yield new Name(global ? "global" : "field", constant(code, Lua.GETARG_C(instruction)));
            }
            case Lua.OP_GETTABLE -> new Name("field", constant(code, Lua.GETARG_C(instruction)));
            case Lua.OP_SELF -> new Name("method", constant(code, Lua.GETARG_C(instruction)));
            case Lua.OP_GETUPVAL -> new Name("upvalue", upvalue(code, Lua.GETARG_B(instruction)));
            default -> null;
        };
    }

    static String upvalue(Prototype code, int index) {
        LuaString name = code.upvalues[index].name;
        return name == null ? "?" : NumberText.text(name);
    }

    private static String constant(Prototype code, int index) {
        LuaValue constant = Lua.ISK(index) ? code.k[Lua.INDEXK(index)] : LuaValue.NIL;
        return Values.isString(constant) ? Answers.line(constant) : "?";
    }

    /** Finds the instruction that has put into a register what it holds before another instruction. */
    private static int findSetter(Prototype code, int last, int register) {
        int setter = -1;
        int jumpedTo = 0;
        for (int pc = 0; pc < last; pc++) {
            int instruction = code.code[pc];
            int opcode = Lua.GET_OPCODE(instruction);
            int to = Lua.GETARG_A(instruction);
            boolean sets = switch (opcode) {
                case Lua.OP_LOADNIL -> to <= register && register <= to + Lua.GETARG_B(instruction);
                case Lua.OP_TFORCALL -> register >= to + 2;
                case Lua.OP_CALL, Lua.OP_TAILCALL -> register >= to;
                case Lua.OP_JMP -> {
                    int target = pc + 1 + Lua.GETARG_sBx(instruction);
                    if (pc < target && target <= last) {
                        jumpedTo = Math.max(jumpedTo, target);
                    }
                    yield false;
                }
                default -> Lua.testAMode(opcode) && register == to;
            };
            if (sets) {
                // What is jumped over is not certain to have run.
                setter = pc < jumpedTo ? -1 : pc;
            }
        }
        return setter;
    }
}
