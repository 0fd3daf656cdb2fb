package dev.cacheproof.fake.redis.script;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The library {@code math}, with the random numbers of redis-server, which are the same ones in each new server. */
final class MathFunctions {

    private static final long MULTIPLIER = 0x5DEECE66DL;
    private static final long MASK = (1L << 48) - 1;
    private static final long FIRST = 0x1234ABCD330EL;
    private static final int LOW_BITS = 16;
    private static final long LOW = 0x330E;
    private static final int KEPT = 17;

    private long seed = FIRST;

    private void seed(int number) {
        seed = ((long) number << LOW_BITS | LOW) & MASK;
    }

    private int random() {
        seed = (seed * MULTIPLIER + 0xB) & MASK;
        return (int) (seed >>> KEPT);
    }

    LibraryTable library(Machine machine) {
        Library library = new Library(machine);
        addPlain(library);
        addTrigonometry(library);
        return library.add("max", call -> extreme(call, 1))
                .add("min", call -> extreme(call, -1))
                .add("modf", MathFunctions::modf)
                .add("frexp", MathFunctions::frexp)
                .add("ldexp", call -> two(call, (number, exponent) -> number * Math.pow(2, (int) exponent)))
                .add("random", this::random)
                .add("randomseed", call -> {
                    seed(call.small(1));
                    return LuaValue.NONE;
                })
                .add("pi", LuaValue.valueOf(Math.PI))
                .add("huge", LuaValue.valueOf(Double.POSITIVE_INFINITY))
                .table();
    }

    private static void addPlain(Library library) {
        one(library, "abs", Math::abs);
        one(library, "ceil", Math::ceil);
        one(library, "floor", Math::floor);
        one(library, "sqrt", Math::sqrt);
        one(library, "exp", Math::exp);
        one(library, "log", Math::log);
        one(library, "log10", Math::log10);
        one(library, "deg", radians -> radians / (Math.PI / 180));
        one(library, "rad", degrees -> degrees * (Math.PI / 180));
        library.add("pow", call -> two(call, Math::pow));
        Native.Body remainder = call -> two(call, (number, by) -> number % by);
        library.add("fmod", remainder).add("mod", remainder);
    }

    private static void addTrigonometry(Library library) {
        one(library, "sin", Math::sin);
        one(library, "cos", Math::cos);
        one(library, "tan", Math::tan);
        one(library, "asin", Math::asin);
        one(library, "acos", Math::acos);
        one(library, "atan", Math::atan);
        one(library, "sinh", Math::sinh);
        one(library, "cosh", Math::cosh);
        one(library, "tanh", Math::tanh);
        library.add("atan2", call -> two(call, Math::atan2));
    }

    private static void one(Library library, String name, DoubleUnaryOperator function) {
        library.add(name, call -> LuaValue.valueOf(function.applyAsDouble(call.number(1))));
    }

    /** C, too, looks at the second argument first. */
    private static Varargs two(Arguments call, DoubleBinaryOperator function) {
        double second = call.number(2);
        return LuaValue.valueOf(function.applyAsDouble(call.number(1), second));
    }

    private static Varargs extreme(Arguments call, int sign) {
        double found = call.number(1);
        for (int i = 2; i <= call.count(); i++) {
            double each = call.number(i);
            if (sign > 0 ? each > found : each < found) {
                found = each;
            }
        }
        return LuaValue.valueOf(found);
    }

    private static Varargs modf(Arguments call) {
        double number = call.number(1);
        double whole = number < 0 ? Math.ceil(number) : Math.floor(number);
        double rest = Double.isInfinite(number) ? 0 : number - whole;
        return LuaValue.varargsOf(LuaValue.valueOf(whole), LuaValue.valueOf(rest));
    }

    private static Varargs frexp(Arguments call) {
        double number = call.number(1);
        if (number == 0 || Double.isNaN(number) || Double.isInfinite(number)) {
            return LuaValue.varargsOf(LuaValue.valueOf(number), LuaValue.ZERO);
        }
        int exponent = Math.getExponent(number) + 1;
        if (Math.abs(number) < Double.MIN_NORMAL) {
            exponent = Math.getExponent(number * 0x1p54) - 53;
            return LuaValue.varargsOf(
                    LuaValue.valueOf(Math.scalb(number * 0x1p54, -exponent - 54)), LuaValue.valueOf(exponent));
        }
        return LuaValue.varargsOf(LuaValue.valueOf(Math.scalb(number, -exponent)), LuaValue.valueOf(exponent));
    }

    private Varargs random(Arguments call) {
        double chance = (random() % Integer.MAX_VALUE) / (double) Integer.MAX_VALUE;
        if (call.count() == 0) {
            return LuaValue.valueOf(chance);
        }
        if (call.count() > 2) {
            throw call.machine().wrong("wrong number of arguments");
        }
        int from = call.count() == 1 ? 1 : call.small(1);
        int to = call.small(call.count());
        if (from > to) {
            throw call.error(call.count(), "interval is empty");
        }
        return LuaValue.valueOf(Math.floor(chance * ((double) to - from + 1)) + from);
    }
}
