package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScopeTokenTests {

    @Test
    void namesItsScopeWhileThatIsOpen() {
        String token;
        try (Scope scope = Scope.named("test").root().open()) {
            token = scope.token();
            assertThat(Scope.byToken(token)).containsSame(scope);
            assertThat(scope.token()).isEqualTo(token);
        }
        assertThat(Scope.byToken(token)).isEmpty();
    }

    /** A request that was sent in a block may arrive after it. */
    @Test
    void namesTheScopeAroundAClosedOne() {
        try (Scope test = Scope.named("test").root().open()) {
            String token;
            try (Scope block = Scope.open("block")) {
                token = block.token();
                assertThat(Scope.byToken(token)).containsSame(block);
                assertThat(Scope.byToken(test.token())).containsSame(test);
            }
            assertThat(Scope.byToken(token)).containsSame(test);
        }
    }

    @Test
    void differsFromScopeToScope() {
        try (Scope scope = Scope.named("test").root().open();
                Scope other = Scope.named("test").root().open()) {
            assertThat(scope.token()).isNotEqualTo(other.token());
            assertThat(Scope.byToken(other.token())).containsSame(other);
        }
    }

    @Test
    void noOtherTextNamesAScope() {
        try (Scope scope = Scope.named("test").root().open()) {
            String token = scope.token();
            assertThat(Scope.byToken("")).isEmpty();
            assertThat(Scope.byToken(token.substring(1))).isEmpty();
            assertThat(Scope.byToken(token + "0")).isEmpty();
        }
    }
}
