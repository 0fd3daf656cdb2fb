package dev.cacheproof.junit;

/**
 * A note below the failure of a test: which faults its fakes were under. A throwable without a stack trace, since builds and
 * development environments show what a failure has suppressed, and many of them no report entry.
 */
// What toString returns is shown; a message would come behind the name of the class, which says nothing here.
@SuppressWarnings("OverrideThrowableToString")
final class FiredFaults extends Exception {

    private static final long serialVersionUID = 1;

    /** Makes a note of lines that are indented already. */
    FiredFaults(String lines) {
        super("Faults that fired on the test's fakes:\n" + lines, null, false, false);
    }

    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }
}
