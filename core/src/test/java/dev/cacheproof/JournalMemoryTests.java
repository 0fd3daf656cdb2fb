package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JournalMemoryTests {

    @Test
    void countsAMillionOperationsExactlyInASmallHeap() throws Exception {
        ForkedJvm.Result result =
                ForkedJvm.with("-Xmx64m", "-XX:+ExitOnOutOfMemoryError").run(JournalMemoryProbe.class);

        assertThat(result.output().lines())
                .containsExactly(
                        "true",
                        "1000000 1000000 1000000 10000",
                        "journal truncated: 990000 of 1000000 operations of scope \"big\" were not kept."
                                + " Raise details(n) where the scope is opened, or look at retained().");
        assertThat(result.exitCode()).isZero();
    }
}
