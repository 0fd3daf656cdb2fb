package dev.cacheproof.fake.redis.script;

import java.io.ByteArrayOutputStream;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The library {@code table}. */
final class TableFunctions {

    private TableFunctions() {}

    static LibraryTable library(Machine machine) {
        return new Library(machine)
                .add("concat", TableFunctions::concat)
                .add("foreach", TableFunctions::foreach)
                .add("foreachi", TableFunctions::foreachi)
                .add("getn", call -> LuaValue.valueOf(call.table(1).rawlen()))
                .add("insert", TableFunctions::insert)
                .add("maxn", TableFunctions::maxn)
                .add("remove", TableFunctions::remove)
                .add("setn", call -> {
                    call.table(1);
                    throw call.machine().wrong("'setn' is obsolete");
                })
                .add("sort", TableFunctions::sort)
                .table();
    }

    private static Varargs concat(Arguments call) {
        LuaString separator = call.isMissing(2) ? LuaString.valueOf("") : call.string(2);
        LuaTable table = call.table(1);
        long first = call.integer(3, 1);
        long last = call.isMissing(4) ? table.rawlen() : call.integer(4);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (long i = first; i <= last; i++) {
            LuaValue value = table.rawget((int) i);
            LuaString string = Values.string(value);
            if (string == null) {
                throw call.machine()
                        .wrong("invalid value (" + value.typename() + ") at index " + i + " in table for 'concat'");
            }
            all.write(string.m_bytes, string.m_offset, string.m_length);
            if (i < last) {
                all.write(separator.m_bytes, separator.m_offset, separator.m_length);
            }
            call.machine().spend(1);
            Instruction.requireLength(call.machine(), all.size());
        }
        return LuaString.valueOf(all.toByteArray());
    }

    private static Varargs foreach(Arguments call) {
        LuaTable table = call.table(1);
        LuaValue function = call.function(2);
        for (Varargs next = table.next(LuaValue.NIL); !next.arg1().isnil(); next = table.next(next.arg1())) {
            LuaValue result = call.machine().callback(function, next).arg1();
            if (!result.isnil()) {
                return result;
            }
        }
        return LuaValue.NONE;
    }

    private static Varargs foreachi(Arguments call) {
        LuaTable table = call.table(1);
        LuaValue function = call.function(2);
        int count = table.rawlen();
        for (int i = 1; i <= count; i++) {
            LuaValue result = call.machine()
                    .callback(function, LuaValue.varargsOf(LuaValue.valueOf(i), table.rawget(i)))
                    .arg1();
            if (!result.isnil()) {
                return result;
            }
        }
        return LuaValue.NONE;
    }

    private static Varargs insert(Arguments call) {
        LuaTable table = call.table(1);
        int end = table.rawlen() + 1;
        if (call.count() == 2) {
            call.ownTable(1).rawset(end, call.value(2));
            return LuaValue.NONE;
        }
        if (call.count() != 3) {
            throw call.machine().wrong("wrong number of arguments to 'insert'");
        }
        int position = call.small(2);
        call.ownTable(1);
        for (int i = Math.max(end, position); i > position; i--) {
            table.rawset(i, table.rawget(i - 1));
            call.machine().spend(1);
        }
        table.rawset(position, call.value(3));
        return LuaValue.NONE;
    }

    private static Varargs maxn(Arguments call) {
        double most = 0;
        LuaTable table = call.table(1);
        for (Varargs next = table.next(LuaValue.NIL); !next.arg1().isnil(); next = table.next(next.arg1())) {
            if (Values.isNumber(next.arg1())) {
                most = Math.max(most, next.arg1().todouble());
            }
        }
        return LuaValue.valueOf(most);
    }

    private static Varargs remove(Arguments call) {
        LuaTable table = call.ownTable(1);
        int end = table.rawlen();
        int position = (int) call.integer(2, end);
        if (position < 1 || position > end) {
            return LuaValue.NONE;
        }
        LuaValue removed = table.rawget(position);
        for (int i = position; i < end; i++) {
            table.rawset(i, table.rawget(i + 1));
            call.machine().spend(1);
        }
        table.rawset(end, LuaValue.NIL);
        return removed;
    }

    private static Varargs sort(Arguments call) {
        LuaTable table = call.ownTable(1);
        int count = table.rawlen();
        LuaValue order = call.isMissing(2) ? LuaValue.NIL : call.function(2);
        new TableSort(call.machine(), table, order).sort(1, count);
        return LuaValue.NONE;
    }
}
