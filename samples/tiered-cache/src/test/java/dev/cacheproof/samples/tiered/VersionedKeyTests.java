package dev.cacheproof.samples.tiered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VersionedKeyTests {

    private static final VersionedKey OUTLINE = VersionedKey.of("outline", 2);

    @Test
    void isTheSameInEveryProcessAndRelease() {
        assertThat(OUTLINE.with("course", "caching-101").with("published", 7))
                .hasToString("outline.v2.dec09296bfcec5d60e377c00e707120f");
    }

    @Test
    void isTheSameInWhateverOrderItsPartsAreAdded() {
        assertThat(OUTLINE.with("course", "caching-101").with("published", 7).toString())
                .isEqualTo(OUTLINE.with("published", 7)
                        .with("course", "caching-101")
                        .toString());
    }

    @Test
    void changesWithEachOfItsParts() {
        assertDistinct(
                OUTLINE,
                OUTLINE.with("course", ""),
                OUTLINE.with("course", "caching-101"),
                OUTLINE.with("course", "caching-102"),
                OUTLINE.with("site", "caching-101"),
                OUTLINE.with("course", "caching-101").with("published", 7),
                OUTLINE.with("course", "caching-101").with("published", 8),
                VersionedKey.of("outline", 3).with("course", "caching-101"),
                VersionedKey.of("syllabus", 2).with("course", "caching-101"));
    }

    @Test
    void noPartCanBeMadeToLookLikeAnother() {
        assertDistinct(
                OUTLINE.with("a", "bc"),
                OUTLINE.with("ab", "c"),
                OUTLINE.with("a", "b").with("c", "d"),
                OUTLINE.with("a", "b__c:d"),
                // The two parts above, with what might stand between them as a part of the text.
                OUTLINE.with("a", "b\0\0c\0\0d"),
                OUTLINE.with("a", "b\0\1c\0\1d"),
                OUTLINE.with("a", "bcd"),
                // Halves of characters that UTF-8 would replace, both, with a question mark.
                OUTLINE.with("a", "\ud800"),
                OUTLINE.with("a", "\ud801"),
                OUTLINE.with("a", "?"));
    }

    private static void assertDistinct(VersionedKey... keys) {
        List<String> texts = Stream.of(keys).map(VersionedKey::toString).toList();
        Set<String> distinct = new HashSet<>(texts);
        assertThat(distinct).hasSameSizeAs(texts);
    }

    @Test
    void isShortAndPlainWhateverIsInIt() {
        assertThat(OUTLINE.with("course", "\r\n *".repeat(10_000)).toString()).matches("outline\\.v2\\.[0-9a-f]{32}");
    }

    @Test
    void refusesWhatWouldBeAmbiguous() {
        assertThatThrownBy(() -> OUTLINE.with("course", "a").with("course", "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("part \"course\" is given twice in the key of outline.v2");
        assertThatThrownBy(() -> VersionedKey.of("out:line", 1))
                .hasMessage("name must consist of letters, digits, - and _, but is \"out:line\"");
        assertThatThrownBy(() -> VersionedKey.of("outline", -1)).hasMessage("layout must not be negative, but is -1");
    }
}
