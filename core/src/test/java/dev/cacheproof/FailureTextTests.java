package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

class FailureTextTests {

    @Test
    void laysOutClaimEvidenceFactsAndHint() {
        FailureText text = FailureText.of("Expected 1 query, but there were 2")
                .evidence("1. select * from price")
                .evidence("2. select * from price\n   at Prices.read(Prices.java:7)")
                .fact("thread", "main")
                .fact("data source", "shop")
                .fact("data source", "stock\nspare")
                .fact("empty", "")
                .hint("replaced by the next")
                .hint("join the two,\nor expect 2.");

        assertThat(text).hasToString("""
                        Expected 1 query, but there were 2

                          1. select * from price
                          2. select * from price
                             at Prices.read(Prices.java:7)

                          thread       main
                          data source  shop
                                       stock
                                       spare

                          What to do: join the two,
                            or expect 2.""");
    }

    @Test
    void isItsClaimWhereThereIsNoMoreToSay() {
        assertThat(FailureText.of("Nothing was watched")).hasToString("Nothing was watched");
    }

    @Test
    void becomesAnErrorThatToolsCanShowSideBySide() {
        AssertionFailedError error = FailureText.of("Expected 1 query").toError(1, 2);

        assertThat(error).hasMessage("Expected 1 query");
        assertThat(error.getExpected().getValue()).isEqualTo(1);
        assertThat(error.getActual().getValue()).isEqualTo(2);
        assertThat(FailureText.of("Cold").toError().isExpectedDefined()).isFalse();
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesNull() {
        assertThatNullPointerException().isThrownBy(() -> FailureText.of(null)).withMessage("claim");
    }
}
