package dev.cacheproof.fake.redis;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Floating point numbers of 64 bits as C reads and prints them: the scores of sorted sets. */
final class Doubles {

    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern HEXADECIMAL =
            Pattern.compile("[+-]?0[xX](\\p{XDigit}+\\.?\\p{XDigit}*|\\.\\p{XDigit}+)([pP][+-]?\\d+)?");
    private static final Pattern INFINITE = Pattern.compile("(?i)[+-]?inf(inity)?");
    private static final String SPACE = " \t\n\u000b\f\r";
    private static final MathContext PRINTED = new MathContext(17, RoundingMode.HALF_EVEN);
    private static final int LEAST_PLAIN_EXPONENT = -4;

    private Doubles() {}

    /** Reads a number in full, one that is not too large or too small; null where it is none. */
    static @Nullable Double parse(Bytes bytes) {
        String text = bytes.printed();
        Double number = text.length() == bytes.length() ? parse(text) : null;
        boolean isLost = number != null && (number == 0 ? hasDigits(text) : number.isInfinite() && !isInfinite(text));
        return isLost ? null : number;
    }

    /**
     * Reads the end of a range: up to the first zero byte, behind spaces, and nothing at all for zero. What is too large is
     * infinite, what is too small zero; null where it is no number.
     */
    static @Nullable Double parseLeniently(Bytes bytes) {
        String text = bytes.printed();
        int start = 0;
        while (start < text.length() && SPACE.indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        return text.isEmpty() ? Double.valueOf(0) : parse(text.substring(start));
    }

    private static @Nullable Double parse(String text) {
        if (DECIMAL.matcher(text).matches()) {
            return Double.valueOf(text);
        }
        if (isInfinite(text)) {
            return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        Matcher hexadecimal = HEXADECIMAL.matcher(text);
        if (hexadecimal.matches()) {
            return Double.valueOf(hexadecimal.group(2) == null ? text + "p0" : text);
        }
        return null;
    }

    private static boolean isInfinite(String text) {
        return INFINITE.matcher(text).matches();
    }

    /** Says whether a number that has become 0 was another one when it was written. */
    private static boolean hasDigits(String text) {
        Matcher decimal = DECIMAL.matcher(text);
        Matcher written = decimal.matches() ? decimal : HEXADECIMAL.matcher(text);
        return written.matches() && written.group(1).chars().anyMatch(each -> each != '0' && each != '.');
    }

    /** Prints up to 17 digits, as {@code %.17g} does. */
    static String print(double number) {
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0" : "0";
        }
        BigDecimal rounded = new BigDecimal(number).round(PRINTED).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= LEAST_PLAIN_EXPONENT && exponent < PRINTED.getPrecision()) {
            return rounded.toPlainString();
        }
        String mantissa = rounded.movePointLeft(exponent).toPlainString();
        return mantissa + String.format(Locale.ROOT, "e%c%02d", exponent < 0 ? '-' : '+', Math.abs(exponent));
    }
}
