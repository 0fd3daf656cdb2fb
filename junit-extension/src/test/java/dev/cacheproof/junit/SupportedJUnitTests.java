package dev.cacheproof.junit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SupportedJUnitTests {

    /** As it was in JUnit 5.11. */
    @interface ResourceLock {
        String value();
    }

    @Test
    void namesTheVersionThatIsNeeded() {
        assertThat(SupportedJUnit.complaint(ResourceLock.class))
                .hasValue(
                        "cacheproof needs JUnit 5.12 or newer, but the junit-jupiter-api on the class path is an older"
                                + " version: it cannot take the locks of @CacheIsolation. Set the version of junit-bom, or"
                                + " junit-jupiter.version of Spring Boot.");
    }

    @Test
    void isContentWithTheOneOnTheClassPath() {
        assertThat(SupportedJUnit.complaint()).isEmpty();
    }
}
