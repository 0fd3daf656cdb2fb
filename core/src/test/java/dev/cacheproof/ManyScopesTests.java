package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Alone, because every open scope counts what its strangers ask for, and keeps the details of few of them. */
@Isolated
class ManyScopesTests {

    /** Counts of one scope must be its own, whatever the other threads do; a wrong count shows as a changed sum. */
    @ParameterizedTest
    @MethodSource("dev.cacheproof.ThreadKind#all")
    void countsExactlyInTenThousandScopesOnSixteenThreads(ThreadKind kind) throws Exception {
        Asked files = Asked.loads("scope: files of many " + kind);
        List<FutureTask<Integer>> threads = IntStream.range(0, 16)
                .mapToObj(thread -> kind.start(() -> countInScopes(files, thread, 625)))
                .toList();
        FutureTask<Integer> stranger = kind.start(() -> {
            files.ask(5_000);
            return 0;
        });

        for (FutureTask<Integer> thread : threads) {
            assertThat(thread.get(60, TimeUnit.SECONDS)).isZero();
        }
        assertThat(stranger.get(60, TimeUnit.SECONDS)).isZero();
    }

    /** Returns how many scopes counted wrongly. */
    private static int countInScopes(Asked files, int thread, int scopes) {
        int wrong = 0;
        for (int i = 0; i < scopes; i++) {
            int asked = (thread + i) % 7;
            try (Scope scope = Scope.open("scope " + i)) {
                files.ask(asked);
                try (Scope nested = Scope.open("nested")) {
                    files.ask(1);
                    wrong += nested.journal().count() == 1 ? 0 : 1;
                }
                boolean right = scope.journal().count() == asked + 1
                        && scope.journal().operations().size() == asked + 1;
                wrong += right ? 0 : 1;
            }
        }
        return wrong;
    }
}
