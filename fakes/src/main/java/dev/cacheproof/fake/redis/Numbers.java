package dev.cacheproof.fake.redis;

import org.jspecify.annotations.Nullable;

/** Integers as Redis reads them: digits only, no plus sign, no leading zero, 64 bits. */
final class Numbers {

    private static final int LONGEST = 20;

    private Numbers() {}

    static @Nullable Long strictLong(Bytes bytes) {
        return strictLong(bytes.array(), 0, bytes.length());
    }

    static @Nullable Long strictLong(byte[] array, int from, int to) {
        int length = to - from;
        if (length == 0 || length > LONGEST) {
            return null;
        }
        if (length == 1 && array[from] == '0') {
            return 0L;
        }
        boolean negative = array[from] == '-';
        int i = negative ? from + 1 : from;
        if (i == to || array[i] < '1' || array[i] > '9') {
            return null;
        }
        // Sums up below zero, where there is room for one number more.
        long sum = 0;
        for (; i < to; i++) {
            int digit = array[i] - '0';
            if (digit < 0 || digit > 9 || sum < (Long.MIN_VALUE + digit) / 10) {
                return null;
            }
            sum = sum * 10 - digit;
        }
        if (negative) {
            return sum;
        }
        return sum == Long.MIN_VALUE ? null : Long.valueOf(-sum);
    }
}
