package dev.cacheproof.fake.redis;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The 80-bit floating point numbers of INCRBYFLOAT on an Intel server: a significand of 64 bits, rounded to even. Infinite
 * numbers are null. Differs from redis-server for hexadecimal input, which is refused here.
 */
final class LongDouble {

    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,6})?");
    private static final Pattern INFINITE = Pattern.compile("(?i)[+-]?inf(inity)?");
    private static final int SIGNIFICAND_BITS = 64;
    private static final int PRINTED_DIGITS = 17;
    private static final int LONGEST = 4_932;

    private LongDouble() {}

    static boolean isInfinite(String text) {
        return INFINITE.matcher(text).matches();
    }

    /** Returns the number nearest to the text; null where it is no number. */
    static @Nullable BigDecimal parse(String text) {
        if (!DECIMAL.matcher(text).matches()) {
            return null;
        }
        BigDecimal exact = new BigDecimal(text);
        boolean tooFar = exact.signum() != 0 && Math.abs((long) exact.precision() - exact.scale()) > LONGEST;
        return tooFar ? null : round(exact);
    }

    static BigDecimal add(BigDecimal one, BigDecimal other) {
        return round(one.add(other));
    }

    static BigDecimal multiply(BigDecimal one, BigDecimal other) {
        return round(one.multiply(other));
    }

    private static BigDecimal round(BigDecimal exact) {
        if (exact.signum() == 0) {
            return BigDecimal.ZERO;
        }
        BigDecimal magnitude = exact.abs();
        int exponent = exponentOf(magnitude) - (SIGNIFICAND_BITS - 1);
        BigDecimal scaled = exponent >= 0
                ? magnitude.divide(
                        new BigDecimal(BigInteger.TWO.pow(exponent)),
                        magnitude.scale() + exponent + 2,
                        RoundingMode.DOWN)
                : magnitude.multiply(new BigDecimal(BigInteger.TWO.pow(-exponent)));
        BigDecimal significand = scaled.setScale(0, RoundingMode.HALF_EVEN);
        BigDecimal rounded = exponent >= 0
                ? significand.multiply(new BigDecimal(BigInteger.TWO.pow(exponent)))
                // A power of two divides any number without a remainder.
                : significand.divide(new BigDecimal(BigInteger.TWO.pow(-exponent)));
        return exact.signum() < 0 ? rounded.negate() : rounded;
    }

    /** Returns the e with 2^e &lt;= magnitude &lt; 2^(e+1). */
    private static int exponentOf(BigDecimal magnitude) {
        BigInteger whole = magnitude.toBigInteger();
        if (whole.signum() > 0) {
            return whole.bitLength() - 1;
        }
        int shift = 64 + 4 * magnitude.scale();
        return magnitude
                        .multiply(new BigDecimal(BigInteger.TWO.pow(shift)))
                        .toBigInteger()
                        .bitLength()
                - 1
                - shift;
    }

    /** Prints 17 digits behind the point at most, without trailing zeros. */
    static String print(BigDecimal number) {
        BigDecimal printed = number.setScale(PRINTED_DIGITS, RoundingMode.HALF_EVEN);
        boolean minusZero = printed.signum() == 0 && number.signum() < 0;
        String text = printed.signum() == 0 ? "0" : printed.stripTrailingZeros().toPlainString();
        return minusZero ? "-0" : text;
    }
}
