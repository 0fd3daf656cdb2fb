package dev.cacheproof.fake.redis.script;

import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** What a function of a library is called with, counted from 1, read as Lua's own libraries read it. */
final class Arguments {

    private final Machine machine;
    private final Varargs all;

    Arguments(Machine machine, Varargs all) {
        this.machine = machine;
        this.all = all;
    }

    Machine machine() {
        return machine;
    }

    Varargs all() {
        return all;
    }

    int count() {
        return all.narg();
    }

    /** Returns the same with nil behind the last one. */
    Arguments endedByNil() {
        LuaValue[] more = new LuaValue[count() + 1];
        for (int i = 0; i < more.length; i++) {
            more[i] = all.arg(i + 1);
        }
        return new Arguments(machine, LuaValue.varargsOf(more));
    }

    LuaValue value(int index) {
        return all.arg(index);
    }

    boolean isMissing(int index) {
        return index > all.narg() || all.arg(index).isnil();
    }

    LuaValue any(int index) {
        if (index > all.narg()) {
            throw error(index, "value expected");
        }
        return all.arg(index);
    }

    LuaString string(int index) {
        LuaString string = Values.string(value(index));
        if (string == null) {
            throw wrongType(index, "string");
        }
        return string;
    }

    String text(int index) {
        return NumberText.text(string(index));
    }

    double number(int index) {
        Double number = Values.number(value(index));
        if (number == null) {
            throw wrongType(index, "number");
        }
        return number;
    }

    double number(int index, double otherwise) {
        return isMissing(index) ? otherwise : number(index);
    }

    /** Reads a number and drops its fraction. */
    long integer(int index) {
        return NumberText.whole(number(index));
    }

    long integer(int index, long otherwise) {
        return isMissing(index) ? otherwise : integer(index);
    }

    int small(int index) {
        return (int) integer(index);
    }

    LuaTable table(int index) {
        if (!value(index).istable()) {
            throw wrongType(index, "table");
        }
        return (LuaTable) value(index);
    }

    /** Reads a table that is going to be changed. */
    LuaTable ownTable(int index) {
        LuaTable table = table(index);
        if (machine.isProtected(table)) {
            throw machine.raise(NumberText.bytes("Attempt to modify a readonly table"));
        }
        return table;
    }

    LuaValue function(int index) {
        if (!value(index).isfunction()) {
            throw wrongType(index, "function");
        }
        return value(index);
    }

    Raised wrongType(int index, String expected) {
        String got = index > all.narg() ? "no value" : value(index).typename();
        return error(index, expected + " expected, got " + got);
    }

    /** Says what is wrong with an argument, by the name that the script has called the function by. */
    Raised error(int index, String what) {
        Names.Name called = machine.calledName();
        String name = called == null ? "?" : called.name();
        int shown = index;
        if (called != null && called.kind().equals("method")) {
            shown--;
            if (shown == 0) {
                return machine.wrong("calling '" + name + "' on bad self (" + what + ")");
            }
        }
        return machine.wrong("bad argument #" + shown + " to '" + name + "' (" + what + ")");
    }
}
