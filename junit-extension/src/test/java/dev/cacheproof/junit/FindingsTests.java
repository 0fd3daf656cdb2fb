package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a person reads at the end of a run in report mode. */
class FindingsTests {

    private final Findings findings = new Findings();

    @Test
    void listsWhatWouldFailAndWhatWasNotChecked() {
        for (int test = 0; test < 3; test++) {
            findings.addTest();
        }
        findings.add("PriceTests > isCached()", Map.of("cacheproof.caching", "1 query in one run"));
        findings.add(
                "ThemeTests > a()",
                Map.of(
                        "cacheproof.wouldFail",
                        "Expected 2 queries, but 1 ran\n\n  1x SELECT 1",
                        "cacheproof.mayPass",
                        "Expected 2 queries, but 1 ran\n\n  1x SELECT 1"));
        findings.add(
                "ThemeTests > b()",
                Map.of(
                        "cacheproof.left",
                        "b() has left in the cache themes: 1 new entry\nb() has left in the cache x: 2"));
        findings.add("ThemeTests > another()", Map.of("cacheproof.wouldFail", "finds no cache to isolate"));

        assertThat(findings).hasToString("""
                cacheproof.mode = report: no cache was made cold, and nothing was failed; 1 of 3 tests would fail if enforced, and 1 more may

                  ThemeTests > a()        Expected 2 queries, but 1 ran
                                          perhaps by a cache that was warm: enforced, it is cold, and the test may pass
                  ThemeTests > another()  finds no cache to isolate
                  left                    b() has left in the cache themes: 1 new entry
                                          b() has left in the cache x: 2

                  What to do: set cacheproof.mode = enforce to check assertCaching, too, which 1 test calls: it has to make caches cold.""");
    }

    @Test
    void saysSoWhereEachMayPass() {
        findings.addTest();
        findings.add("A > a()", Map.of("cacheproof.wouldFail", "Expected 1", "cacheproof.mayPass", "Expected 1"));

        assertThat(findings.toString()).contains("; 1 of 1 test may fail if enforced\n");

        findings.addTest();
        findings.add(
                "B > b()", Map.of("cacheproof.wouldFail", "Expected 1\nstale", "cacheproof.mayPass", "Expected 1"));
        assertThat(findings.toString())
                .as("one of its two failures does not depend on caches")
                .contains("; 1 of 2 tests would fail if enforced, and 1 more may\n");
    }

    @Test
    void tellsThatTheModeIsInEffectWhereNothingWouldFail() {
        findings.addTest();

        assertThat(findings)
                .hasToString(
                        "cacheproof.mode = report: no cache was made cold, and nothing was failed; none of 1 test would"
                                + " fail if enforced");
    }

    @Test
    void boundsTheListOfWhatWasLeft() {
        for (int test = 1; test <= 102; test++) {
            findings.addTest();
            findings.add("test " + test, Map.of("cacheproof.left", "test " + test + " has left something"));
        }

        assertThat(findings.toString())
                .contains("none of 102 tests", "test 100 has")
                .doesNotContain("test 101")
                .endsWith("2 more, which are logged above");
    }

    @Test
    void boundsTheList() {
        for (int test = 1; test <= 102; test++) {
            findings.addTest();
            findings.add("test " + test, Map.of("cacheproof.wouldFail", "stale"));
        }

        assertThat(findings.toString())
                .contains("102 of 102 tests", "test 100")
                .doesNotContain("test 101")
                .contains("2 more, which are logged above");
    }
}
