package dev.cacheproof.fake.redis.script;

import org.luaj.vm2.LuaValue;

/** One match of a pattern of Lua 5.1 in a subject. Each step is counted, so that no pattern runs forever. */
final class LuaPattern {

    static final int MOST_CAPTURES = 32;

    private static final int UNFINISHED = -1;
    private static final int POSITION = -2;
    private static final int DEEPEST = 4_000;
    private static final String SPECIALS = "^$*+?.([%-";

    private final Machine machine;
    private final String subject;
    private final String pattern;
    private final int[] starts = new int[MOST_CAPTURES];
    private final int[] lengths = new int[MOST_CAPTURES];
    private int level;
    private int nesting;

    LuaPattern(Machine machine, String subject, String pattern) {
        this.machine = machine;
        this.subject = subject;
        // To Lua 5.1, a pattern ends at its first zero byte.
        int end = pattern.indexOf('\0');
        this.pattern = end < 0 ? pattern : pattern.substring(0, end);
    }

    static boolean isPlain(String pattern) {
        return pattern.chars().noneMatch(each -> SPECIALS.indexOf(each) >= 0);
    }

    /** Matches from exactly one place on; returns the end, or -1. */
    int match(int at, int from) {
        level = 0;
        nesting = 0;
        return run(at, from);
    }

    int captures() {
        return level;
    }

    /** Returns a capture; the whole match where the pattern has none. */
    LuaValue capture(int index, int start, int end) {
        if (index >= level) {
            if (index == 0) {
                return NumberText.bytes(subject.substring(start, end));
            }
            throw machine.wrong("invalid capture index");
        }
        if (lengths[index] == UNFINISHED) {
            throw machine.wrong("unfinished capture");
        }
        return lengths[index] == POSITION
                ? LuaValue.valueOf(starts[index] + 1)
                : NumberText.bytes(subject.substring(starts[index], starts[index] + lengths[index]));
    }

    LuaValue[] captures(int start, int end, boolean orAll) {
        int count = level == 0 && orAll ? 1 : level;
        LuaValue[] all = new LuaValue[count];
        for (int i = 0; i < count; i++) {
            all[i] = capture(i, start, end);
        }
        return all;
    }

    private int run(int start, int from) {
        if (++nesting > DEEPEST) {
            throw machine.wrong("the pattern nests deeper than the fake follows it");
        }
        try {
            return step(start, from);
        } finally {
            nesting--;
        }
    }

    private int step(int start, int from) {
        int s = start;
        int p = from;
        while (true) {
            machine.spend(1);
            if (p == pattern.length()) {
                return s;
            }
            char c = pattern.charAt(p);
            if (c == '(') {
                boolean position = p + 1 < pattern.length() && pattern.charAt(p + 1) == ')';
                return position ? open(s, p + 2, POSITION) : open(s, p + 1, UNFINISHED);
            } else if (c == ')') {
                return close(s, p + 1);
            } else if (c == '$' && p + 1 == pattern.length()) {
                return s == subject.length() ? s : -1;
            } else if (c == '%' && p + 1 < pattern.length() && pattern.charAt(p + 1) == 'b') {
                s = balance(s, p + 2);
                if (s < 0) {
                    return -1;
                }
                p += 4;
                continue;
            } else if (c == '%' && p + 1 < pattern.length() && pattern.charAt(p + 1) == 'f') {
                int end = frontier(s, p + 2);
                if (end < 0) {
                    return -1;
                }
                p = end;
                continue;
            } else if (c == '%' && p + 1 < pattern.length() && Character.isDigit(pattern.charAt(p + 1))) {
                s = back(s, pattern.charAt(p + 1));
                if (s < 0) {
                    return -1;
                }
                p += 2;
                continue;
            }
            int end = classEnd(p);
            char suffix = end < pattern.length() ? pattern.charAt(end) : 0;
            if (suffix == '?') {
                if (isOne(s, p, end)) {
                    int rest = run(s + 1, end + 1);
                    if (rest >= 0) {
                        return rest;
                    }
                }
                p = end + 1;
            } else if (suffix == '*') {
                return longest(s, p, end, 0);
            } else if (suffix == '+') {
                return longest(s, p, end, 1);
            } else if (suffix == '-') {
                return shortest(s, p, end);
            } else if (isOne(s, p, end)) {
                s++;
                p = end;
            } else {
                return -1;
            }
        }
    }

