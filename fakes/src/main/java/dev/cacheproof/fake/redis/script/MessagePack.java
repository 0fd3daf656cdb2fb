package dev.cacheproof.fake.redis.script;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The library {@code cmsgpack}. */
final class MessagePack {

    private static final int DEEPEST = 16;

    private final Machine machine;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private MessagePack(Machine machine) {
        this.machine = machine;
    }

    static LibraryTable library(Machine machine) {
        return new Library(machine)
                .add("pack", MessagePack::pack)
                .add("unpack", call -> unpack(call, 0, 0))
                .add("unpack_one", call -> unpack(call, 1, call.integer(2, 0)))
                .add("unpack_limit", call -> unpack(call, call.small(2), call.integer(3, 0)))
                .add("_NAME", NumberText.bytes("cmsgpack"))
                .add("_VERSION", NumberText.bytes("lua-cmsgpack 0.4.0"))
                .add("_COPYRIGHT", NumberText.bytes("Copyright (C) 2012, Salvatore Sanfilippo"))
                .add("_DESCRIPTION", NumberText.bytes("MessagePack C implementation for Lua"))
                .table();
    }

    private static Varargs pack(Arguments call) {
        if (call.count() == 0) {
            throw call.error(0, "MessagePack pack needs input.");
        }
        MessagePack pack = new MessagePack(call.machine());
        for (int i = 1; i <= call.count(); i++) {
            pack.write(call.value(i), 0);
        }
        return LuaString.valueOf(pack.bytes.toByteArray());
    }

    private void write(LuaValue value, int depth) {
        machine.spend(Native.COST);
        Instruction.requireLength(machine, bytes.size());
        switch (value.type()) {
            case LuaValue.TSTRING -> writeString((LuaString) value);
            case LuaValue.TNUMBER -> writeNumber(value.todouble());
            case LuaValue.TBOOLEAN -> bytes.write(value.toboolean() ? 0xC3 : 0xC2);
            case LuaValue.TTABLE -> {
                if (depth == DEEPEST) {
                    bytes.write(0xC0);
                } else {
                    writeTable((LuaTable) value, depth + 1);
                }
            }
            default -> bytes.write(0xC0);
        }
    }

    private void big(int type, long number, int size) {
        bytes.write(type);
        for (int i = size - 1; i >= 0; i--) {
            bytes.write((int) (number >>> (i * Byte.SIZE)));
        }
    }

    private void writeString(LuaString string) {
        int length = string.m_length;
        if (length < 32) {
            bytes.write(0xA0 | length);
        } else if (length <= 0xFF) {
            big(0xD9, length, 1);
        } else {
            big(length <= 0xFFFF ? 0xDA : 0xDB, length, length <= 0xFFFF ? 2 : 4);
        }
        bytes.write(string.m_bytes, string.m_offset, length);
    }

    private void writeNumber(double number) {
        long whole = NumberText.whole(number);
        if (whole == number && number < 0x1p63) {
            writeWhole(whole);
        } else if ((float) number == number) {
            big(0xCA, Float.floatToRawIntBits((float) number), Float.BYTES);
        } else {
            big(0xCB, Double.doubleToRawLongBits(number), Double.BYTES);
        }
    }

    private void writeWhole(long number) {
        if (number >= -32 && number <= 127) {
            bytes.write((int) number);
            return;
        }
        int kind = 0;
        while (kind < 3 && !fits(number, Byte.SIZE << kind)) {
            kind++;
        }
        big((number >= 0 ? 0xCC : 0xD0) + kind, number, 1 << kind);
    }

    private static boolean fits(long number, int bits) {
        return number >= 0 ? number >>> bits == 0 : number >= -(1L << (bits - 1));
    }

    private void writeTable(LuaTable table, int depth) {
        int count = 0;
        double most = 0;
        boolean array = true;
        for (Varargs next = table.next(LuaValue.NIL); !next.arg1().isnil(); next = table.next(next.arg1())) {
            count++;
            double key = Values.isNumber(next.arg1()) ? next.arg1().todouble() : 0;
            array &= key >= 1 && key == Math.rint(key);
            most = Math.max(most, key);
        }
        if (array && most == count) {
            writeCount(count, 0x90, 0xDC);
            for (int i = 1; i <= count; i++) {
                write(table.rawget(i), depth);
            }
            return;
        }
        writeCount(count, 0x80, 0xDE);
        for (Varargs next = table.next(LuaValue.NIL); !next.arg1().isnil(); next = table.next(next.arg1())) {
            write(next.arg1(), depth);
            write(next.arg(2), depth);
        }
    }

    private void writeCount(int count, int few, int many) {
        if (count < 16) {
            bytes.write(few | count);
        } else {
            big(count <= 0xFFFF ? many : many + 1, count, count <= 0xFFFF ? 2 : 4);
        }
    }

    private static Varargs unpack(Arguments call, int limit, long offset) {
        LuaString data = call.string(1);
        if (offset < 0 || limit < 0) {
            throw call.machine()
                    .wrong("Invalid request to unpack with offset of " + offset + " and limit of " + data.m_length
                            + ".");
        }
        if (offset > data.m_length) {
            throw call.machine().wrong("Start offset " + offset + " greater than input length " + data.m_length + ".");
        }
        MessageReader reader = new MessageReader(call.machine(), data, (int) offset);
        List<LuaValue> values = new ArrayList<>();
        while (!reader.isEnd() && (limit == 0 || values.size() < limit)) {
            values.add(reader.read());
        }
        if (limit > 0) {
            values.add(0, LuaValue.valueOf(reader.isEnd() ? -1 : reader.position()));
        }
        return LuaValue.varargsOf(values.toArray(LuaValue[]::new));
    }
}
