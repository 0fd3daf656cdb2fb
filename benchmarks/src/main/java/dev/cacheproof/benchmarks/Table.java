package dev.cacheproof.benchmarks;

import java.io.PrintStream;
import java.util.Locale;
import org.openjdk.jmh.util.Statistics;

/** Prints one table. Its lines are compared to the last baseline above them. */
final class Table {

    private static final PrintStream OUT = System.out;

    private double baseline = Double.NaN;

    private Table() {}

    static Table of(String title) {
        OUT.printf("%n%s%n%-46s %10s %10s %10s %7s%n", title, "", "median", "lowest", "highest", "ratio");
        return new Table();
    }

    void print(Row row, Statistics result) {
        double median = result.getPercentile(50);
        baseline = row.isBaseline() ? median : baseline;
        OUT.printf(
                Locale.ROOT,
                "%-46s %,10.0f %,10.0f %,10.0f %7.2f%n",
                row.label(),
                median,
                result.getMin(),
                result.getMax(),
                median / baseline);
    }
}
