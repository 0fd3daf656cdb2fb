package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.annotation.Cacheable;

class PassedCachesTests {

    static class OneMethod {
        @Cacheable("titles")
        String cached() {
            return "";
        }

        public void plain() {}
    }

    @Cacheable("titles")
    static class WholeClass {
        public String cached() {
            return helper() + constant();
        }

        private String helper() {
            return "";
        }

        public static String constant() {
            return "";
        }
    }

    private static List<StackTraceElement> frames(Class<?> type, String method) {
        return List.of(new StackTraceElement(type.getName(), method, null, -1));
    }

    @Test
    void findsAMethodThatIsAnnotatedOrWhoseClassIs() {
        assertThat(PassedCaches.finding(frames(OneMethod.class, "cached"))).isNotNull();
        assertThat(PassedCaches.finding(frames(WholeClass.class, "cached"))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"helper", "constant", "absent"})
    void findsNoMethodThatSpringWouldNotCache(String method) {
        assertThat(PassedCaches.finding(frames(WholeClass.class, method))).isNull();
    }

    @Test
    void findsNoMethodBesideOneThatIsAnnotated() {
        assertThat(PassedCaches.finding(frames(OneMethod.class, "plain"))).isNull();
    }

    @Test
    void findsNothingOfAClassThatIsNotThere() {
        assertThat(PassedCaches.finding(List.of(new StackTraceElement("org.example.Absent", "cached", null, -1))))
                .isNull();
    }
}
