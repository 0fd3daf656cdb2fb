package dev.cacheproof;

/**
 * What keys that differ in their ids alone have in common: each number and each UUID is a {@code #}. Made for every command
 * that is recorded, so it looks at each character once and copies nothing where there is no id.
 */
final class KeyTemplate {

    private static final int UUID_LENGTH = 36;

    private KeyTemplate() {}

    static String of(String key) {
        StringBuilder template = null;
        int copied = 0;
        for (int i = 0; i < key.length(); ) {
            int end = endOfId(key, i);
            if (end == i) {
                i++;
                continue;
            }
            template = template == null ? new StringBuilder(key.length()) : template;
            template.append(key, copied, i).append('#');
            copied = end;
            i = end;
        }
        return template == null
                ? key
                : template.append(key, copied, key.length()).toString();
    }

    /** Returns where the UUID or number ends that begins here; the beginning itself where none does. */
    private static int endOfId(String key, int begin) {
        char first = key.charAt(begin);
        if (!isHex(first)) {
            return begin;
        }
        if (isUuid(key, begin)) {
            return begin + UUID_LENGTH;
        }
        int end = begin;
        while (end < key.length() && isDigit(key.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isUuid(String key, int begin) {
        if (begin + UUID_LENGTH > key.length() || key.charAt(begin + 8) != '-') {
            return false;
        }
        for (int i = 0; i < UUID_LENGTH; i++) {
            char each = key.charAt(begin + i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? each != '-' : !isHex(each)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char each) {
        return each >= '0' && each <= '9';
    }

    private static boolean isHex(char each) {
        return isDigit(each) || (each >= 'a' && each <= 'f') || (each >= 'A' && each <= 'F');
    }
}
