package dev.cacheproof.fake.redis;

/** Patterns as KEYS and SCAN know them: {@code *}, {@code ?}, {@code [a-c]}, {@code [^a]}, and backslashes. */
final class Glob {

    private static final int MOST_NESTING = 1_000;

    private final byte[] pattern;
    private final byte[] text;

    /** Set where a star reached the end of the text in vain: no star before it can do better. */
    private boolean hopeless;

    private Glob(byte[] pattern, byte[] text) {
        this.pattern = pattern;
        this.text = text;
    }

    static boolean matches(Bytes pattern, Bytes text) {
        // Of a text without a byte, redis-server does not even look at the stars.
        return text.length() == 0 ? pattern.length() == 0 : new Glob(pattern.array(), text.array()).matches(0, 0, 0);
    }

    /** Says whether a scan for a pattern finds an element, which it does not compare where the pattern is but a star. */
    static boolean finds(Bytes pattern, Bytes element) {
        return pattern.is("*") || matches(pattern, element);
    }

    private boolean matches(int p, int t, int nesting) {
        if (nesting > MOST_NESTING) {
            return false;
        }
        while (p < pattern.length && t < text.length) {
            switch (pattern[p]) {
                case '*' -> {
                    return star(p, t, nesting);
                }
                case '?' -> t++;
                case '[' -> {
                    int end = set(p + 1, text[t]);
                    if (end < 0) {
                        return false;
                    }
                    p = end;
                    t++;
                }
                default -> {
                    if (pattern[p] == '\\' && p + 1 < pattern.length) {
                        p++;
                    }
                    if (pattern[p] != text[t]) {
                        return false;
                    }
                    t++;
                }
            }
            p++;
        }
        if (t == text.length) {
            while (p < pattern.length && pattern[p] == '*') {
                p++;
            }
        }
        return p == pattern.length && t == text.length;
    }

    private boolean star(int p, int from, int nesting) {
        while (p + 1 < pattern.length && pattern[p + 1] == '*') {
            p++;
        }
        if (p + 1 == pattern.length) {
            return true;
        }
        for (int t = from; t < text.length; t++) {
            if (matches(p + 1, t, nesting + 1)) {
                return true;
            }
            if (hopeless) {
                return false;
            }
        }
        hopeless = true;
        return false;
    }

    /** Returns where the set ends (its bracket, or the last byte of a pattern that lacks one); -1 without a match. */
    private int set(int start, byte wanted) {
        int p = start;
        boolean not = p < pattern.length && pattern[p] == '^';
        if (not) {
            p++;
        }
        int value = wanted & 0xff;
        boolean found = false;
        while (true) {
            if (p + 1 < pattern.length && pattern[p] == '\\') {
                p++;
                found |= (pattern[p] & 0xff) == value;
            } else if (p >= pattern.length) {
                p--;
                break;
            } else if (pattern[p] == ']') {
                break;
            } else if (p + 2 < pattern.length && pattern[p + 1] == '-') {
                int one = pattern[p] & 0xff;
                int other = pattern[p + 2] & 0xff;
                found |= value >= Math.min(one, other) && value <= Math.max(one, other);
                p += 2;
            } else {
                found |= (pattern[p] & 0xff) == value;
            }
            p++;
        }
        return found != not ? p : -1;
    }
}
