package dev.cacheproof.query;

/** Whether something is so, where a text may not tell. */
enum Certainty {
    YES,
    NO,
    UNKNOWN;

    static Certainty of(boolean known) {
        return known ? YES : NO;
    }

    Certainty and(Certainty other) {
        return this == NO || other == NO ? NO : this == YES && other == YES ? YES : UNKNOWN;
    }

    Certainty or(Certainty other) {
        return this == YES || other == YES ? YES : this == NO && other == NO ? NO : UNKNOWN;
    }
}
