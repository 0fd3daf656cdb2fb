package dev.cacheproof.fake.redis.script;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaString;

/** Numbers as C prints and reads them, and text with a character for each byte. */
final class NumberText {

    private static final int DIGITS = 14;
    private static final String SPACE = " \t\n\u000b\f\r";
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern HEXADECIMAL =
            Pattern.compile("([+-]?)0[xX](\\p{XDigit}+\\.?\\p{XDigit}*|\\.\\p{XDigit}+)([pP][+-]?\\d+)?");
    private static final Pattern WORD = Pattern.compile("(?i)([+-]?)(inf(inity)?|nan)");

    private NumberText() {}

    static LuaString bytes(String text) {
        return LuaString.valueOf(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String text(LuaString string) {
        return new String(string.m_bytes, string.m_offset, string.m_length, StandardCharsets.ISO_8859_1);
    }

    /** Prints as Lua does where a number becomes a string: {@code %.14g}. */
    static String print(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e14 && number != 0
                ? Long.toString((long) number)
                : general(number, DIGITS);
    }

    /** Prints as {@code %.<precision>g} does. */
    static String general(double number, int precision) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return special(number);
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0" : "0";
        }
        int digits = Math.max(1, precision);
        BigDecimal rounded = new BigDecimal(number).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        BigDecimal stripped = rounded.stripTrailingZeros();
        return exponent >= -4 && exponent < digits
                ? stripped.toPlainString()
                : stripped.movePointLeft(exponent).toPlainString() + exponent(exponent, 'e');
    }

    static String exponent(int exponent, char letter) {
        int size = Math.abs(exponent);
        return letter + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
    }

    /** What is not a number is negative where it comes from arithmetic, on all the processors that matter. */
    static String special(double number) {
        return Double.isNaN(number) ? "-nan" : number > 0 ? "inf" : "-inf";
    }

    /** Reads what {@code strtod} reads, with spaces around it; null where it is no number. */
    static @Nullable Double parse(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && SPACE.indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        while (end > start && SPACE.indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        String number = text.substring(start, end);
        if (DECIMAL.matcher(number).matches()) {
            return Double.valueOf(number);
        }
        Matcher hexadecimal = HEXADECIMAL.matcher(number);
        if (hexadecimal.matches()) {
            return Double.valueOf(hexadecimal.group(3) == null ? number + "p0" : number);
        }
        Matcher word = WORD.matcher(number);
        if (!word.matches()) {
            return null;
        }
        return word.group(2).length() == 3
                        && Character.toLowerCase(word.group(2).charAt(0)) == 'n'
                ? Double.valueOf(Double.NaN)
                : Double.valueOf(word.group(1).equals("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }

    /** Returns the number that 64 bits without a sign are. */
    static double unsigned(long bits) {
        return bits >= 0 ? bits : (double) ((bits >>> 1) | (bits & 1)) * 2;
    }

    /** Drops the fraction as the processors do that matter: what does not fit becomes the least number. */
    static long whole(double number) {
        return number >= -0x1p63 && number < 0x1p63 ? (long) number : Long.MIN_VALUE;
    }
}
