package dev.cacheproof.samples.tiered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class CachedResponseTests {

    private final CachedResponse<String> hit = CachedResponse.hit("key", "secret");
    private final CachedResponse<String> nothing = CachedResponse.hit("key", null);
    private final CachedResponse<String> miss = CachedResponse.miss("key");

    @Test
    void aHitHasItsValue() {
        assertThat(hit.isFound()).isTrue();
        assertThat(hit.value()).isEqualTo("secret");
        assertThat(hit.orElse("other")).isEqualTo("secret");
        assertThat(hit.key()).isEqualTo("key");
    }

    @Test
    void nullIsAValue() {
        assertThat(nothing.isFound()).isTrue();
        assertThat(nothing.value()).isNull();
        assertThat(nothing.orElse("other")).isNull();
    }

    @Test
    void aMissHasNoValue() {
        assertThat(miss.isFound()).isFalse();
        assertThat(miss.orElse("other")).isEqualTo("other");
        assertThatThrownBy(miss::value)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("Nothing is cached for \"key\". Ask isFound() first, or use orElse(...).");
    }

    @Test
    void mapsWhatWasFound() {
        assertThat(hit.map(String::length).value()).isEqualTo(6);
        assertThat(hit.map(value -> null).isFound()).isTrue();
        assertThat(nothing.map(String::length)).isEqualTo(CachedResponse.hit("key", null));
        assertThat(miss.map(String::length)).isEqualTo(CachedResponse.miss("key"));
    }

    @Test
    void neverShowsTheValue() {
        assertThat(hit).hasToString("CachedResponse[key: found]");
        assertThat(miss).hasToString("CachedResponse[key: miss]");
    }

    @Test
    void isEqualByKeyAndWhatWasFound() {
        assertThat(hit)
                .isEqualTo(CachedResponse.hit("key", "secret"))
                .hasSameHashCodeAs(CachedResponse.hit("key", "secret"));
        assertThat(hit)
                .isNotEqualTo(CachedResponse.hit("key", "other"))
                .isNotEqualTo(CachedResponse.hit("other", "secret"));
        assertThat(nothing).isNotEqualTo(miss);
    }
}
