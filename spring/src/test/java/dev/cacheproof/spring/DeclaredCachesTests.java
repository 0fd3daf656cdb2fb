package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.spring.prices.PricesConfiguration;
import java.util.List;
import java.util.Set;
import javax.cache.annotation.CacheResult;
import org.junit.jupiter.api.Test;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class DeclaredCachesTests {

    private static DeclaredCaches of(Class<?>... configuration) {
        try (var context = new AnnotationConfigApplicationContext(configuration)) {
            return DeclaredCaches.of(ExistingBeans.of(context.getBeanFactory()));
        }
    }

    @CacheConfig(cacheNames = "books")
    interface Repository {
        @Cacheable
        String find(int id);
    }

    static class Titles implements Repository {
        @Override
        public String find(int id) {
            return "one";
        }

        @CachePut("titles")
        public String put() {
            return "two";
        }

        @CacheEvict({"titles", "authors"})
        public void forget() {}

        @CacheResult(cacheName = "shelves")
        public int shelf() {
            return 3;
        }
    }

    @Configuration
    static class Library {
        @Bean
        Titles titles() {
            return new Titles();
        }
    }

    @Test
    void takesSwappedLettersForOneTypo() {
        DeclaredCaches declared = new DeclaredCaches(Set.of("titles"));
        assertThat(declared.hasTypo("ittlse")).as("two").isTrue();
        assertThat(declared.hasTypo("ittlsx")).as("three").isFalse();
    }

    @Test
    void areThoseOfAllMethodsOfBeans() {
        DeclaredCaches declared = of(PricesConfiguration.class, Library.class);

        assertThat(declared.names()).containsExactlyInAnyOrder("prices", "books", "titles", "authors", "shelves");
    }

    @Test
    void tellATypoFromAnotherName() {
        DeclaredCaches declared = of(PricesConfiguration.class, Library.class);

        assertThat(List.of("author", "authors2", "autohrs", "Authors", "athor", "pirces", "titels"))
                .allMatch(declared::hasTypo);
        assertThat(List.of("authors", "prices", "books by author", "users", "", "near.prices"))
                .noneMatch(declared::hasTypo);
    }

    @Test
    void areNoneWithoutCaching() {
        assertThat(of(Library.class).names()).isEmpty();
        assertThat(of(Library.class).hasTypo("author")).isFalse();
    }
}
