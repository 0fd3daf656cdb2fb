package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoadsTests {

    @Test
    void countsEachLoadUnderItsName() {
        try (Scope scope = Scope.open("loading")) {
            String theme = Loads.counted("loads: themes", () -> "dark");
            Loads.counted("loads: themes", () -> "light");
            Loads.counted("loads: prices", () -> 7);

            assertThat(theme).isEqualTo("dark");
            assertThat(scope.journal().loads().count()).isEqualTo(3);
            assertThat(scope.journal().of("loads: themes"::equals).count()).isEqualTo(2);
            assertThat(Recorder.watched(Operation.Kind.LOAD))
                    .as("what one test counts is no promise to another")
                    .doesNotContain("loads: themes", "loads: prices");
        }
    }

    @Test
    void handsOnANullResult() {
        try (Scope scope = Scope.open("loading null")) {
            String nothing = Loads.<@Nullable String>counted("loads: nothing", () -> null);

            assertThat(nothing).isNull();
            assertThat(scope.journal().loads().count()).isEqualTo(1);
        }
    }

    /** The code under test must see the load's own exception, although none is declared here. */
    @Test
    void aFailingLoadIsCountedAndItsExceptionPassesAsItIs() {
        IOException checked = new IOException("unreadable");
        LinkageError error = new LinkageError("unlinkable");
        try (Scope scope = Scope.open("failing loads")) {
            assertThatThrownBy(() -> Loads.counted("loads: failing", () -> {
                        throw checked;
                    }))
                    .isSameAs(checked);
            assertThatThrownBy(() -> Loads.counted("loads: failing", () -> {
                        throw error;
                    }))
                    .isSameAs(error);

            assertThat(scope.journal().loads().operations())
                    .extracting(Operation::outcome)
                    .containsExactly(Operation.Outcome.failed(checked), Operation.Outcome.failed(error));
        }
    }

    @Test
    void aLoadInsideALoadIsCountedToo() {
        try (Scope scope = Scope.open("nested loads")) {
            int sum = Loads.counted("loads: outer", () -> 1 + Loads.counted("loads: inner", () -> 2));

            assertThat(sum).isEqualTo(3);
            assertThat(scope.journal().loads().operations())
                    .extracting(Operation::source)
                    .containsExactly("loads: outer", "loads: inner");
        }
    }

    @Test
    void aLoadThatAGateRefusesDoesNotRun() {
        try (Scope scope = Scope.open("gated loads").gate(operation -> Gate.Verdict.refuse("offline"))) {
            assertThatThrownBy(() -> Loads.counted("loads: refused", () -> {
                        throw new AssertionError("was run");
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("load \"loads: refused\" was refused by a gate: offline");
            assertThat(scope.journal().loads().count()).isEqualTo(1);
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> Loads.counted(null, () -> 1))
                .withMessage("name");
        assertThatNullPointerException()
                .isThrownBy(() -> Loads.counted("loads: null", null))
                .withMessage("load");
    }
}
