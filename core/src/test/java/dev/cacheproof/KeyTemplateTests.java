package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTemplateTests {

    @ParameterizedTest
    @CsvSource({
        "GET, GET",
        "GET outline, GET outline",
        "GET outline:42, GET outline:#",
        "GET 7:outline:42:v1, GET #:outline:#:v#",
        "GET session:3f2504e0-4f89-11d3-9a0c-0305e82c3301:user, GET session:#:user",
        "GET 3F2504E0-4F89-11D3-9A0C-0305E82C3301, GET #",
        "GET beef:abc, GET beef:abc",
        "GET dead1beef2, GET dead#beef#",
        "GET 3f2504e0-4f89-11d3-9a0c, GET #f#e#-#f#-#d#-#a#c",
        "GET 12345678x1234-1234-1234-123456789012, GET #x#-#-#-#",
    })
    void leavesOutWhatDiffersFromIdToId(String key, String template) {
        assertThat(KeyTemplate.of(key)).isEqualTo(template);
    }
}
