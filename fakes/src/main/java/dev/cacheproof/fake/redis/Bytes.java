package dev.cacheproof.fake.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A byte string: a key, a value or an argument. Immutable as long as nobody writes into the array that it was given. */
final class Bytes implements Comparable<Bytes> {

    /** What bytes that are no UTF-8 are decoded to. */
    private static final int REPLACEMENT = 0xFFFD;

    private final byte[] array;
    private int hash;

    Bytes(byte[] array) {
        this.array = array;
    }

    static Bytes of(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    static Bytes of(long number) {
        return of(Long.toString(number));
    }

    byte[] array() {
        return array;
    }

    int length() {
        return array.length;
    }

    /** Returns the text for a person, and for words of the protocol; bytes that are no UTF-8 are replaced. */
    String text() {
        return new String(array, StandardCharsets.UTF_8);
    }

    /** Returns the text for a person, in which bytes that are no UTF-8 can still be told apart. */
    String unambiguous() {
        String text = text();
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        StringBuilder escaped = new StringBuilder();
        for (byte each : array) {
            escaped.append(each < 0 ? String.format("\\x%02x", each) : String.valueOf((char) each));
        }
        return escaped.toString();
    }

    /** Returns the text up to the first zero byte, one character per byte, as a C format prints it into an error. */
    String printed(int longest) {
        int length = 0;
        while (length < array.length && length < longest && array[length] != 0) {
            length++;
        }
        return new String(array, 0, length, StandardCharsets.ISO_8859_1);
    }

    String printed() {
        return printed(Integer.MAX_VALUE);
    }

    /** Says whether it is text that a person can read on one line. */
    boolean isReadable() {
        return text().codePoints().noneMatch(each -> Character.isISOControl(each) || each == REPLACEMENT);
    }

    boolean startsWith(Bytes prefix) {
        return array.length >= prefix.array.length
                && Arrays.equals(array, 0, prefix.array.length, prefix.array, 0, prefix.array.length);
    }

    /** Returns the bytes behind the first ones. */
    Bytes from(int index) {
        return new Bytes(Arrays.copyOfRange(array, index, array.length));
    }

    Bytes lowerCase() {
        byte[] lower = array.clone();
        for (int i = 0; i < lower.length; i++) {
            if (lower[i] >= 'A' && lower[i] <= 'Z') {
                lower[i] = (byte) (lower[i] + ('a' - 'A'));
            }
        }
        return new Bytes(lower);
    }

    /** Compares with a word of the protocol, which knows no case. */
    boolean is(String word) {
        if (array.length != word.length()) {
            return false;
        }
        for (int i = 0; i < array.length; i++) {
            if (Character.toUpperCase((char) array[i]) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(array, other.array);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
    }

    @Override
    public int hashCode() {
        if (hash == 0) {
            hash = Arrays.hashCode(array);
        }
        return hash;
    }

    @Override
    public String toString() {
        return text();
    }
}
