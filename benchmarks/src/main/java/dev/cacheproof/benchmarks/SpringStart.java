package dev.cacheproof.benchmarks;

import example.shop.ShopTestCase;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.TestContextManager;

/** Starts contexts in a JVM of its own, which may have the toolkit on its class path or not: this class does not use it. */
final class SpringStart {

    private SpringStart() {}

    /**
     * Prints a line with the nanoseconds of each start.
     *
     * @param args how many contexts to start, one after the other
     * @throws Exception if one does not start
     */
    public static void main(String[] args) throws Exception {
        StringBuilder nanos = new StringBuilder("started");
        for (int i = 0; i < Integer.parseInt(args[0]); i++) {
            nanos.append(' ').append(start());
        }
        System.out.println(nanos);
    }

    private static long start() throws Exception {
        long begin = System.nanoTime();
        TestContextManager tests = new TestContextManager(ShopTestCase.class);
        tests.prepareTestInstance(new ShopTestCase());
        long end = System.nanoTime();
        tests.getTestContext().markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
        return end - begin;
    }
}
