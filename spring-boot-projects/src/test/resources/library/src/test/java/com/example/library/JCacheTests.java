package com.example.library;

import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static dev.cacheproof.query.QueryAssertions.cold;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Scope;
import dev.cacheproof.junit.CacheIsolation;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.cache.CacheManager;
import org.springframework.cache.jcache.JCacheCacheManager;

/** One provider keeps what Spring caches, and what Hibernate does. */
@SpringBootTest(properties = "spring.cache.type=jcache")
@CacheIsolation
class JCacheTests {

    @Autowired
    CacheManager caches;

    @Autowired
    Books books;

    @RepeatedTest(2)
    void theSecondReadIsFree() {
        assertThat(caches).isInstanceOf(JCacheCacheManager.class);
        assertThat(assertNumQueries(1, () -> books.fetchTitle(1))).isEqualTo("One");
        assertThat(assertNumQueries(0, () -> books.fetchTitle(1))).isEqualTo("One");
    }

    @Test
    void provesTheCache() {
        assertThat(assertCaching(cold(1).warm(0), () -> books.fetchTitle(2))).isEqualTo("Two");
    }

    @RepeatedTest(2)
    void theSecondLevelIsColdBeforeEachTest() {
        assertThat(secondLevel(3)).containsExactly("GET MISS", "PUT DONE");
        assertThat(secondLevel(3)).containsExactly("GET HIT");
        assertNumQueries(0, () -> books.findTitle(3));
    }

    @Test
    void provesTheSecondLevel() {
        assertThat(assertCaching(cold(1).warm(0), () -> books.findTitle(4))).isEqualTo("Four");
    }

    private List<String> secondLevel(int id) {
        try (Scope scope = Scope.open("second level")) {
            books.findTitle(id);
            return scope.journal().cache().operations().stream()
                    .filter(each -> each.source().endsWith(Book.class.getName()))
                    .map(each -> each.text().replaceFirst(" .*", "") + " "
                            + each.outcome().status())
                    .toList();
        }
    }
}
