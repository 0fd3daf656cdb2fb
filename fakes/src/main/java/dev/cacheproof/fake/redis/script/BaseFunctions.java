package dev.cacheproof.fake.redis.script;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * The functions that need no library. What reads files, shows the outside or changes the environment of functions is not
 * there, as in redis-server; coroutines, which luaj runs on threads of their own, are refused.
 */
final class BaseFunctions {

    private final Globals globals;
    private final Machine machine;

    private BaseFunctions(Globals globals, Machine machine) {
        this.globals = globals;
        this.machine = machine;
    }

    static void addTo(Globals globals, Machine machine) {
        BaseFunctions functions = new BaseFunctions(globals, machine);
        LibraryTable all = functions.library();
        for (Varargs next = all.next(LuaValue.NIL); !next.arg1().isnil(); next = all.next(next.arg1())) {
            globals.rawset(next.arg1(), next.arg(2));
        }
        globals.rawset("_G", globals);
        globals.rawset("_VERSION", NumberText.bytes("Lua 5.1"));
        Library coroutines = new Library(machine);
        for (String each : new String[] {"create", "resume", "running", "status", "wrap", "yield"}) {
            coroutines.add(each, call -> {
                throw machine.wrong("coroutines are not in this fake yet, though redis-server 7.0 knows them");
            });
        }
        globals.rawset("coroutine", coroutines.table());
    }

    private LibraryTable library() {
        return new Library(machine)
                .add("assert", BaseFunctions::assertTrue)
                .add("collectgarbage", BaseFunctions::collect)
                .add("gcinfo", call -> LuaValue.valueOf(0))
                .add("error", this::raise)
                .add("getmetatable", BaseFunctions::getmetatable)
                .add("setmetatable", this::setmetatable)
                .add("ipairs", this::ipairs)
                .add("pairs", call -> LuaValue.varargsOf(globals.rawget("next"), call.table(1), LuaValue.NIL))
                .add("next", this::next)
                .add("load", this::load)
                .add("loadstring", call -> load(call.string(1), chunkName(call, call.text(1))))
                .add("pcall", this::pcall)
                .add("xpcall", this::xpcall)
                .add("rawequal", call -> LuaValue.valueOf(call.any(1).raweq(call.any(2))))
                .add("rawget", call -> call.table(1).rawget(call.any(2)))
                .add("rawset", this::rawset)
                .add("select", BaseFunctions::select)
                .add("tonumber", BaseFunctions::tonumber)
                .add("tostring", call -> show(machine, call.any(1)))
                .add("type", call -> NumberText.bytes(call.any(1).typename()))
                .add("unpack", BaseFunctions::unpack)
                .table();
    }

    private static Varargs assertTrue(Arguments call) {
        if (!call.any(1).toboolean()) {
            String text = call.isMissing(2) ? "assertion failed!" : call.text(2);
            throw call.machine().wrong(text);
        }
        return call.all();
    }

    private static Varargs collect(Arguments call) {
        String option = call.isMissing(1) ? "collect" : call.text(1);
        if (!Arrays.asList("stop", "restart", "collect", "count", "step", "setpause", "setstepmul")
                .contains(option)) {
            throw call.error(1, "invalid option '" + option + "'");
        }
        return LuaValue.ZERO;
    }

    private Varargs raise(Arguments call) {
        long level = call.integer(2, 1);
        LuaValue value = call.value(1);
        LuaString text = Values.string(value);
        if (text != null && level > 0) {
            value = NumberText.bytes(machine.where((int) Math.min(level, Integer.MAX_VALUE)) + NumberText.text(text));
        }
        throw machine.raise(value);
    }

    private static Varargs getmetatable(Arguments call) {
        LuaValue metatable = call.any(1).getmetatable();
        if (metatable == null) {
            return LuaValue.NIL;
        }
        LuaValue shown = metatable.rawget("__metatable");
        return shown.isnil() ? metatable : shown;
    }

    private Varargs setmetatable(Arguments call) {
        LuaTable table = call.table(1);
        if (!call.value(2).istable() && (call.count() < 2 || !call.value(2).isnil())) {
            throw call.error(2, "nil or table expected");
        }
        LuaValue before = table.getmetatable();
        if (before != null && !before.rawget("__metatable").isnil()) {
            throw machine.wrong("cannot change a protected metatable");
        }
        if (call.value(2).istable() && !call.value(2).rawget("__mode").isnil()) {
            throw machine.wrong("weak tables are not in this fake, though redis-server 7.0 knows them");
        }
        call.ownTable(1).setmetatable(call.value(2).isnil() ? null : call.value(2));
        return table;
    }

    private Varargs ipairs(Arguments call) {
        LuaTable table = call.table(1);
        return LuaValue.varargsOf(new Native(machine, BaseFunctions::nextIndex), table, LuaValue.ZERO);
    }

    private static Varargs nextIndex(Arguments call) {
        int index = call.small(2) + 1;
        LuaValue value = call.table(1).rawget(index);
        return value.isnil() ? LuaValue.NIL : LuaValue.varargsOf(LuaValue.valueOf(index), value);
    }

