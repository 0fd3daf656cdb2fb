package dev.cacheproof.fake.redis.script;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;

/** What Lua 5.1 takes a value for, where luaj takes it for something else. */
final class Values {

    private Values() {}

    static boolean isString(LuaValue value) {
        return value.type() == LuaValue.TSTRING;
    }

    static boolean isNumber(LuaValue value) {
        return value.type() == LuaValue.TNUMBER;
    }

    /** Reads a number, or a string that is one; null for anything else. */
    static @Nullable Double number(LuaValue value) {
        if (isNumber(value)) {
            return value.todouble();
        }
        return isString(value) ? NumberText.parse(NumberText.text((LuaString) value)) : null;
    }

    /** Reads a string, or a number as one; null for anything else. */
    static @Nullable LuaString string(LuaValue value) {
        if (isString(value)) {
            return (LuaString) value;
        }
        return isNumber(value) ? NumberText.bytes(NumberText.print(value.todouble())) : null;
    }

    /** Compares bytes without a sign, which luaj compares with one. */
    static int compare(LuaValue one, LuaValue other) {
        LuaString left = (LuaString) one;
        LuaString right = (LuaString) other;
        return Arrays.compareUnsigned(
                left.m_bytes,
                left.m_offset,
                left.m_offset + left.m_length,
                right.m_bytes,
                right.m_offset,
                right.m_offset + right.m_length);
    }

    /** Shows a value as {@code tostring} does, but for metatables. */
    static String show(LuaValue value) {
        LuaString string = string(value);
        if (string != null) {
            return NumberText.text(string);
        }
        return switch (value.type()) {
            case LuaValue.TNIL, LuaValue.TNONE -> "nil";
            case LuaValue.TBOOLEAN -> value.toboolean() ? "true" : "false";
            case LuaValue.TUSERDATA -> "userdata: (nil)"; // the only one there is
            default -> value.typename() + ": 0x7f" + String.format("%010x", System.identityHashCode(value));
        };
    }
}
