package dev.cacheproof.benchmarks;

/** A line of the table. */
interface Row {

    /** Returns what the line is about. */
    String label();

    /** Says whether the lines from here to the next baseline are compared to this one. */
    boolean isBaseline();
}
