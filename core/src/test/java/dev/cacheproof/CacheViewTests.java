package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheViewTests {

    @Test
    void takesAFewShortKeys() {
        CacheView view = CacheView.of(7, List.of("a", 2, 'c', "x".repeat(81), "e", "f", "g"), 3);

        assertThat(view.keys()).containsExactly("a", "2", "c", "x".repeat(80) + "...", "e");
        assertThat(view.entries()).isEqualTo(7);
        assertThat(view.reads()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 1, 0, true",
        "0, 0, 0, 1, true",
        "2, 5, 2, 5, false",
        "2, 5, 1, 5, false",
        "2, -1, 2, -1, false",
        // The cache was replaced by one that counts: nothing was read yet.
        "2, -1, 2, 0, false",
        "2, -1, 2, 1, true"
    })
    void wasMetIfItHoldsMoreOrWasRead(long entries, long reads, long laterEntries, long laterReads, boolean met) {
        CacheView before = new CacheView(entries, List.of(), reads);

        assertThat(new CacheView(laterEntries, List.of(), laterReads).metSince(before))
                .isEqualTo(met);
    }

    @Test
    void saysWhatIsNewAndHowOftenItWasRead() {
        CacheView before = new CacheView(1, List.of("a"), 5);

        assertThat(new CacheView(3, List.of("a", "b", "c"), 8).changeSince(before))
                .isEqualTo("2 new entries [b, c], 3 reads");
        assertThat(new CacheView(2, List.of("a", "b"), 6).changeSince(before)).isEqualTo("1 new entry [b], 1 read");
        assertThat(new CacheView(1, List.of("a"), 5).changeSince(before)).isEqualTo("no new entry, 0 reads");
        assertThat(new CacheView(0, List.of(), -1).changeSince(before)).isEqualTo("no new entry");
    }

    @Test
    void doesNotCountTheFirstReadTwiceWhereTheCacheBeganToCount() {
        CacheView before = new CacheView(0, List.of(), -1);

        assertThat(new CacheView(1, List.of("a"), 2).changeSince(before)).isEqualTo("1 new entry [a], 2 reads");
    }
}
