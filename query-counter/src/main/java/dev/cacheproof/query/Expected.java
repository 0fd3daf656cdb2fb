package dev.cacheproof.query;

/** How often something may happen. */
record Expected(int atLeast, int atMost) {

    Expected {
        QueryCheck.notNegative("atLeast", atLeast);
        if (atMost < atLeast) {
            throw new IllegalArgumentException(
                    "atMost must not be below atLeast, which is " + atLeast + ", but is " + atMost);
        }
    }

    static Expected exactly(int expected) {
        QueryCheck.notNegative("expected", expected);
        return new Expected(expected, expected);
    }

    boolean allows(long count) {
        return atLeast <= count && count <= atMost;
    }

    boolean isExceededBy(long count) {
        return count > atMost;
    }

    boolean isExact() {
        return atLeast == atMost;
    }

    /** Says whether the last number in words is 1, so that a noun behind it is in the singular. */
    boolean endsWithOne() {
        return (atMost == Integer.MAX_VALUE ? atLeast : atMost) == 1;
    }

    /** Returns such as {@code at most 3 queries}. */
    String of(CachingContract.Unit unit) {
        if (isExact()) {
            return unit.count(atMost);
        }
        if (atMost == Integer.MAX_VALUE) {
            return "at least " + unit.count(atLeast);
        }
        return (atLeast == 0 ? "at most " : atLeast + " to ") + unit.count(atMost);
    }

    /** Returns such as {@code at most 3}. */
    String inWords() {
        return isExact() ? String.valueOf(atMost) : String.valueOf(asValue());
    }

    /** Returns what is expected as a tool shows it beside what there was. */
    Object asValue() {
        if (isExact()) {
            return atMost;
        }
        if (atMost == Integer.MAX_VALUE) {
            return "at least " + atLeast;
        }
        return atLeast == 0 ? "at most " + atMost : atLeast + " to " + atMost;
    }
}
