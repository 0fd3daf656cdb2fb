package dev.cacheproof.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.opentest4j.AssertionFailedError;

/** What a failing assertion says, and where a test stands. */
final class Failures {

    private Failures() {}

    /** Returns the whole text of the failure that the assertion must have. */
    static String textOf(ThrowingCallable assertion) {
        Throwable thrown = catchThrowable(assertion);
        assertThat(thrown).as("a failing assertion").isExactlyInstanceOf(AssertionFailedError.class);
        return String.valueOf(thrown.getMessage());
    }

    /** Returns the line that calls this. */
    static int here() {
        return StackWalker.getInstance()
                .walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber());
    }
}
