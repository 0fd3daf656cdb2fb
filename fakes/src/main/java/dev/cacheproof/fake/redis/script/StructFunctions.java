package dev.cacheproof.fake.redis.script;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The library {@code struct}: numbers and strings in the memory of C. */
final class StructFunctions {

    private static final String TOO_SHORT = "data string too short";

    private StructFunctions() {}

    static LibraryTable library(Machine machine) {
        return new Library(machine)
                .add("pack", StructFunctions::pack)
                .add("unpack", StructFunctions::unpack)
                .add("size", StructFunctions::size)
                .table();
    }

    private static Varargs pack(Arguments call) {
        StructFormat format = new StructFormat(call);
        Arguments values = call.endedByNil();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int argument = 2;
        while (format.next()) {
            bytes.writeBytes(new byte[format.padding(bytes.size())]);
            switch (format.option) {
                case 'b', 'B', 'h', 'H', 'l', 'L', 'T', 'i', 'I' -> {
                    double number = values.number(argument++);
                    write(bytes, number < 0 ? NumberText.whole(number) : unsigned(number), format);
                }
                case 'f' -> write(bytes, Float.floatToRawIntBits((float) values.number(argument++)), format);
                case 'd' -> write(bytes, Double.doubleToRawLongBits(values.number(argument++)), format);
                case 'x' -> bytes.write(0);
                case 'c', 's' -> {
                    LuaString string = values.string(argument++);
                    int size = format.size == 0 ? string.m_length : format.size;
                    if (string.m_length < size) {
                        throw call.error(argument, "string too short");
                    }
                    bytes.write(string.m_bytes, string.m_offset, size);
                    if (format.option == 's') {
                        bytes.write(0);
                    }
                }
                default -> format.control();
            }
            Instruction.requireLength(call.machine(), bytes.size());
        }
        return LuaString.valueOf(bytes.toByteArray());
    }

    private static long unsigned(double number) {
        return number < 0x1p63 ? (long) number : number < 0x1p64 ? (long) (number - 0x1p63) ^ Long.MIN_VALUE : 0;
    }

    private static void write(ByteArrayOutputStream bytes, long number, StructFormat format) {
        for (int i = 0; i < format.size; i++) {
            int index = format.isLittle ? i : format.size - 1 - i;
            bytes.write(index < Long.BYTES ? (int) (number >>> (index * Byte.SIZE)) : 0);
        }
    }

    private static long read(LuaString data, int at, StructFormat format) {
        long number = 0;
        for (int i = 0; i < format.size; i++) {
            int index = format.isLittle ? format.size - 1 - i : i;
            number = number << Byte.SIZE | data.luaByte(at + index);
        }
        return number;
    }

    private static double integer(long bits, StructFormat format) {
        boolean signed = Character.isLowerCase(format.option);
        if (!signed) {
            return NumberText.unsigned(bits);
        }
        int unused = Math.max(0, Long.SIZE - format.size * Byte.SIZE);
        return format.size == 0 ? bits : bits << unused >> unused;
    }

    private static Varargs unpack(Arguments call) {
        StructFormat format = new StructFormat(call);
        LuaString data = call.string(2);
        long start = call.integer(3, 1);
        if (start == 0) {
            throw call.error(3, "offset must be 1 or greater");
        }
        // A negative one is a very large one there.
        long at = start < 0 ? Integer.MAX_VALUE : start - 1;
        List<LuaValue> values = new ArrayList<>();
        while (format.next()) {
            at += format.padding(at);
            requireBytes(call, data, at, format.size);
            switch (format.option) {
                case 'b', 'B', 'h', 'H', 'l', 'L', 'T', 'i', 'I' ->
                    values.add(LuaValue.valueOf(integer(read(data, (int) at, format), format)));
                case 'f' -> values.add(LuaValue.valueOf(Float.intBitsToFloat((int) read(data, (int) at, format))));
                case 'd' -> values.add(LuaValue.valueOf(Double.longBitsToDouble(read(data, (int) at, format))));
                case 'x' -> {}
                case 'c' -> {
                    if (format.size == 0) {
                        format.size = takeSize(call, values);
                        requireBytes(call, data, at, format.size);
                    }
                    values.add(data.substring((int) at, (int) at + format.size));
                }
                case 's' -> {
                    int end = (int) at;
                    while (end < data.m_length && data.luaByte(end) != 0) {
                        end++;
                    }
                    if (end >= data.m_length) {
                        throw call.machine().wrong("unfinished string in data");
                    }
                    values.add(data.substring((int) at, end));
                    format.size = end - (int) at + 1;
                }
                default -> format.control();
            }
            at += format.size;
        }
        values.add(LuaValue.valueOf((double) at + 1));
        return LuaValue.varargsOf(values.toArray(LuaValue[]::new));
    }

    private static void requireBytes(Arguments call, LuaString data, long at, int size) {
        if (size < 0 || size > data.m_length || at > data.m_length - size) {
            throw call.error(2, TOO_SHORT);
        }
    }

    private static int takeSize(Arguments call, List<LuaValue> values) {
        Double size = values.isEmpty() ? null : Values.number(values.get(values.size() - 1));
        if (size == null) {
            throw call.machine().wrong("format 'c0' needs a previous size");
        }
        values.remove(values.size() - 1);
        return size < 0 || size > Integer.MAX_VALUE ? Integer.MAX_VALUE : size.intValue();
    }

    private static Varargs size(Arguments call) {
        StructFormat format = new StructFormat(call);
        long at = 0;
        while (format.next()) {
            at += format.padding(at);
            if (format.option == 's') {
                throw call.error(1, "option 's' has no fixed size");
            } else if (format.option == 'c' && format.size == 0) {
                throw call.error(1, "option 'c0' has no fixed size");
            }
            if (!CharClass.matches(format.option, 'w')) {
                format.control();
            }
            at += format.size;
        }
        return LuaValue.valueOf((double) at);
    }
}
