package dev.cacheproof.samples.tiered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForcedMissesTests {

    /** What an application knows about a request once its user is authenticated. */
    private record Request(boolean asks, String role) {}

    private final ForcedMisses<Request> nobody = ForcedMisses.askedFor(Request::asks);

    private static boolean isForced(ForcedMisses<Request> misses, Request request) {
        try (RequestScope scope = RequestScope.open()) {
            misses.apply(request, scope);
            return RequestScope.isMissForced();
        }
    }

    @Test
    void nobodyMayForceAMissUnlessSaid() {
        assertThat(isForced(nobody, new Request(true, "staff"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"true, staff, true", "true, learner, false", "false, staff, false"})
    void whoAsksAndMayForcesAMiss(boolean asks, String role, boolean forced) {
        ForcedMisses<Request> staff =
                nobody.permittedTo(request -> request.role().equals("staff"));
        assertThat(isForced(staff, new Request(asks, role))).isEqualTo(forced);
    }

    @Test
    @SuppressWarnings("NullAway") // that is the point
    void refusesNull() {
        assertThatThrownBy(() -> ForcedMisses.askedFor(null)).hasMessage("asked");
        assertThatThrownBy(() -> nobody.permittedTo(null)).hasMessage("permitted");
    }
}
