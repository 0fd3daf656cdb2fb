package dev.cacheproof.fake.redis.script;

import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** Writes JSON as {@code cjson} does. */
final class JsonEncoder {

    private final JsonFunctions settings;
    private final Machine machine;
    private final StringBuilder text = new StringBuilder();

    JsonEncoder(JsonFunctions settings, Machine machine) {
        this.settings = settings;
        this.machine = machine;
    }

    LuaValue encode(LuaValue value) {
        append(value, 0);
        return NumberText.bytes(text.toString());
    }

    private Raised refuse(LuaValue value, String why) {
        return machine.wrong("Cannot serialise " + value.typename() + ": " + why);
    }

    private void append(LuaValue value, int depth) {
        machine.spend(Native.COST);
        switch (value.type()) {
            case LuaValue.TSTRING -> appendString((LuaString) value);
            case LuaValue.TNUMBER -> appendNumber(value);
            case LuaValue.TBOOLEAN -> text.append(value.toboolean());
            case LuaValue.TNIL -> text.append("null");
            case LuaValue.TTABLE -> appendTable((LuaTable) value, depth + 1);
            default -> {
                if (!value.isuserdata()) { // the only one there is, is null
                    throw refuse(value, "type not supported");
                }
                text.append("null");
            }
        }
    }

    private void appendTable(LuaTable table, int depth) {
        if (depth > settings.encodeDepth) {
            throw machine.wrong("Cannot serialise, excessive nesting (" + depth + ")");
        }
        int length = arrayLength(table);
        if (length <= 0) {
            appendObject(table, depth);
            return;
        }
        text.append('[');
        for (int i = 1; i <= length; i++) {
            text.append(i == 1 ? "" : ",");
            append(table.rawget(i), depth);
        }
        text.append(']');
    }

    /** Returns the largest index where all keys are such; -1 where the table is an object. */
    private int arrayLength(LuaTable table) {
        double most = 0;
        int count = 0;
        for (Varargs next = table.next(LuaValue.NIL); !next.arg1().isnil(); next = table.next(next.arg1())) {
            machine.spend(Native.COST);
            double key = Values.isNumber(next.arg1()) ? next.arg1().todouble() : 0;
            if (key < 1 || key != Math.floor(key)) {
                return -1;
            }
            most = Math.max(most, key);
            count++;
        }
        boolean sparse =
                settings.sparseRatio > 0 && most > (double) count * settings.sparseRatio && most > settings.sparseSafe;
        if (sparse && !settings.convertsSparse) {
            throw refuse(table, "excessively sparse array");
        }
        return sparse ? -1 : (int) most;
    }

    private void appendObject(LuaTable table, int depth) {
        text.append('{');
        boolean first = true;
        for (Varargs next = table.next(LuaValue.NIL); !next.arg1().isnil(); next = table.next(next.arg1())) {
            text.append(first ? "" : ",");
            first = false;
            LuaValue key = next.arg1();
            if (Values.isNumber(key)) {
                text.append('"');
                appendNumber(key);
                text.append('"');
            } else if (Values.isString(key)) {
                appendString((LuaString) key);
            } else {
                throw refuse(key, "table key must be a number or string");
            }
            text.append(':');
            append(next.arg(2), depth);
        }
        text.append('}');
    }

    private void appendNumber(LuaValue value) {
        double number = value.todouble();
        boolean invalid = Double.isNaN(number) || Double.isInfinite(number);
        if (invalid && settings.invalidNumbers == 0) {
            throw refuse(value, "must not be NaN or Inf");
        }
        if (invalid && settings.invalidNumbers == 2) {
            text.append("null");
        } else {
            text.append(Double.isNaN(number) ? "nan" : NumberText.general(number, settings.digits));
        }
    }

    private void appendString(LuaString string) {
        Instruction.requireLength(machine, text.length() + (long) string.m_length);
        text.append('"');
        for (int i = 0; i < string.m_length; i++) {
            char c = (char) string.luaByte(i);
            int named = "\b\t\n\f\r\"\\/".indexOf(c);
            if (named >= 0) {
                text.append('\\').append("btnfr\"\\/".charAt(named));
            } else if (c < ' ' || c == 0x7F) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
