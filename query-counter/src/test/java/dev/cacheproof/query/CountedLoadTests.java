package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryAssertions.assertNumLoads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.cacheproof.Loads;
import dev.cacheproof.Scope;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** How many loads a block makes that the test counts. */
@ResourceLock("unattributed queries")
class CountedLoadTests {

    private final Scope scope = Scope.named("loads").root().open();
    private final Map<String, String> cache = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        scope.close();
    }

    private String theme(String site) {
        return cache.computeIfAbsent(site, absent -> Loads.counted("theme files", () -> "dark"));
    }

    @Test
    void countsLoadsOfAllNamesOrOfOne() {
        assertThat(assertNumLoads(1, () -> theme("physics"))).isEqualTo("dark");
        assertThat(assertNumLoads("theme files", 0, () -> theme("physics"))).isEqualTo("dark");
        assertNumLoads(2, () -> {
            theme("poetry");
            Loads.counted("prices", () -> 12);
        });
        assertNumLoads("prices", 1, () -> {
            theme("music");
            Loads.counted("prices", () -> 12);
        });
        assertThat(scope.reports()).containsEntry("cacheproof.loads", "1\n0\n2\n1");
    }

    @Test
    void showsWhatWasLoadedInVain() {
        assertThat(textOf(() -> QueryAssertions.ignoring(none -> false)
                        .because("one site")
                        .assertNumLoads(1, () -> {
                            for (String site : List.of("physics", "poetry")) {
                                theme(site);
                            }
                        })))
                .startsWith("Expected 1 load, but 2 ran in the block at (CountedLoadTests.java:")
                .contains("  2x theme files\n     at CountedLoadTests.", "because  one site");
    }

    @Test
    void sendsNobodyToWrapACallThatAClientMakes() {
        assertThat(textOf(() -> assertNumLoads("HTTP stock.example", 1, () -> {})))
                .startsWith("No loads of \"HTTP stock.example\" were counted in this test so far")
                .contains(
                        "calls are counted of clients that are beans, or made by a builder that is one: RestClient.Builder,")
                .doesNotContain("Loads.counted(");
    }

    @Test
    void saysWhatMayHaveKeptALoadFromBeingMade() {
        theme("physics");
        int block = here() + 1;
        assertThat(textOf(() -> assertNumLoads("theme files", 1, () -> theme("physics"))))
                .isEqualTo("""
                        Expected 1 load of "theme files", but 0 ran in the block at (CountedLoadTests.java:%d)

                          counted so far  theme files

                          What to do: if the block did load, it was not through Loads.counted(...), or that has another name. If it did
                            not, find out what answered instead:
                              a cache that another test has warmed (@CacheIsolation makes it cold);
                              or one that held what should have been evicted;
                              or one whose key lacks something that has changed: a version, a tenant, a flag.
                            If nothing is wrong with the block, expect 0 loads of "theme files".""".formatted(block));
    }

    @Test
    void failsWhereTheTestHasCountedNone() {
        cache.put("physics", "dark");
        assertThat(textOf(() -> assertNumLoads(0, () -> theme("physics"))))
                .startsWith("No loads were counted in this test so far, so 0 in the block at (CountedLoadTests.java:");
        theme("poetry");
        assertNumLoads(0, () -> theme("physics"));
        assertThat(textOf(() -> assertNumLoads("theme fiels", 0, () -> theme("physics"))))
                .startsWith("No loads of \"theme fiels\" were counted in this test so far");
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertNumLoads("theme files", -1, () -> {}))
                .withMessage("expected must not be negative, but is -1");
        assertThatNullPointerException()
                .isThrownBy(() -> assertNumLoads(null, 1, () -> "never run"))
                .withMessage("name must not be null");
    }
}
