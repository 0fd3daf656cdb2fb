package dev.cacheproof.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineDiffTests {

    private static List<String> diff(String from, String to) {
        return new LineDiff(List.of(from.split(" ")), List.of(to.split(" "))).lines();
    }

    @Test
    void keepsWhatCanStay() {
        assertThat(diff("a b c d", "a c x d")).containsExactly("  a", "- b", "  c", "+ x", "  d");
        assertThat(diff("a b", "b a")).containsExactly("- a", "  b", "+ a");
        assertThat(diff("a", "b")).containsExactly("- a", "+ b");
        assertThat(diff("a a a", "a a")).containsExactly("  a", "  a", "- a");
    }

    @Test
    void leavesOutWhatIsFarFromEachChange() {
        assertThat(diff("1 2 3 4 5 6 7 8 9 10 11 12 13 14", "1 2 3 4 x 6 7 8 9 10 11 12 13 y"))
                .containsExactly(
                        "  ...", "  2", "  3", "  4", "- 5", "+ x", "  6", "  7", "  8", "  ...", "  11", "  12",
                        "  13", "- 14", "+ y");
        assertThat(diff("x 2 3 4 5", "y 2 3 4 5")).containsExactly("- x", "+ y", "  2", "  3", "  4", "  ...");
    }

    @Test
    void showsTheBeginningOfALongChange() {
        List<String> many = IntStream.range(0, 3_000).mapToObj(i -> "line " + i).toList();
        List<String> others =
                IntStream.range(0, 3_000).mapToObj(i -> "other " + i).toList();

        LineDiff diff = new LineDiff(many, others);

        assertThat(diff.gone()).isEqualTo(3_000);
        assertThat(diff.added()).isEqualTo(3_000);
        assertThat(diff.lines()).hasSize(61).startsWith("- line 0").endsWith("... and more, 6000 lines in all");
    }

    /** What stays and what leaves is the one text, what stays and what comes the other. */
    @Test
    void losesNoLine() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            List<String> from = randomLines(random);
            List<String> to = randomLines(random);
            List<String> edits = new LineDiff(from, to).edits();

            assertThat(without("+", edits)).isEqualTo(from);
            assertThat(without("-", edits)).isEqualTo(to);
        }
    }

    private static List<String> randomLines(Random random) {
        List<String> lines = new ArrayList<>(Collections.nCopies(random.nextInt(12), ""));
        lines.replaceAll(none -> String.valueOf((char) ('a' + random.nextInt(3))));
        return lines;
    }

    private static List<String> without(String mark, List<String> edits) {
        return edits.stream()
                .filter(edit -> !edit.startsWith(mark))
                .map(edit -> edit.substring(2))
                .toList();
    }
}
