package dev.cacheproof.samples.outlines;

import java.util.Arrays;
import java.util.Locale;

/** The times of many pages, each of which asks for its theme 300 times. */
final class PageTimes {

    private static final int PAGES = 400;
    private static final int WARM_UP = 200;
    private static final int LOOK_UPS = 300;

    private final long[] nanos;

    private PageTimes(long[] nanos) {
        this.nanos = nanos;
    }

    static PageTimes of(Runnable lookUp) {
        long[] nanos = new long[PAGES];
        for (int page = -WARM_UP; page < PAGES; page++) {
            long start = System.nanoTime();
            for (int i = 0; i < LOOK_UPS; i++) {
                lookUp.run();
            }
            nanos[Math.max(0, page)] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return new PageTimes(nanos);
    }

    private double micros(int percent) {
        return nanos[(nanos.length - 1) * percent / 100] / 1_000.0;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%9.1f%8.1f%8.1f", micros(50), micros(95), micros(99));
    }
}
