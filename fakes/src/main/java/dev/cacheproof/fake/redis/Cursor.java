package dev.cacheproof.fake.redis;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a scan is. Through a collection, the elements stand in the order of a hash of theirs, which no other element changes:
 * what is there during the whole scan is seen, once.
 *
 * @param number from 0 to 2^64 - 1; 0 is the beginning and the end
 */
record Cursor(BigInteger number) {

    static final Cursor END = new Cursor(BigInteger.ZERO);

    private static final Pattern WRITTEN = Pattern.compile("([+-]?\\d+)?");
    private static final BigInteger LARGEST = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    /** Some elements, and where those behind them begin. */
    record Page(List<Bytes> elements, Cursor next) {}

    static Cursor of(Bytes word) {
        String text = word.printed();
        if (!WRITTEN.matcher(text).matches()) {
            throw new Refusal("ERR invalid cursor");
        }
        BigInteger number = text.isEmpty() ? BigInteger.ZERO : new BigInteger(text);
        if (number.abs().compareTo(LARGEST) > 0) {
            throw new Refusal("ERR invalid cursor");
        }
        // C reads a negative number as a huge one.
        return new Cursor(number.signum() < 0 ? number.add(LARGEST).add(BigInteger.ONE) : number);
    }

    static Cursor at(long number) {
        return new Cursor(BigInteger.valueOf(number));
    }

    /** Returns everything, as redis-server does of what is small. */
    static Page whole(List<Bytes> elements) {
        return new Page(elements, END);
    }

    /** Returns the elements from here on, about so many. */
    Page page(List<Bytes> elements, long count) {
        List<Bytes> ahead = new ArrayList<>(elements);
        ahead.removeIf(each -> number.compareTo(BigInteger.valueOf(place(each))) > 0);
        ahead.sort(Comparator.comparingLong(Cursor::place));
        int end = (int) Math.min(count, ahead.size());
        while (end > 0 && end < ahead.size() && place(ahead.get(end)) == place(ahead.get(end - 1))) {
            end++;
        }
        return new Page(ahead.subList(0, end), end == ahead.size() ? END : at(place(ahead.get(end))));
    }

    /** Returns a number above 0, in which similar elements do not stand side by side. */
    private static long place(Bytes element) {
        return 1 + ((element.hashCode() * 0x9E3779B97F4A7C15L) >>> 32);
    }

    /** Makes the reply that tells the elements found, and where to go on. */
    Reply reply(List<Reply> found) {
        return Replies.array(List.of(Replies.bulk(number.toString()), Replies.array(found)));
    }
}