    private int longest(int s, int p, int end, int least) {
        int count = 0;
        while (isOne(s + count, p, end)) {
            count++;
            machine.spend(1);
        }
        for (; count >= least; count--) {
            int rest = run(s + count, end + 1);
            if (rest >= 0) {
                return rest;
            }
        }
        return -1;
    }

    private int shortest(int start, int p, int end) {
        for (int s = start; ; s++) {
            int rest = run(s, end + 1);
            if (rest >= 0) {
                return rest;
            }
            if (!isOne(s, p, end)) {
                return -1;
            }
        }
    }

    private int open(int s, int p, int kind) {
        if (level >= MOST_CAPTURES) {
            throw machine.wrong("too many captures");
        }
        starts[level] = s;
        lengths[level] = kind;
        level++;
        int rest = run(s, p);
        if (rest < 0) {
            level--;
        }
        return rest;
    }

    private int close(int s, int p) {
        int index = level - 1;
        while (index >= 0 && lengths[index] != UNFINISHED) {
            index--;
        }
        if (index < 0) {
            throw machine.wrong("invalid pattern capture");
        }
        lengths[index] = s - starts[index];
        int rest = run(s, p);
        if (rest < 0) {
            lengths[index] = UNFINISHED;
        }
        return rest;
    }

    private int balance(int start, int p) {
        if (p + 1 >= pattern.length()) {
            throw machine.wrong("unbalanced pattern");
        }
        if (start >= subject.length() || subject.charAt(start) != pattern.charAt(p)) {
            return -1;
        }
        int depth = 1;
        for (int s = start + 1; s < subject.length(); s++) {
            if (subject.charAt(s) == pattern.charAt(p + 1)) {
                if (--depth == 0) {
                    return s + 1;
                }
            } else if (subject.charAt(s) == pattern.charAt(p)) {
                depth++;
            }
        }
        return -1;
    }

    private int frontier(int s, int p) {
        if (p >= pattern.length() || pattern.charAt(p) != '[') {
            throw machine.wrong("missing '[' after '%f' in pattern");
        }
        int end = classEnd(p);
        char before = s == 0 ? 0 : subject.charAt(s - 1);
        char here = s < subject.length() ? subject.charAt(s) : 0;
        return !CharClass.inSet(pattern, p, end, before) && CharClass.inSet(pattern, p, end, here) ? end : -1;
    }

    private int back(int s, char digit) {
        int index = digit - '1';
        if (index < 0 || index >= level || lengths[index] == UNFINISHED) {
            throw machine.wrong("invalid capture index");
        }
        int length = Math.max(0, lengths[index]);
        return subject.startsWith(subject.substring(starts[index], starts[index] + length), s) ? s + length : -1;
    }

    private boolean isOne(int s, int p, int end) {
        if (s >= subject.length()) {
            return false;
        }
        char c = subject.charAt(s);
        return switch (pattern.charAt(p)) {
            case '.' -> true;
            case '%' -> CharClass.matches(c, pattern.charAt(p + 1));
            case '[' -> CharClass.inSet(pattern, p, end, c);
            default -> pattern.charAt(p) == c;
        };
    }

    private int classEnd(int from) {
        char first = pattern.charAt(from);
        int p = from + 1;
        if (first == '%') {
            if (p == pattern.length()) {
                throw machine.wrong("malformed pattern (ends with '%')");
            }
            return p + 1;
        }
        if (first != '[') {
            return p;
        }
        if (p < pattern.length() && pattern.charAt(p) == '^') {
            p++;
        }
        do {
            if (p == pattern.length()) {
                throw machine.wrong("malformed pattern (missing ']')");
            }
            if (pattern.charAt(p++) == '%' && p < pattern.length()) {
                p++;
            }
        } while (p == pattern.length() || pattern.charAt(p) != ']');
        return p + 1;
    }
}
