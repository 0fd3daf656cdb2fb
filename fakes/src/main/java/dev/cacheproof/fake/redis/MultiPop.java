package dev.cacheproof.fake.redis;

import java.util.List;

/**
 * What LMPOP and its kin are asked for.
 *
 * @param keys of which the first that is there is taken from
 * @param end where it is taken from
 * @param count how many elements are taken at most
 */
record MultiPop<E extends Enum<E>>(List<Bytes> keys, E end, long count) {

    /** Reads it from the word that says how many keys there are, and those behind it. */
    static <E extends Enum<E>> MultiPop<E> of(Call call, int number, E[] ends) {
        long keys = call.positive(number, "ERR numkeys should be greater than 0");
        if (keys > call.count() - number - 2) {
            throw call.syntaxError();
        }
        int where = number + 1 + (int) keys;
        E end = end(call, where, ends);
        long count = 0;
        for (int i = where + 1; i < call.count(); i += 2) {
            if (count > 0 || !call.is(i, "COUNT") || i + 1 == call.count()) {
                throw call.syntaxError();
            }
            count = call.positive(i + 1, "ERR count should be greater than 0");
        }
        return new MultiPop<>(call.words().subList(number + 1, where), end, Math.max(count, 1));
    }

    /** Reads one of the ends. */
    static <E extends Enum<E>> E end(Call call, int index, E[] ends) {
        for (E each : ends) {
            if (call.is(index, each.name())) {
                return each;
            }
        }
        throw call.syntaxError();
    }
}