    private Varargs next(Arguments call) {
        LuaTable table = call.table(1);
        try {
            return table.next(call.value(2));
        } catch (IllegalArgumentException e) {
            throw machine.raise(NumberText.bytes("invalid key to 'next'"));
        }
    }

    private Varargs load(Arguments call) {
        LuaValue reader = call.function(1);
        ByteArrayOutputStream source = new ByteArrayOutputStream();
        while (true) {
            LuaValue part = machine.callback(reader, LuaValue.NONE).arg1();
            LuaString piece = Values.string(part);
            if (piece == null && !part.isnil()) {
                throw machine.wrong("reader function must return a string");
            }
            if (piece == null || piece.m_length == 0) {
                byte[] all = source.toByteArray();
                return load(LuaString.valueOf(all), chunkName(call, "=(load)"));
            }
            source.write(piece.m_bytes, piece.m_offset, piece.m_length);
            Instruction.requireLength(machine, source.size());
        }
    }

    private static String chunkName(Arguments call, String otherwise) {
        return call.isMissing(2) ? otherwise : call.text(2);
    }

    private Varargs load(LuaString source, String name) {
        byte[] bytes = Arrays.copyOfRange(source.m_bytes, source.m_offset, source.m_offset + source.m_length);
        machine.spend(bytes.length);
        try {
            return Chunks.compile(globals, bytes, name);
        } catch (SyntaxError e) {
            return LuaValue.varargsOf(LuaValue.NIL, NumberText.bytes(String.valueOf(e.getMessage())));
        }
    }

    private Varargs pcall(Arguments call) {
        LuaValue function = call.any(1);
        int depth = machine.depth();
        try {
            return LuaValue.varargsOf(
                    LuaValue.TRUE, machine.callback(function, call.all().subargs(2)));
        } catch (LuaError e) {
            machine.unwind(depth);
            LuaValue value = Lua51.raised(machine, e).value;
            // An error of the server's is a table, of which pcall shows the text alone.
            LuaValue text = value.istable() ? value.get("err") : LuaValue.NIL;
            return LuaValue.varargsOf(LuaValue.FALSE, text.isnil() ? value : text);
        }
    }

    private Varargs xpcall(Arguments call) {
        LuaValue function = call.any(1);
        LuaValue handler = call.any(2);
        int depth = machine.depth();
        try {
            return LuaValue.varargsOf(LuaValue.TRUE, machine.callback(function, LuaValue.NONE));
        } catch (LuaError e) {
            machine.unwind(depth);
            LuaValue value = Lua51.raised(machine, e).value;
            return LuaValue.varargsOf(
                    LuaValue.FALSE, machine.callback(handler, value).arg1());
        }
    }

    private Varargs rawset(Arguments call) {
        LuaTable table = call.table(1);
        LuaValue key = call.any(2);
        LuaValue value = call.any(3);
        if (key.isnil()) {
            throw machine.wrong("table index is nil");
        }
        call.ownTable(1);
        table.rawset(key, value);
        return table;
    }

    private static Varargs select(Arguments call) {
        if (Values.isString(call.value(1)) && call.text(1).startsWith("#")) {
            return LuaValue.valueOf(call.count() - 1);
        }
        long index = call.integer(1);
        long first = index < 0 ? call.count() + index : index;
        if (first < 1) {
            throw call.error(1, "index out of range");
        }
        return first >= call.count() ? LuaValue.NONE : call.all().subargs((int) first + 1);
    }

    private static Varargs tonumber(Arguments call) {
        long base = call.integer(2, 10);
        if (base == 10) {
            Double number = Values.number(call.any(1));
            return number == null ? LuaValue.NIL : LuaValue.valueOf(number);
        }
        String text = call.text(1).strip();
        if (base < 2 || base > Character.MAX_RADIX) {
            throw call.error(2, "base out of range");
        }
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        if (base == 16 && (digits.startsWith("0x") || digits.startsWith("0X"))) {
            digits = digits.substring(2);
        }
        double number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), (int) base);
            if (digit < 0) {
                return LuaValue.NIL;
            }
            number = number * base + digit;
        }
        return digits.isEmpty() ? LuaValue.NIL : LuaValue.valueOf(negative ? 0x1p64 - number : number);
    }

    static LuaValue show(Machine machine, LuaValue value) {
        LuaValue metatable = value.getmetatable();
        LuaValue function = metatable == null || Values.isString(value)
                ? LuaValue.NIL
                : Objects.requireNonNull(metatable).rawget("__tostring");
        if (!function.isnil()) {
            return machine.callback(function, value).arg1();
        }
        return NumberText.bytes(Values.show(value));
    }

    private static Varargs unpack(Arguments call) {
        LuaTable table = call.table(1);
        long first = call.integer(2, 1);
        long last = call.isMissing(3) ? table.rawlen() : call.integer(3);
        if (first > last) {
            return LuaValue.NONE;
        }
        if (last - first >= 8_000) {
            throw call.machine().wrong("too many results to unpack");
        }
        LuaValue[] values = new LuaValue[(int) (last - first) + 1];
        for (int i = 0; i < values.length; i++) {
            values[i] = table.rawget((int) first + i);
        }
        return LuaValue.varargsOf(values);
    }
}
