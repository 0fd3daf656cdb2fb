package dev.cacheproof.fake.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Some elements of a collection, by chance; with a seed, so that a test that fails once fails again. */
final class RandomChoice {

    private RandomChoice() {}

    /** Reads how many elements are wanted: different ones, or where it is negative, any. */
    static long count(Call call, int index) {
        return call.integer(index, -Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** Refuses a number of elements that could not be doubled, since each brings a value. */
    static void requireHalf(long count) {
        if (count < -(Long.MAX_VALUE / 2) || count > Long.MAX_VALUE / 2) {
            throw new Refusal("ERR value is out of range");
        }
    }

    static <T> T one(Call call, Collection<T> from) {
        return List.copyOf(from).get(call.random().nextInt(from.size()));
    }

    static <T> List<T> some(Call call, Collection<T> from, long count) {
        List<T> all = new ArrayList<>(from);
        Random random = call.random();
        if (count >= all.size() || all.isEmpty()) {
            return all;
        }
        if (count >= 0) {
            Collections.shuffle(all, random);
            return all.subList(0, (int) count);
        }
        List<T> chosen = new ArrayList<>();
        for (long i = count; i < 0; i++) {
            chosen.add(all.get(random.nextInt(all.size())));
        }
        return chosen;
    }
}
