package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ValuesHashTests {

    @Test
    void knowsAllShortTextsApart() {
        Set<Long> ofTexts = new HashSet<>();
        Set<Long> ofBytes = new HashSet<>();
        int texts = 0;
        for (char first = 'A'; first <= 'z'; first++) {
            for (char second = 'A'; second <= 'z'; second++) {
                for (String end : new String[] {"", "a", "b", "é"}) {
                    String text = "" + first + second + end;
                    texts++;
                    ofTexts.add(ValuesHash.of(text));
                    ofBytes.add(ValuesHash.of(text.getBytes(StandardCharsets.UTF_8)));
                }
            }
        }

        assertThat(ofTexts).hasSize(texts);
        assertThat(ofBytes).hasSize(texts);
    }

    @Test
    void isThatOfTheSameAgain() {
        assertThat(ValuesHash.of("name")).isEqualTo(ValuesHash.of(CharBuffer.wrap("name")));
        assertThat(ValuesHash.of(new byte[] {1, -1})).isEqualTo(ValuesHash.of(new byte[] {1, -1}));
        assertThat(ValuesHash.of(7)).isEqualTo(ValuesHash.of(7));
        assertThat(ValuesHash.of(1, 2)).isEqualTo(ValuesHash.of(1, 2)).isNotEqualTo(ValuesHash.of(2, 1));
    }

    @Test
    void knowsNumbersApartWhoseHalvesAreExchanged() {
        assertThat(ValuesHash.of(1L << 32)).isNotEqualTo(ValuesHash.of(1));
        assertThat(ValuesHash.of(-1)).isNotEqualTo(ValuesHash.of(0));
    }

    @Test
    void isOfTheWholeTextWhereThatIsShortened() {
        Recorder recorder = Recorder.of(Operation.Kind.QUERY, "hashed");
        String start = "x".repeat(4_000);
        try (Scope scope = Scope.open("hashed")) {
            for (String text : new String[] {start + "1", start + "2", start + "1", "short"}) {
                recorder.begin(recorder.request("select").text(text).valuesHash(7))
                        .end(Operation.Outcome.of(Operation.Outcome.Status.DONE));
            }
            assertThat(scope.journal().of("hashed"::equals).operations().get(0).text())
                    .isEqualTo(scope.journal()
                            .of("hashed"::equals)
                            .operations()
                            .get(1)
                            .text());
            long[] hashes = scope.journal().of("hashed"::equals).operations().stream()
                    .mapToLong(Operation::valuesHash)
                    .toArray();
            assertThat(hashes[0]).isEqualTo(hashes[2]).isNotEqualTo(hashes[1]);
            assertThat(hashes[3]).isEqualTo(7);
        }
    }
}
