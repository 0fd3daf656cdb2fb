package dev.cacheproof.fake.redis.script;

import java.util.Locale;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The library {@code string}, on bytes. What a function compiles to is not there: {@code dump} is refused. */
final class StringFunctions {

    private StringFunctions() {}

    static void addTo(Library library) {
        library.add("byte", StringFunctions::bytes)
                .add("char", StringFunctions::characters)
                .add("dump", call -> {
                    call.function(1);
                    throw call.machine().wrong("unable to dump given function");
                })
                .add("find", call -> find(call, true))
                .add("match", call -> find(call, false))
                .add("format", call -> new Formatter(call).format())
                .add("gmatch", Substitution::gmatch)
                .add("gfind", Substitution::gmatch)
                .add("gsub", Substitution::gsub)
                .add("len", call -> LuaValue.valueOf(call.string(1).m_length))
                .add("lower", call -> changed(call, text -> text.toLowerCase(Locale.ROOT)))
                .add("upper", call -> changed(call, text -> text.toUpperCase(Locale.ROOT)))
                .add("rep", StringFunctions::repeat)
                .add(
                        "reverse",
                        call -> NumberText.bytes(
                                new StringBuilder(call.text(1)).reverse().toString()))
                .add("sub", StringFunctions::sub);
    }

    @FunctionalInterface
    private interface Change {
        String of(String text);
    }

    /** Changes ASCII letters alone. */
    private static Varargs changed(Arguments call, Change change) {
        StringBuilder text = new StringBuilder(call.text(1));
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 0x80) {
                text.setCharAt(i, change.of(text.substring(i, i + 1)).charAt(0));
            }
        }
        return NumberText.bytes(text.toString());
    }

    private static long position(long index, int length) {
        return index >= 0 ? index : Math.max(0, length + index + 1);
    }

    private static Varargs bytes(Arguments call) {
        LuaString string = call.string(1);
        long first = position(call.integer(2, 1), string.m_length);
        long last = Math.min(position(call.integer(3, first), string.m_length), string.m_length);
        first = Math.max(1, first);
        if (first > last) {
            return LuaValue.NONE;
        }
        LuaValue[] codes = new LuaValue[(int) (last - first) + 1];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = LuaValue.valueOf(string.luaByte((int) first + i - 1));
        }
        return LuaValue.varargsOf(codes);
    }

    private static Varargs characters(Arguments call) {
        byte[] bytes = new byte[call.count()];
        for (int i = 0; i < bytes.length; i++) {
            long code = call.integer(i + 1);
            if (code < 0 || code > 0xFF) {
                throw call.error(i + 1, "invalid value");
            }
            bytes[i] = (byte) code;
        }
        return LuaString.valueOf(bytes);
    }

    private static Varargs sub(Arguments call) {
        String text = call.text(1);
        long first = Math.max(1, position(call.integer(2), text.length()));
        long last = Math.min(text.length(), position(call.integer(3, -1), text.length()));
        return NumberText.bytes(first > last ? "" : text.substring((int) first - 1, (int) last));
    }

    private static Varargs repeat(Arguments call) {
        String text = call.text(1);
        long count = Math.max(0, call.integer(2));
        if (text.isEmpty() || count == 0) {
            return LuaString.valueOf("");
        }
        Instruction.requireLength(call.machine(), Math.min(count, Integer.MAX_VALUE) * text.length());
        return NumberText.bytes(text.repeat((int) count));
    }

    private static Varargs find(Arguments call, boolean positions) {
        String subject = call.text(1);
        String pattern = call.text(2);
        long wanted = position(call.integer(3, 1), subject.length()) - 1;
        int start = (int) Math.max(0, Math.min(wanted, subject.length()));
        if (positions && (call.value(4).toboolean() || LuaPattern.isPlain(pattern))) {
            int found = subject.indexOf(pattern, start);
            return found < 0
                    ? LuaValue.NIL
                    : LuaValue.varargsOf(LuaValue.valueOf(found + 1), LuaValue.valueOf(found + pattern.length()));
        }
        boolean anchored = pattern.startsWith("^");
        LuaPattern match = new LuaPattern(call.machine(), subject, pattern);
        do {
            int end = match.match(start, anchored ? 1 : 0);
            if (end >= 0) {
                LuaValue[] captures = match.captures(start, end, !positions);
                return positions
                        ? LuaValue.varargsOf(
                                LuaValue.valueOf(start + 1), LuaValue.valueOf(end), LuaValue.varargsOf(captures))
                        : LuaValue.varargsOf(captures);
            }
            start++;
        } while (start <= subject.length() && !anchored);
        return LuaValue.NIL;
    }
}
