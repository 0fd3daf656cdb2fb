package dev.cacheproof.fake.redis.script;

import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;

/** Reads what {@link MessagePack} writes. */
final class MessageReader {

    private final Machine machine;
    private final LuaString data;
    private int at;

    MessageReader(Machine machine, LuaString data, int at) {
        this.machine = machine;
        this.data = data;
        this.at = at;
    }

    boolean isEnd() {
        return at >= data.m_length;
    }

    int position() {
        return at;
    }

    LuaValue read() {
        machine.spend(Native.COST);
        int type = (int) number(1);
        if (type < 0x80) {
            return LuaValue.valueOf(type);
        } else if (type < 0x90) {
            return map(type & 0xF);
        } else if (type < 0xA0) {
            return array(type & 0xF);
        } else if (type < 0xC0) {
            return string(type & 0x1F);
        } else if (type >= 0xE0) {
            return LuaValue.valueOf((byte) type);
        }
        return switch (type) {
            case 0xC0 -> LuaValue.NIL;
            case 0xC2 -> LuaValue.FALSE;
            case 0xC3 -> LuaValue.TRUE;
            case 0xC4, 0xD9 -> string(number(1));
            case 0xC5, 0xDA -> string(number(2));
            case 0xC6, 0xDB -> string(number(4));
            case 0xCA -> LuaValue.valueOf(Float.intBitsToFloat((int) number(Float.BYTES)));
            case 0xCB -> LuaValue.valueOf(Double.longBitsToDouble(number(Double.BYTES)));
            case 0xCC -> LuaValue.valueOf((double) number(1));
            case 0xCD -> LuaValue.valueOf((double) number(2));
            case 0xCE -> LuaValue.valueOf((double) number(4));
            case 0xCF -> {
                long number = number(8);
                yield LuaValue.valueOf(NumberText.unsigned(number));
            }
            case 0xD0 -> LuaValue.valueOf((byte) number(1));
            case 0xD1 -> LuaValue.valueOf((short) number(2));
            case 0xD2 -> LuaValue.valueOf((int) number(4));
            case 0xD3 -> LuaValue.valueOf((double) number(8));
            case 0xDC -> array(number(2));
            case 0xDD -> array(number(4));
            case 0xDE -> map(number(2));
            case 0xDF -> map(number(4));
            default -> throw machine.wrong("Bad data format in input.");
        };
    }

    private void require(long count) {
        if (count > data.m_length - at) {
            throw machine.wrong("Missing bytes in input.");
        }
    }

    private long number(int size) {
        require(size);
        long number = 0;
        for (int i = 0; i < size; i++) {
            number = number << Byte.SIZE | data.luaByte(at++);
        }
        return number;
    }

    private LuaValue string(long length) {
        require(length);
        LuaString string = data.substring(at, at + (int) length);
        at += (int) length;
        return string;
    }

    private LuaValue array(long count) {
        LuaTable table = new HashedTable();
        for (int i = 1; i <= count; i++) {
            table.rawset(i, read());
        }
        return table;
    }

    private LuaValue map(long count) {
        LuaTable table = new HashedTable();
        for (long i = 0; i < count; i++) {
            LuaValue key = read();
            table.rawset(key, read());
        }
        return table;
    }
}
