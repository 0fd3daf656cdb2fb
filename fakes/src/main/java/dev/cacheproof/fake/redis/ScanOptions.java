package dev.cacheproof.fake.redis;

import org.jspecify.annotations.Nullable;

/**
 * What SCAN and its kin are asked for.
 *
 * @param count about how many elements a page is to have
 * @param pattern what an element must match; null for all
 * @param type the type that a key must have, in any case; null for all
 */
record ScanOptions(
        long count, @Nullable Bytes pattern, @Nullable Bytes type) {

    private static final long DEFAULT_COUNT = 10;

    static ScanOptions of(Call call, int first, boolean ofKeys) {
        long count = DEFAULT_COUNT;
        Bytes pattern = null;
        Bytes type = null;
        for (int i = first; i < call.count(); i += 2) {
            if (i + 1 == call.count()) {
                throw call.syntaxError();
            } else if (call.is(i, "COUNT")) {
                count = call.integer(i + 1);
                if (count < 1) {
                    throw call.syntaxError();
                }
            } else if (call.is(i, "MATCH")) {
                pattern = call.word(i + 1);
            } else if (ofKeys && call.is(i, "TYPE")) {
                type = call.word(i + 1);
            } else {
                throw call.syntaxError();
            }
        }
        return new ScanOptions(count, pattern, type);
    }

    boolean allows(Bytes element) {
        return pattern == null || Glob.finds(pattern, element);
    }

    boolean allows(Entry entry) {
        return allows(entry.key) && (type == null || type.lowerCase().text().equals(entry.value.type()));
    }
}
