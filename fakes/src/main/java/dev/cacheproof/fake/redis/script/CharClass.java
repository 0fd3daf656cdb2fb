package dev.cacheproof.fake.redis.script;

/** The classes of characters in patterns, as in the C locale: one character is one byte, and only ASCII has letters. */
final class CharClass {

    private CharClass() {}

    static boolean matches(char c, char letter) {
        boolean is;
        switch (Character.toLowerCase(letter)) {
            case 'a' -> is = isLetter(c);
            case 'c' -> is = c < ' ' || c == 0x7F;
            case 'd' -> is = isDigit(c);
            case 'l' -> is = c >= 'a' && c <= 'z';
            case 'p' -> is = c > ' ' && c < 0x7F && !isLetter(c) && !isDigit(c);
            case 's' -> is = isSpace(c);
            case 'u' -> is = c >= 'A' && c <= 'Z';
            case 'w' -> is = isLetter(c) || isDigit(c);
            case 'x' -> is = isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            case 'z' -> is = c == 0;
            default -> {
                return letter == c;
            }
        }
        return is != (letter >= 'A' && letter <= 'Z');
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    /** Says whether a character is in the set that stands in a pattern from {@code [} on, {@code ]} before the end. */
    static boolean inSet(String pattern, int from, int end, char c) {
        int last = end - 1;
        int p = from + 1;
        boolean inside = true;
        if (pattern.charAt(p) == '^') {
            inside = false;
            p++;
        }
        for (; p < last; p++) {
            char each = pattern.charAt(p);
            if (each == '%') {
                p++;
                if (matches(c, pattern.charAt(p))) {
                    return inside;
                }
            } else if (p + 2 < last && pattern.charAt(p + 1) == '-') {
                if (each <= c && c <= pattern.charAt(p + 2)) {
                    return inside;
                }
                p += 2;
            } else if (each == c) {
                return inside;
            }
        }
        return !inside;
    }
}
