package dev.cacheproof.fake.redis.script;

import java.util.Locale;
import java.util.function.IntBinaryOperator;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The library {@code bit}: operations on 32 bits with a sign. */
final class BitFunctions {

    /** Added to a number, it leaves the 32 bits that count in the lowest bits of the sum. */
    private static final double SHIFT = 6_755_399_441_055_744.0;

    private static final int DIGITS = 8;

    private BitFunctions() {}

    static LibraryTable library(Machine machine) {
        return new Library(machine)
                .add("tobit", call -> LuaValue.valueOf(bits(call, 1)))
                .add("bnot", call -> LuaValue.valueOf(~bits(call, 1)))
                .add("bswap", call -> LuaValue.valueOf(Integer.reverseBytes(bits(call, 1))))
                .add("band", call -> fold(call, (one, other) -> one & other))
                .add("bor", call -> fold(call, (one, other) -> one | other))
                .add("bxor", call -> fold(call, (one, other) -> one ^ other))
                .add("lshift", call -> shift(call, (bits, by) -> bits << by))
                .add("rshift", call -> shift(call, (bits, by) -> bits >>> by))
                .add("arshift", call -> shift(call, (bits, by) -> bits >> by))
                .add("rol", call -> shift(call, Integer::rotateLeft))
                .add("ror", call -> shift(call, Integer::rotateRight))
                .add("tohex", BitFunctions::tohex)
                .table();
    }

    private static int bits(Arguments call, int index) {
        return (int) Double.doubleToRawLongBits(call.number(index) + SHIFT);
    }

    private static Varargs fold(Arguments call, IntBinaryOperator operator) {
        int result = bits(call, 1);
        for (int i = 2; i <= call.count(); i++) {
            result = operator.applyAsInt(result, bits(call, i));
        }
        return LuaValue.valueOf(result);
    }

    private static Varargs shift(Arguments call, IntBinaryOperator operator) {
        int bits = bits(call, 1);
        return LuaValue.valueOf(operator.applyAsInt(bits, bits(call, 2) & (Integer.SIZE - 1)));
    }

    private static Varargs tohex(Arguments call) {
        int bits = bits(call, 1);
        int wanted = call.isMissing(2) && call.count() < 2 ? DIGITS : bits(call, 2);
        String all = String.format("%08x", bits);
        String shown = wanted < 0 ? all.toUpperCase(Locale.ROOT) : all;
        int digits = Math.min(DIGITS, Math.abs(wanted));
        return NumberText.bytes(shown.substring(DIGITS - digits));
    }
}
