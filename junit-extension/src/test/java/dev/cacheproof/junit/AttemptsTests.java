package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptsTests {

    private final List<String> done = new ArrayList<>();
    private final Attempts attempts = new Attempts();

    private void fail(RuntimeException failure) {
        done.add("failed");
        throw failure;
    }

    /** A fake that cannot be ended must not keep the others running. */
    @Test
    void makesAllAndThrowsTheFirstFailure() {
        RuntimeException closed = new IllegalStateException("closed");
        Error verdict = new AssertionError("verdict");
        attempts.make(() -> fail(closed));
        attempts.make(() -> {
            throw verdict;
        });
        attempts.make(() -> fail(closed));
        attempts.make(() -> done.add("last"));

        assertThatThrownBy(attempts::throwIfAny)
                .isSameAs(closed)
                .satisfies(failure -> assertThat(failure.getSuppressed()).containsExactly(verdict));
        assertThat(done).containsExactly("failed", "failed", "last");
    }

    @Test
    void throwsAnErrorAsItIs() {
        Error first = new NoClassDefFoundError("jedis");
        attempts.make(() -> {
            throw first;
        });

        assertThatThrownBy(attempts::throwIfAny).isSameAs(first);
    }

    @Test
    void throwsNothingWhereNothingFails() {
        attempts.make(() -> done.add("done"));
        attempts.throwIfAny();

        assertThat(done).containsExactly("done");
    }
}
